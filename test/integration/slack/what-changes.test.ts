import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DiffSubject } from '../../../src/domain/diff-link.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
beforeAll(async () => {
  towpath = await startSlackTowpath({
    app: { diffAddress: (subject: DiffSubject) => `https://towpath.example/diff/${Object.values(subject).join('-')}` },
    configuration: `
environments:
  - { name: development, aliases: [dev] }
  - { name: staging, aliases: [stg], channel: C0STAGING, approvals: [{ role: lead, count: 2 }] }
people: { U0ADA: lead, U0LEE: lead, U0LIA: lead }
`,
  });
});
afterAll(() => towpath.stop());

const actor = (userId: string) => ({ workspaceId: 'T0CANAL', userId, via: 'slack' }) as const;

/** Pushes versions up to `last`, labelled, with v1 live in staging, and asks for the last one. */
async function ask(workflow: string, last: number): Promise<string> {
  const { useCases } = towpath;
  await towpath.push(1, { workflow });
  await useCases.deployVersion({ actor: actor('U0DEV'), workflow });
  const first = await useCases.requestPromotion({ actor: actor('U0DEV'), workflow, environment: 'staging' });
  if (first.kind !== 'opened') throw new Error('The first request should be open.');
  for (const lead of ['U0LEE', 'U0LIA'])
    await useCases.approvePromotion({ actor: actor(lead), choice: { promotionId: first.promotion.id } });
  for (let nth = 2; nth <= last; nth += 1)
    await towpath.push(nth, {
      workflow,
      as: nth === 2 ? 'U0OTHER' : 'U0DEV',
      ...(nth < last ? { prompt: 'Same' } : {}),
    });
  await useCases.labelVersion({ actor: actor('U0LEE'), workflow, version: '2', label: 'better-model' });
  await useCases.deployVersion({ actor: actor('U0DEV'), workflow });
  const asked = await useCases.requestPromotion({ actor: actor('U0DEV'), workflow, environment: 'staging' });
  if (asked.kind !== 'opened') throw new Error('The request should be open.');
  return asked.promotion.id;
}

const cardOf = (workflow: string, version: number) =>
  towpath.message('C0STAGING', `the card of v${version}`, (m) =>
    m.text.includes(`asks to take ${workflow} v${version}`),
  );

test('the card says how risky it is and why, what rides along and by whom, and leads to a wide screen', async () => {
  const promotionId = await ask('rides', 8);
  const card = await cardOf('rides', 8);
  const text = JSON.stringify(card.blocks);
  expect(text).toContain('🔴 *High risk*: model swapped');
  expect(text).toMatch(/What else rides along\*\\n• v7 by <@U0DEV>\\n/);
  expect(text).toContain('• v3 by <@U0DEV>\\nand 1 more\\nv8 itself made all 2 changes.');
  expect(text).toContain(`"url":"https://towpath.example/diff/${promotionId}"`);
  expect(text.indexOf('High risk')).toBeLessThan(text.indexOf('What changes, v1 → v8'));
});

test('versions between are named by label and author', async () => {
  await ask('labels', 3);
  expect(JSON.stringify((await cardOf('labels', 3)).blocks)).toContain('• v2 (better-model) by <@U0OTHER>');
});

test('who takes another version’s place shows what changed since somebody approved that one', async () => {
  const workflow = 'since';
  const promotionId = await ask(workflow, 3);
  await towpath.useCases.approvePromotion({ actor: actor('U0LEE'), choice: { promotionId } });
  await towpath.push(9, { workflow, prompt: 'Summarise, the 3. way.' });
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/deploy ${workflow}`);
  await towpath.told('U0DEV', 'C0GENERAL', `${workflow} v4 is live`);
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/promote ${workflow} staging`);
  const question = await waitUntil('the question', () =>
    towpath.slack
      .messages('C0GENERAL')
      .findLast((m) => m.ephemeralTo === 'U0DEV' && JSON.stringify(m.blocks).includes('replace_promotion')),
  );
  await towpath.slack.click('U0DEV', question, 'replace_promotion');
  const text = JSON.stringify((await cardOf(workflow, 4)).blocks);
  expect(text).toContain('*Since <@U0LEE> approved v3*, v3 → v4\\n• Model of ‘Summarise’ changed');
  // Of the version before nobody's approval counts for this one.
  expect(text).toContain('○ Approval by 2 leads');
});

test('a comparison of a version with itself is answered with who it is, without a diff to open', async () => {
  await ask('same', 3);
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath diff same v2 better-model');
  const answer = await towpath.told('U0DEV', 'C0GENERAL', 'so nothing differs');
  expect(answer.text).toBe('v2 and better-model are both v2 (better-model) of same, so nothing differs.');
  expect(JSON.stringify(answer.blocks ?? [])).not.toContain('Full diff');
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath diff same 3 3');
  await towpath.told('U0DEV', 'C0GENERAL', '3 is v3 of same, so nothing differs.');
});

test('a comparison as typed says the risk, and leads to a page of exactly these two versions', async () => {
  await ask('typed', 3);
  await towpath.slack.type('U0DEV', 'C0GENERAL', '/towpath diff typed 1 dev');
  const answer = await towpath.told('U0DEV', 'C0GENERAL', 'typed: v1 → v3');
  const [row] = await towpath.persistence.sql<{ pair: string }>(
    "SELECT string_agg(v.id::text, '-' ORDER BY v.number) AS pair FROM version v JOIN workflow w ON w.id = v.workflow_id WHERE w.slug = 'typed' AND v.number IN (1, 3)",
  );
  expect(JSON.stringify(answer.blocks)).toContain(`"url":"https://towpath.example/diff/${row?.pair}"`);
  expect(JSON.stringify(answer.blocks)).toContain('*High risk*');
});

test('a long code view is turned to its end and back at once', async () => {
  const workflow = 'long';
  const source = (nth: number) =>
    JSON.stringify({
      apiVersion: 'towpath/v1',
      name: workflow,
      steps: [
        {
          id: 'a',
          type: 'llm',
          task: Array.from({ length: 200 }, (_, i) => `${nth === 1 ? 'old' : 'new'} line ${i} of ${nth}`).join('\n'),
        },
      ],
    });
  for (const nth of [1, 2]) await towpath.useCases.pushVersion({ actor: actor('U0DEV'), source: source(nth) });
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/towpath diff ${workflow} 1 2`);
  const answer = await towpath.told('U0DEV', 'C0GENERAL', `${workflow}: v1 → v2`);
  await towpath.slack.click('U0DEV', answer, 'show_diff');
  const shows = (words: string) =>
    waitUntil(`a modal with “${words}”`, () => {
      const modal = towpath.slack.modals('U0DEV').at(-1);
      return modal !== undefined && JSON.stringify(modal.view.blocks).includes(words) ? modal : null;
    });
  const modal = await shows('~ a (llm)');
  await towpath.slack.click('U0DEV', { viewId: modal.id }, 'diff_page:1');
  const first = JSON.stringify((await shows('Page 1 of')).view.blocks);
  const pages = Number(/Page 1 of (\d+)/.exec(first)?.[1]);
  expect(pages).toBeGreaterThan(3);
  expect(first).not.toContain('"First"');
  await towpath.slack.click('U0DEV', { viewId: modal.id }, 'diff_page:5');
  const last = JSON.stringify((await shows(`Page ${pages} of ${pages}`)).view.blocks);
  expect(last).toContain('new line 199 of 2');
  expect(last).not.toContain('"Next"');
  await towpath.slack.click('U0DEV', { viewId: modal.id }, 'diff_page:4');
  await shows('Page 1 of');
});
