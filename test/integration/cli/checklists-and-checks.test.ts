import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlowServer, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import { type CliHome, openCliHome } from '../../support/towpath/run-cli-at.ts';
import { askMore } from '../../support/use-cases/ask-more.ts';

const WORKSPACE = { workspaceId: 'T0CANAL' };
let server: FlowServer;
let home: CliHome;
let name: string;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  server = await startFlowServer();
  home = await openCliHome(server.url);
  for (const userId of ['U0DEV', 'U0LEE']) tokens[userId] = await server.logIn(userId);
});
afterAll(async () => {
  await home.end();
  await server.stop();
});
/** v2 is live in staging, and v3 in development. */
beforeEach(async () => {
  await server.database.sql("UPDATE environment SET policy = policy - 'checklist' WHERE name = 'staging'");
  name = await server.nextFlow();
});
const CHECKLIST = ['Rollback tested', 'Rollback announced', 'Stakeholder informed'];
const askForTicks = () => askMore(server.database, WORKSPACE, 'staging', { checklist: CHECKLIST });

const as = (userId: string, ...args: string[]) => home.run(args, { env: { TOWPATH_API_TOKEN: tokens[userId] ?? '' } });
const open = () =>
  server.useCases.requestPromotion({ actor: inSlack('U0DEV'), workflow: name, environment: 'staging' });

describe('a checklist', () => {
  beforeEach(askForTicks);

  it('is shown, ticked by the beginning of an item, and the last tick that is needed deploys', async () => {
    await open();
    expect((await as('U0LEE', 'tick', name, 'staging')).out).toBe(
      `v3 of ${name} to staging: 0 of 3 ticked\n  [ ] Rollback tested\n  [ ] Rollback announced\n  [ ] Stakeholder informed\n`,
    );
    const first = await as('U0LEE', 'tick', name, 'stg', 'stake');
    expect([first.code, first.out]).toEqual([0, expect.stringContaining('Ticked.\nIt needs:')]);
    expect((await as('U0LEE', 'tick', name, 'staging', 'stakeholder', 'informed')).out).toContain('It was so already.');
    expect((await as('U0DEV', 'tick', name, 'staging')).out).toMatch(/\[x\] Stakeholder informed \(@U0LEE, \d{4}-/);
    expect((await as('U0LEE', 'untick', name, 'staging', 'stake')).out).toContain('Not ticked any more.');
    for (const item of ['Stakeholder', 'Rollback tested']) await as('U0LEE', 'tick', name, 'staging', item);
    await as('U0LEE', 'approve', name, 'staging', '--yes');
    const last = await as('U0LEE', 'tick', name, 'staging', 'Rollback', 'announced');
    expect([last.code, last.out]).toEqual([0, `Ticked.\nv3 of ${name} is live in staging.\n`]);
  });

  it.each([
    ['rollback', /could be “Rollback tested”, “Rollback announced”/],
    ['lunch', /“lunch” is not on the checklist: “Rollback tested”, /],
  ])('is not ticked by “%s”', async (item, words) => {
    await open();
    const { code, err } = await as('U0LEE', 'tick', name, 'staging', item);
    expect([code, err]).toEqual([2, expect.stringMatching(words)]);
  });

  it('is none of a promotion that there is not', async () => {
    const { code, err } = await as('U0LEE', 'tick', name, 'staging', 'Rollback tested');
    expect([code, err]).toEqual([1, expect.stringContaining(`No promotion of ${name} to staging waits`)]);
  });
});

describe('checks list', () => {
  const report = (version: string, passed: number) =>
    server.useCases.recordCheck({
      ...{ actor: { ...WORKSPACE, userId: 'api', via: 'api' }, workflow: name, version, environment: 'staging' },
      report: { own: { kind: 'tests', passed, failed: 100 - passed, costPerRun: 0.031, detail: 'refund failed' } },
    });

  it('shows what was found out, beside what is live', async () => {
    expect((await as('U0DEV', 'checks', 'list', name, 'v3')).out).toBe(
      `Nothing was found out about v3 of ${name} yet.\n`,
    );
    await report('v2', 94);
    await report('v3', 96);
    const { code, out } = await as('U0DEV', 'checks', 'list', name, '3', 'stg');
    expect(code).toBe(0);
    expect(out).toContain(`v3 of ${name} in staging, beside v2, which is live there`);
    expect(out).toMatch(
      / {2}tests tests {2}failed {2}96 passed, 4 failed {2}live: 94 passed, 6 failed {2}\d.*refund failed\n/,
    );
    expect(out).toMatch(/cost tests {3}passed {2}\$0\.031 a run +live: \$0\.031 a run/);
  });
});

describe('a time', () => {
  it('is shown before it is asked for, and asking again without one asks nobody', async () => {
    const no = await home.run(['promote', name, 'staging', '--at', 'in 3h'], {
      env: { TOWPATH_API_TOKEN: tokens['U0DEV'] ?? '' },
      answer: 'n',
    });
    expect(no.err).toMatch(/It would go live \d{4}-\d\d-\d\d \d\d:\d\dZ, if nothing is missing then\.\n/);
    expect(no.err).toContain('[ ] Scheduled for later (judged again ');
    await as('U0DEV', 'promote', name, 'staging', '--yes', '--at', 'in 3h');
    const again = await home.run(['promote', name, 'staging'], {
      env: { TOWPATH_API_TOKEN: tokens['U0DEV'] ?? '' },
      answer: 'n',
    });
    expect([again.questions, again.out]).toEqual([[], expect.stringContaining('is under review')]);
  });

  it('is read by the zone that whoami shows', async () => {
    await server.database.sql("UPDATE person SET time_zone = 'Asia/Tokyo' WHERE user_id = 'U0DEV'");
    expect((await as('U0DEV', 'whoami')).out).toMatch(/\nTime zone: Asia\/Tokyo in Slack, \S+ on this machine\.\n/);
    expect((await as('U0LEE', 'whoami')).out).not.toContain('Time zone');
  });
});
