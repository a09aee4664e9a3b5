import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPersistence, type TestPersistence } from '../support/database/open-test-persistence.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { lastWhisper, push, workflowSource } from '../support/towpath/acts.ts';
import { runCommandLine, startCommandLine } from '../support/towpath/command-line.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0GENERAL';
const FLOW = 'login-flow';

let towpath: WholeTowpath;
let db: TestPersistence;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'towpath-login-'));
  towpath = await startWholeTowpath();
  db = await openPersistence(towpath.database.url);
  await towpath.slack.type('U0ADA', CHANNEL, '/towpath role @lee lead');
  await waitUntil('the role', () => lastWhisper(towpath, 'U0ADA', CHANNEL));
});
afterAll(async () => {
  await db?.end();
  await towpath?.stop();
  await rm(home, { recursive: true });
});

/** Lee's terminal: no token is set anywhere. */
const lees = () => ({ HOME: home, TOWPATH_SERVER: towpath.url });
const operators = () => ({ TOWPATH_API_TOKEN: towpath.apiToken, TOWPATH_SERVER: towpath.url });
const top = () => towpath.slack.modals('U0LEE').at(-1);

test('a lead logs in by Slack, approves on the command line, and is let in no longer once their account ends', async () => {
  await push(towpath, FLOW, workflowSource(FLOW, 'Be brief.'));
  const behalf = ['--on-behalf-of', 'U0DEV'];
  expect((await runCommandLine(['deploy', FLOW, ...behalf], operators())).code).toBe(0);
  expect((await runCommandLine(['promote', FLOW, 'staging', '--yes', ...behalf], operators())).code).toBe(0);

  const login = startCommandLine(['login'], lees());
  const code = await waitUntil('a code', () => /\/towpath login ([A-Z-]{9})/.exec(login.err())?.[1] ?? null);
  await towpath.slack.type('U0LEE', CHANNEL, `/towpath login ${code}`);
  const form = await waitUntil('the question', () => {
    const modal = top();
    return modal !== undefined && JSON.stringify(modal.view).includes('wants to act as you') ? modal : null;
  });
  await towpath.slack.submitView('U0LEE', form.id, {});
  const { code: ended, out } = await login.ended;
  expect([ended, out]).toEqual([0, expect.stringMatching(/^Logged in to http:\S+ as .*\(@U0LEE\), lead, until /)]);

  const approved = await runCommandLine(['approve', FLOW, 'staging', '--yes'], lees());
  expect([approved.code, approved.out]).toEqual([0, `v1 of ${FLOW} is live in staging.\n`]);
  const { out: audit } = await runCommandLine(['audit', '--action', 'promotion.approved'], lees());
  expect(audit).toMatch(/@U0LEE \(api, login-\S+-[a-z0-9]{6}\) +promotion\.approved/);
  expect(towpath.output()).not.toContain(code);

  // As when Slack tells that somebody left.
  await db.sql("UPDATE person SET slack_standing = 'deactivated' WHERE user_id = 'U0LEE'");
  const refused = await waitUntil('the login to be over', async () => {
    const tried = await runCommandLine(['status'], lees());
    return tried.code === 1 ? tried : null;
  });
  expect(refused.err).toContain('no member of the workspace any more');
});
