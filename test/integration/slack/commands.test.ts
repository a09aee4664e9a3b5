import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
let nth = 0;
beforeAll(async () => {
  towpath = await startSlackTowpath();
});
afterAll(() => towpath.stop());

/** Types a command and waits for the private answer that comes after it. */
async function ask(as: string, text: string): Promise<StandInMessage> {
  const before = lastTs();
  expect(await towpath.slack.type(as, 'C0GENERAL', text)).toMatchObject({ status: 200 });
  return waitUntil(`an answer to ${text}`, () =>
    towpath.slack.messages('C0GENERAL').find((m) => m.ts > before && m.ephemeralTo === as),
  );
}
/** Messages go when there are too many, so that a count says nothing. */
const lastTs = () => towpath.slack.messages('C0GENERAL').at(-1)?.ts ?? '';
const said = (message: StandInMessage) => `${message.text} ${JSON.stringify(message.blocks)}`;

async function liveWorkflow(versions = 1): Promise<string> {
  nth += 1;
  const workflow = `cmd-${nth}`;
  for (let version = 1; version <= versions; version += 1) {
    await towpath.push(version, { workflow });
    expect((await ask('U0DEV', `/deploy ${workflow}`)).text).toContain(
      `${workflow} v${version} is live in development`,
    );
  }
  return workflow;
}

const card = (workflow: string, version: number) =>
  towpath.message(
    'C0STAGING',
    `the card of ${workflow} v${version}`,
    (m) => m.threadTs === undefined && m.text.includes(`asks to take ${workflow} v${version}`),
  );

test('asking for what is under review opens nothing and links its card', async () => {
  const workflow = await liveWorkflow();
  await ask('U0DEV', `/promote ${workflow} staging`);
  const { ts } = await card(workflow, 1);
  const again = await ask('U0OTHER', `/promote ${workflow} staging`);
  expect(again.text).toContain('under review for staging already');
  expect(said(again)).toContain(`/archives/C0STAGING/p${ts.replace('.', '')}`);
});

test('another version replaces what is under review only after a question that names who had approved', async () => {
  const workflow = await liveWorkflow();
  await towpath.persistence.sql(
    'UPDATE environment SET policy = jsonb_set(policy, \'{approvals}\', \'[{"role": "lead", "count": 2}]\') WHERE name = \'staging\'',
  );
  await ask('U0DEV', `/promote ${workflow} staging first`);
  const first = await card(workflow, 1);
  await towpath.slack.click('U0LEE', first, 'approve_promotion');
  await towpath.message('C0STAGING', 'the story', (m) => m.threadTs === first.ts && m.text.includes('approved'));
  await towpath.push(2, { workflow });
  await ask('U0DEV', `/deploy ${workflow}`);

  const question = await ask('U0DEV', `/promote ${workflow} staging second try`);
  expect(said(question)).toContain('<@U0LEE> approved it already');
  await towpath.slack.click('U0DEV', question, 'keep_promotion');
  await waitUntil('the question to be gone', () =>
    towpath.slack.messages('C0GENERAL').some((m) => m.ts === question.ts && m.text.startsWith('Kept')),
  );

  const again = await ask('U0DEV', `/promote ${workflow} staging second try`);
  await towpath.slack.click('U0DEV', again, 'replace_promotion');
  const second = await card(workflow, 2);
  expect(said(second)).toContain('second try');
  await towpath.message(
    'C0STAGING',
    'the first card to be closed',
    (m) => m.ts === first.ts && m.text.includes('can no longer be deployed'),
  );
  await waitUntil('the answer in place of the question', () =>
    towpath.slack.messages('C0GENERAL').some((m) => m.ts === again.ts && m.text.startsWith('Asked for')),
  );
  await towpath.persistence.sql(
    'UPDATE environment SET policy = jsonb_set(policy, \'{approvals}\', \'[{"role": "lead", "count": 1}]\') WHERE name = \'staging\'',
  );
});

test('Promote on a receipt asks for the version it shows', async () => {
  const workflow = await liveWorkflow();
  const receipt = await towpath.message('C0GENERAL', 'the receipt', (m) => m.text.includes(`deployed ${workflow} v1`));
  await towpath.slack.click('U0DEV', receipt, 'promote_version');
  await card(workflow, 1);
  await towpath.told('U0DEV', 'C0GENERAL', `Asked for: ${workflow} v1`);
});

test('Roll back on a deployed card, and Undo on its receipt by whoever did it', async () => {
  const workflow = await liveWorkflow();
  for (const version of [1, 2]) {
    if (version === 2) {
      await towpath.push(2, { workflow });
      await ask('U0DEV', `/deploy ${workflow}`);
    }
    await ask('U0DEV', `/promote ${workflow} staging`);
    const { ts, channel } = await card(workflow, version);
    await towpath.slack.click('U0LEE', { channel, ts }, 'approve_promotion');
    await towpath.message('C0STAGING', 'the deployed card', (m) => m.ts === ts && m.text.includes('deployed'));
  }
  const deployed = await towpath.message('C0STAGING', 'the deployed card', (m) =>
    m.text.includes(`${workflow} v2 to staging: deployed`),
  );
  await towpath.slack.click('U0DEV', deployed, 'roll_back');
  const receipt = await towpath.message('C0STAGING', 'the receipt', (m) =>
    m.text.includes(`rolled ${workflow} back in staging`),
  );
  expect(said(receipt)).toMatch(/v1\* is live in staging again\. It had run there for/);
  expect(said(receipt)).toContain(`/towpath unquarantine ${workflow} v2 REASON`);
  await waitUntil('the card to offer no Roll back any more', () => {
    const now = towpath.slack.messages('C0STAGING').find((m) => m.ts === deployed.ts);
    return now !== undefined && !said(now).includes('roll_back');
  });

  await towpath.slack.click('U0LEE', receipt, 'undo_rollback');
  await towpath.told('U0LEE', 'C0STAGING', 'Only <@U0DEV>');
  await towpath.slack.click('U0DEV', receipt, 'undo_rollback');
  await waitUntil('the receipt to say so', () =>
    towpath.slack
      .messages('C0STAGING')
      .some((m) => m.ts === receipt.ts && said(m).includes('*Undone*') && !said(m).includes('undo_rollback')),
  );
});

