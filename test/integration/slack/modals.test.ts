import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
let nth = 0;
/** While set, every use case waits for it: a database that is slow. */
let slow: Promise<void> | null = null;
beforeAll(async () => {
  towpath = await startSlackTowpath({
    configuration: `
departments: [support, growth]
environments:
  - { name: development, aliases: [dev] }
  - { name: staging, aliases: [stg], channel: C0STAGING, approvals: [{ role: lead, count: 1 }] }
  - { name: production, aliases: [prod], channel: C0PROD, approvals: [{ role: admin, count: 1 }] }
people: { U0ADA: admin, U0LEE: lead, U0LIA: lead }
`,
    wrap: (useCases) =>
      new Proxy(useCases, {
        get: (target, name) => {
          const useCase: unknown = Reflect.get(target, name);
          if (typeof useCase !== 'function') return useCase;
          return async (...args: unknown[]) => {
            await slow;
            return useCase(...args);
          };
        },
      }),
  });
});
afterAll(() => towpath.stop());

async function openCard(more = 0): Promise<{ workflow: string; card: StandInMessage }> {
  nth += 1;
  const workflow = `modal-${nth}`;
  const actor = { workspaceId: 'T0CANAL', userId: 'U0DEV', via: 'slack' } as const;
  for (const version of [1, 2]) {
    const source = JSON.stringify({
      apiVersion: 'towpath/v1',
      name: workflow,
      steps: [
        { id: 'summarize', type: 'llm', label: 'Summarise', model: `claude-${version}`, task: 'x' },
        ...Array.from({ length: more }, (_, i) => ({
          id: `step_${i}`,
          type: 'llm',
          label: `Step ${i}`,
          model: `model-${i}-${version}`,
          task: 'x',
        })),
      ],
    });
    await towpath.useCases.pushVersion({ actor, source, department: 'support' });
    if (version === 1) {
      await towpath.useCases.deployVersion({ actor, workflow });
      const result = await towpath.useCases.requestPromotion({ actor, workflow, environment: 'staging' });
      if (result.kind === 'opened')
        await towpath.useCases.approvePromotion({
          actor: { ...actor, userId: 'U0LEE' },
          choice: { promotionId: result.promotion.id },
        });
    }
  }
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/deploy ${workflow}`);
  await towpath.told('U0DEV', 'C0GENERAL', `${workflow} v2 is live`);
  await towpath.slack.type('U0DEV', 'C0GENERAL', `/promote ${workflow} staging`);
  const card = await towpath.message('C0STAGING', 'the card', (m) => m.text.includes(`asks to take ${workflow} v2`));
  return { workflow, card };
}

const topModal = (as: string) => towpath.slack.modals(as).at(-1);
const modalWith = (as: string, words: string) =>
  waitUntil(`a modal of ${as} with “${words}”`, () =>
    JSON.stringify(topModal(as)?.view.blocks ?? []).includes(words) ? topModal(as) : null,
  );

test('Full diff opens at once, however slow the database, and is filled when it is there', async () => {
  const { card } = await openCard();
  const gate = Promise.withResolvers<void>();
  slow = gate.promise;
  await towpath.slack.click('U0LEE', card, 'show_diff');
  await modalWith('U0LEE', 'Loading…');
  slow = null;
  gate.resolve();
  const modal = await modalWith('U0LEE', '~ Summarise');
  await towpath.slack.click('U0LEE', { viewId: modal.id }, 'diff_page:1');
  const code = await modalWith('U0LEE', 'claude-2');
  expect(JSON.stringify(code.view.blocks)).toContain('claude-1');
  await towpath.slack.closeView('U0LEE', modal.id);
});

test('a long diff is turned page by page, with nothing lost', async () => {
  const { card } = await openCard(150);
  await towpath.slack.click('U0LEE', card, 'show_diff');
  const modal = await modalWith('U0LEE', 'Summarise');
  await towpath.slack.click('U0LEE', { viewId: modal.id }, 'diff_page:1');
  await modalWith('U0LEE', 'claude-1');
  let shown = '';
  for (let page = 1; ; page += 1) {
    const current = await modalWith('U0LEE', `Page ${page} of`);
    shown += JSON.stringify(current.view.blocks);
    if (!JSON.stringify(current.view.blocks).includes('"diff_page:3"')) break;
    await towpath.slack.click('U0LEE', { viewId: modal.id }, 'diff_page:3');
  }
  for (let step = 0; step < 150; step += 1) expect(shown).toContain(`model-${step}-2`);
  await towpath.slack.closeView('U0LEE', modal.id);
});

test('Reject asks for the reason; the card and its thread keep it', async () => {
  const { card } = await openCard();
  await towpath.slack.click('U0LEE', card, 'reject_promotion');
  const modal = await modalWith('U0LEE', 'Why should it not go on?');
  expect((await towpath.slack.submitView('U0LEE', modal.id, { reason: '   ' })).errors).toMatchObject({
    reason: expect.stringContaining('why'),
  });
  expect(
    (await towpath.slack.submitView('U0LEE', modal.id, { reason: 'The threshold <!here> is too low' })).errors,
  ).toEqual({});
  const rejected = await towpath.message(
    'C0STAGING',
    'the rejected card',
    (m) => m.ts === card.ts && m.text.includes('rejected by <@U0LEE>'),
  );
  expect(JSON.stringify(rejected.blocks)).toContain('The threshold <!here> is too low');
  expect(towpath.slack.modals('U0LEE')).toEqual([]);
  await towpath.message('C0STAGING', 'the story', (m) => m.threadTs === card.ts && m.text.includes('rejected it'));
});

test('a rejection that is refused says why below its field, and nothing is lost', async () => {
  const { card } = await openCard();
  await towpath.slack.click('U0LIA', card, 'reject_promotion');
  const modal = await modalWith('U0LIA', 'Why should it not go on?');
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  await towpath.message('C0STAGING', 'the deployed card', (m) => m.ts === card.ts && m.text.includes('deployed'));
  const { errors } = await towpath.slack.submitView('U0LIA', modal.id, { reason: 'Too late' });
  expect(errors['reason']).toMatch(/already deployed by .*\./);
  expect(errors['reason']).not.toMatch(/[<>`]/);
  await towpath.slack.closeView('U0LIA', modal.id);
});

