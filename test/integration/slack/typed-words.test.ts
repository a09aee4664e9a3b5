import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
let nth = 0;
beforeAll(async () => {
  towpath = await startSlackTowpath();
});
afterAll(() => towpath.stop());

/** A workflow of its own, live in development. */
async function liveWorkflow(): Promise<string> {
  nth += 1;
  const workflow = `words-${nth}`;
  await towpath.push(1, { workflow });
  await type('U0DEV', `/deploy ${workflow}`);
  await towpath.told('U0DEV', 'C0GENERAL', `${workflow} v1 is live`);
  return workflow;
}

const type = (as: string, text: string) => towpath.slack.type(as, 'C0GENERAL', text);
const cardOf = (workflow: string) =>
  towpath.message(
    'C0STAGING',
    `the card of ${workflow}`,
    (m) => m.text.includes(`${workflow} v1`) && m.threadTs === undefined,
  );

async function reasonOf(workflow: string): Promise<string | null> {
  const [row] = await towpath.persistence.sql<{ reason: string | null }>(
    'SELECT p.reason FROM promotion p JOIN workflow w ON w.id = p.workflow_id WHERE w.slug = $1 ORDER BY p.requested_at DESC',
    [workflow],
  );
  return row?.reason ?? null;
}

test('a reason of 10,000 characters is kept whole and shown shortened', async () => {
  const workflow = await liveWorkflow();
  const reason = `${'because <!channel> & so on; '.repeat(400)}`.slice(0, 10_000).trimEnd();
  await type('U0DEV', `/promote ${workflow} staging ${reason}`);
  const card = await cardOf(workflow);
  expect(await reasonOf(workflow)).toBe(reason);
  const shown = JSON.stringify(card.blocks);
  expect(shown).toContain('(shortened here)');
  expect(shown.length).toBeLessThan(12_000);
});

test('a reason can mention nobody and link nowhere', async () => {
  const workflow = await liveWorkflow();
  await type('U0DEV', `/promote ${workflow} staging @lee says <!channel> see <https://evil.example|the docs> & *go*`);
  const card = await cardOf(workflow);
  const shown = JSON.stringify(card.blocks);
  expect(shown).not.toMatch(/"type":"(broadcast|link)"/);
  expect(await reasonOf(workflow)).toContain('& *go*');
  const mrkdwn = card.blocks.flatMap((block) => (block.type === 'section' ? [block.text?.text ?? ''] : []));
  expect(mrkdwn.join()).not.toContain('evil.example');
  expect(`${card.text}${mrkdwn.join()}`).not.toContain('<!channel>');
});

test.each([
  ['smart quotes around names', (w: string) => `/promote “${w}” ‘staging’ “ready”`],
  ['non-breaking spaces between words', (w: string) => `/promote ${w}\u00a0staging\u00a0\u00a0ready`],
  ['invisible marks in names', (w: string) => `/promote \u200b${w}\u2060 stag\u200bing ready`],
  ['capitals and blanks at the end', (w: string) => `/promote ${w.toUpperCase()} STG ready   `],
  ['a to before the environment', (w: string) => `/promote ${w} to staging ready`],
])('%s are what a person meant', async (_, command) => {
  const workflow = await liveWorkflow();
  await type('U0DEV', command(workflow));
  await cardOf(workflow);
  expect(await reasonOf(workflow)).toBe('ready');
});

test('right-to-left words and emoji stand in a card without turning it around', async () => {
  const workflow = await liveWorkflow();
  await type('U0EMOJI', `/promote ${workflow} staging جاهز للتجربة 👩‍👩‍👧 \u202eabc`);
  const card = await cardOf(workflow);
  const shown = JSON.stringify(card.blocks);
  expect(shown).toContain('\u2068جاهز للتجربة 👩‍👩‍👧 abc\u2069');
  expect(shown).toContain('<@U0EMOJI>');
});

test('a person is found by mention, and a plain name by those known here', async () => {
  await type('U0ADA', '/towpath role @oncall lead');
  await towpath.told('U0ADA', 'C0GENERAL', '<@U0ONCALL> is a lead now');
  // A plain name, as a paste has it, goes by what Slack calls people who are known.
  const plain = new URLSearchParams({
    team_id: 'T0CANAL',
    channel_id: 'C0GENERAL',
    user_id: 'U0ADA',
    command: '/towpath',
    trigger_id: 'plain-1',
    text: 'role “@Nobody” lead',
    response_url: `${towpath.slack.url}/response/T0CANAL/none`,
  });
  await towpath.slack.signedPost(plain.toString());
  await towpath.told('U0ADA', 'C0GENERAL', /Nobody known here is called “Nobody”.*pick the person/);
  plain.set('text', 'role @ONCALL\u00a0admin');
  plain.set('trigger_id', 'plain-2');
  await towpath.slack.signedPost(plain.toString());
  await towpath.told('U0ADA', 'C0GENERAL', '<@U0ONCALL> is an admin now');
});