test('/towpath status, history and diff show what happened, page by page', async () => {
  const workflow = await liveWorkflow(12);
  expect(said(await ask('U0DEV', `/towpath status ${workflow}`))).toContain('newest v12 (testing)');
  const page = await ask('U0DEV', `/towpath history ${workflow} dev`);
  expect(said(page)).toContain('*v12* in development: live');
  expect(said(page)).not.toContain('*v2* in');
  await towpath.slack.click('U0DEV', page, 'more_history');
  await waitUntil('the next page in its place', () =>
    towpath.slack.messages('C0GENERAL').some((m) => m.ts === page.ts && said(m).includes('*v2* in development')),
  );
  const diff = await ask('U0DEV', `/towpath diff ${workflow} v1 dev`);
  expect(said(diff)).toContain('claude-12');
  await towpath.slack.click('U0DEV', diff, 'show_diff');
  await waitUntil('the full diff', () => JSON.stringify(towpath.slack.modals('U0DEV')).includes('Summarise'));
});

test('/towpath label, role, roles, workflow and unquarantine say what they did', async () => {
  const workflow = await liveWorkflow(2);
  expect((await ask('U0DEV', `/towpath label ${workflow} v1 Urgency-First because`)).text).toContain(
    'v1 is called urgency-first now',
  );
  expect((await ask('U0DEV', `/towpath role @oncall lead`)).text).toContain('admin');
  expect((await ask('U0ADA', `/towpath role @oncall lead`)).text).toContain(
    '<@U0ONCALL> is a lead now, in every department',
  );
  expect((await ask('U0ADA', `/towpath role @oncall boss`)).text).toContain('no role “boss”');
  expect(said(await ask('U0DEV', '/towpath roles'))).toContain('<@U0ONCALL>');
  expect((await ask('U0ADA', `/towpath workflow ${workflow} owner @lia`)).text).toContain('its owner is <@U0LIA>');
  await ask('U0DEV', `/rollback ${workflow} dev`);
  expect((await ask('U0ADA', `/towpath unquarantine ${workflow} v2`)).text).toContain('Why may it be promoted again?');
  expect((await ask('U0ADA', `/towpath unquarantine ${workflow} v2 fixed elsewhere`)).text).toContain(
    'can be promoted again',
  );
  expect((await ask('U0ADA', '/towpath webhooks')).text).toContain('No webhook delivery was given up');
  expect((await ask('U0DEV', '/towpath webhooks')).text).toContain('admin');
});

test.each(['history', 'diff', 'label', 'role', 'workflow', 'unquarantine'])(
  'a bare /towpath %s explains itself',
  async (word) => {
    expect((await ask('U0DEV', `/towpath ${word}`)).text).toContain(`/towpath ${word} `);
    expect((await ask('U0DEV', `/towpath help ${word}`)).text).toContain(`/towpath ${word} `);
  },
);

test('/approve while two requests are open offers a button for each, which approves', async () => {
  const workflow = await liveWorkflow();
  await ask('U0DEV', `/promote ${workflow} staging`);
  await card(workflow, 1);
  await ask('U0LEE', `/approve ${workflow}`);
  await ask('U0DEV', `/promote ${workflow} production`);
  await towpath.message('C0PROD', 'the card', (m) => m.text.includes(`asks to take ${workflow} v1`));
  await towpath.push(2, { workflow });
  await ask('U0DEV', `/deploy ${workflow}`);
  await ask('U0DEV', `/promote ${workflow} staging`);
  await card(workflow, 2);
  const which = await ask('U0ADA', `/approve ${workflow}`);
  expect(said(which)).toContain('approve_promotion:1');
  const before = lastTs();
  await towpath.slack.click('U0ADA', which, 'approve_promotion:0');
  await waitUntil('the approval', () =>
    towpath.slack
      .messages('C0GENERAL')
      .some((m) => m.ts > before && m.ephemeralTo === 'U0ADA' && m.text.startsWith('Approved')),
  );
});

test('guests, apps and people of other workspaces look but do not act', async () => {
  const workflow = await liveWorkflow();
  await towpath.push(2, { workflow });
  expect((await ask('U0GUEST', `/deploy ${workflow}`)).text).toContain('Guests');
  expect((await ask('U0STRANGER', `/deploy ${workflow}`)).text).toContain('other workspaces');
  expect(said(await ask('U0GUEST', `/towpath status ${workflow}`))).toContain('newest v2');
});