test('a rejection on a slow database closes its form, and the answer follows', async () => {
  const { card } = await openCard();
  await towpath.slack.click('U0LEE', card, 'reject_promotion');
  const modal = await modalWith('U0LEE', 'Why should it not go on?');
  const gate = Promise.withResolvers<void>();
  slow = gate.promise;
  expect((await towpath.slack.submitView('U0LEE', modal.id, { reason: 'Not yet' })).errors).toEqual({});
  expect(towpath.slack.modals('U0LEE')).toEqual([]);
  slow = null;
  gate.resolve();
  await towpath.told('U0LEE', 'C0STAGING', 'Rejected.');
  await towpath.message('C0STAGING', 'the rejected card', (m) => m.ts === card.ts && m.text.includes('rejected'));
});

/** Fills the push form of a person; answers when its result stands on top. */
async function pushForm(
  as: string,
  file: { name: string; content: string | Buffer },
  more: Record<string, string> = {},
) {
  await towpath.slack.type(as, 'C0GENERAL', '/towpath push');
  const form = await modalWith(as, 'Workflow file');
  const { id } = towpath.slack.uploadFile(as, file.name, file.content);
  expect((await towpath.slack.submitView(as, form.id, { file: [id], ...more })).errors).toEqual({});
  return form;
}

test('a workflow file is pushed from a form, and the result says what to do next', async () => {
  const content = readFileSync(new URL('../../../test/integration/slack/support/refund-flow.yaml', import.meta.url));
  await pushForm(
    'U0DEV',
    { name: 'refund-flow.yaml', content },
    { label: 'first-try', note: 'For the pilot', department: 'growth', owner: 'U0LIA' },
  );
  const result = await modalWith('U0DEV', 'first version of a new workflow');
  expect(JSON.stringify(result.view.blocks)).toContain('/deploy refund-flow v1');
  const [row] = await towpath.persistence.sql(
    "SELECT w.department, w.owner_id, v.label, v.note, v.file_name, v.source FROM workflow w JOIN version v ON v.workflow_id = w.id WHERE w.slug = 'refund-flow'",
  );
  expect(row).toEqual({
    department: 'growth',
    owner_id: 'U0LIA',
    label: 'first-try',
    note: 'For the pilot',
    file_name: 'refund-flow.yaml',
    source: content.toString(),
  });
  await towpath.slack.closeView('U0DEV', result.id);
  expect(towpath.slack.modals('U0DEV')).toEqual([]);

  await pushForm('U0DEV', { name: 'refund-flow.yaml', content });
  await modalWith('U0DEV', 'so there is no new version');
  await towpath.slack.closeView('U0DEV', topModal('U0DEV')?.id ?? '');
});

test('what is wrong with a file is said with line and path, and Back leads to the form as it was left', async () => {
  const broken = 'apiVersion: towpath/v1\nname: broken\nsteps:\n  - id: a\n    type: llm\n    dependsOn: [nowhere]\n';
  const form = await pushForm('U0DEV', { name: 'broken.yaml', content: broken }, { note: 'Keep this' });
  const result = await modalWith('U0DEV', 'What is wrong');
  expect(JSON.stringify(result.view.blocks)).toMatch(/line \d+, steps\[0\]/);
  await towpath.slack.closeView('U0DEV', result.id);
  expect(topModal('U0DEV')?.id).toBe(form.id);
  await towpath.slack.closeView('U0DEV', form.id);
});