test('an environment after /approve is taken by name, alias or three letters, and a slip of the pen approves nothing', async () => {
  const workflow = await liveWorkflow();
  await type('U0DEV', `/promote ${workflow} staging`);
  const card = await cardOf(workflow);
  await type('U0LEE', `/approve ${workflow} st`);
  await towpath.told('U0LEE', 'C0GENERAL', 'too short');
  await type('U0LEE', `/approve ${workflow} prd`);
  await towpath.told('U0LEE', 'C0GENERAL', 'no environment “prd”');
  await type('U0LEE', `/approve ${workflow} prod`);
  await waitUntil('the refusal', () =>
    towpath.slack.messages('C0GENERAL').some((m) => m.ephemeralTo === 'U0LEE' && m.text.includes('production')),
  );
  await type('U0LEE', `/approve ${workflow} stag`);
  await towpath.told('U0LEE', 'C0GENERAL', `${workflow} v1 is live in staging now`);
  await towpath.message('C0STAGING', 'the deployed card', (m) => m.ts === card.ts && m.text.includes('deployed'));
});

test('/reject takes the first word as an environment only where it is one', async () => {
  const workflow = await liveWorkflow();
  await type('U0DEV', `/promote ${workflow} staging`);
  await cardOf(workflow);
  await type('U0LEE', `/reject ${workflow}`);
  await towpath.told('U0LEE', 'C0GENERAL', 'Why should');
  await type('U0LEE', `/reject ${workflow} st is too early`);
  await towpath.told('U0LEE', 'C0GENERAL', `Rejected: ${workflow} v1`);
  const [row] = await towpath.persistence.sql(
    'SELECT close_reason FROM promotion p JOIN workflow w ON w.id = p.workflow_id WHERE w.slug = $1',
    [workflow],
  );
  expect(row).toEqual({ close_reason: 'st is too early' });
});

test('after /rollback, “to” counts only before a version of the workflow; else all of it is the reason', async () => {
  const workflow = await liveWorkflow();
  for (const version of [2, 3]) {
    await towpath.push(version, { workflow });
    await type('U0DEV', `/deploy ${workflow}`);
    await towpath.told('U0DEV', 'C0GENERAL', `${workflow} v${version} is live`);
  }
  await type('U0DEV', `/rollback ${workflow} dev to v1 wrong answers`);
  await towpath.told('U0DEV', 'C0GENERAL', 'v3 is out of development, and v1 is live there again');
  const before = towpath.slack.messages('C0GENERAL').length;
  await type('U0DEV', `/deploy ${workflow} v2`);
  await waitUntil('v2 to be live', () =>
    towpath.slack
      .messages('C0GENERAL')
      .slice(before)
      .some((m) => m.text.includes('v2 is live')),
  );
  await type('U0DEV', `/rollback ${workflow} dev to calm everybody`);
  const told = await towpath.told('U0DEV', 'C0GENERAL', 'v2 is out of development');
  expect(told.text).toContain('“calm” is no version');
  const rows = await towpath.persistence.sql(
    'SELECT reason FROM rollback r JOIN workflow w ON w.id = r.workflow_id WHERE w.slug = $1 ORDER BY r.at',
    [workflow],
  );
  expect(rows).toEqual([{ reason: 'wrong answers' }, { reason: 'to calm everybody' }]);
});

test('/deploy to another environment is refused with what does it, wherever the word stands', async () => {
  const workflow = await liveWorkflow();
  await towpath.push(2, { workflow });
  for (const words of ['staging', 'to staging', 'v2 to staging', 'v2 staging']) {
    const before = towpath.slack.messages('C0GENERAL').length;
    await type('U0DEV', `/deploy ${workflow} ${words}`);
    await waitUntil(`the refusal of ${words}`, () =>
      towpath.slack
        .messages('C0GENERAL')
        .slice(before)
        .some((m) => m.text.includes(`/promote ${workflow} staging`)),
    );
  }
  const rows = await towpath.persistence.sql(
    'SELECT 1 FROM deployment d JOIN workflow w ON w.id = d.workflow_id WHERE w.slug = $1',
    [workflow],
  );
  expect(rows).toHaveLength(1);
});

test('a workflow that does not exist offers the nearest, quoting what was typed without its markup', async () => {
  const workflow = await liveWorkflow();
  await type('U0DEV', `/deploy ${workflow}x`);
  await towpath.told('U0DEV', 'C0GENERAL', new RegExp(`no workflow “${workflow}x”.*${workflow}`));
  await type('U0DEV', '/deploy <!here>');
  await towpath.told('U0DEV', 'C0GENERAL', '“&lt;!here&gt;”');
});

test.each(['deploy', 'promote', 'approve', 'reject', 'rollback'])(
  'a bare /%s explains itself with an example',
  async (command) => {
    await type('U0DEV', `/${command}`);
    await towpath.told('U0DEV', 'C0GENERAL', new RegExp(`/${command} .*[^]*For example: \`/${command} summarize-flow`));
  },
);