test('a pushed file’s secrets are told by place and kind, and its format may be chosen', async () => {
  const content = 'apiVersion: towpath/v1\npassword: hunter2hunter2\nkeys: { api_key: k3-secret-value }\n';
  await pushForm('U0DEV', { name: 'secret-flow.yaml', content }, { department: 'growth', format: 'generic' });
  const result = await modalWith('U0DEV', 'secrets were masked before anything was kept');
  const shown = JSON.stringify(result.view.blocks);
  expect(shown).toContain('password at password (line 2)');
  expect(shown).toContain('API key at keys.api_key (line 3)');
  expect(shown).not.toMatch(/hunter2|k3-secret/);
  const [row] = await towpath.persistence.sql(
    "SELECT v.format, v.source FROM workflow w JOIN version v ON v.workflow_id = w.id WHERE w.slug = 'secret-flow'",
  );
  expect(row).toMatchObject({
    format: 'generic',
    source: expect.stringMatching(/^apiVersion.*\npassword: masked~password~/),
  });
  await towpath.slack.closeView('U0DEV', result.id);
});

test.each([
  ['is no text', Buffer.from([0xff, 0xfe, 0x00, 0x80]), 'no UTF-8 text'],
  ['is larger than 10 MB', Buffer.alloc(10 * 1024 * 1024 + 1, 'a'), 'larger than 10 MB'],
  ['is empty', Buffer.from(''), ''],
])('a file that %s is refused', async (_, content, words) => {
  await pushForm('U0DEV', { name: 'odd.yaml', content });
  const result = await modalWith('U0DEV', words === '' ? 'can’t be used' : words);
  await towpath.slack.closeView('U0DEV', result.id);
  await towpath.slack.closeView('U0DEV', topModal('U0DEV')?.id ?? '');
});

test('whoever closes the form meanwhile is told privately how it went', async () => {
  const gate = Promise.withResolvers<void>();
  const content = 'apiVersion: towpath/v1\nname: closed-early\nsteps:\n  - { id: a, type: llm, task: x }\n';
  await towpath.slack.type('U0OTHER', 'C0GENERAL', '/towpath push');
  const form = await modalWith('U0OTHER', 'Workflow file');
  const { id } = towpath.slack.uploadFile('U0OTHER', 'closed-early.yaml', content);
  slow = gate.promise;
  await towpath.slack.submitView('U0OTHER', form.id, { file: [id], department: 'support' });
  const working = await modalWith('U0OTHER', 'Working on it…');
  await towpath.slack.closeView('U0OTHER', working.id);
  await towpath.slack.closeView('U0OTHER', form.id);
  slow = null;
  gate.resolve();
  await towpath.told('U0OTHER', 'C0GENERAL', 'Pushed closed-early v1');
});

test('App Home shows what waits, and its Review opens the card with its buttons', async () => {
  const { workflow, card } = await openCard();
  // Slack shows it a moment before it is known to be there.
  const unknown = () =>
    towpath.persistence.sql("SELECT FROM announcement WHERE kind = 'promotion-card' AND state <> 'posted'");
  await waitUntil('the card to be known as posted', async () => (await unknown()).length === 0);
  await towpath.slack.openHome('U0LEE');
  const home = await waitUntil('Home with the request', () => {
    const view = towpath.slack.home('U0LEE');
    return view !== null && JSON.stringify(view.blocks).includes(workflow) ? view : null;
  });
  const row = home.blocks.findIndex(
    (block) => block.type === 'section' && JSON.stringify(block).includes(`*${workflow}*`),
  );
  const review = home.blocks[row + 1];
  expect(JSON.stringify(review)).toContain('Open its card');
  const actionId = /review_promotion:\d+/.exec(JSON.stringify(review))?.[0] ?? '';
  await towpath.slack.click('U0LEE', { home: true }, actionId);
  const modal = await modalWith('U0LEE', 'Still needed');
  await towpath.slack.click('U0LEE', { viewId: modal.id }, 'approve_promotion');
  await modalWith('U0LEE', 'Live in staging');
  await towpath.message('C0STAGING', 'the deployed card', (m) => m.ts === card.ts && m.text.includes('deployed'));
  await towpath.slack.closeView('U0LEE', modal.id);
  await towpath.slack.openHome('U0LEE');
  await waitUntil(
    'Home without the request',
    () => !JSON.stringify(towpath.slack.home('U0LEE')?.blocks.slice(0, 4)).includes(`*${workflow}* v2`),
  );
});
