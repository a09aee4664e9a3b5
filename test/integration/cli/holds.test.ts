import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlowServer, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import { type CliHome, openCliHome } from '../../support/towpath/run-cli-at.ts';

let server: FlowServer;
let home: CliHome;
let name: string;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  server = await startFlowServer();
  home = await openCliHome(server.url);
  for (const userId of ['U0DEV', 'U0LEE', 'U0ADA']) tokens[userId] = await server.logIn(userId);
});
afterAll(async () => {
  await home.end();
  await server.stop();
});
beforeEach(async () => {
  name = await server.nextFlow();
});

const as = (userId: string, ...args: string[]) => home.run(args, { env: { TOWPATH_API_TOKEN: tokens[userId] ?? '' } });
const MOMENT = /\d{4}-\d\d-\d\d \d\d:\d\dZ/;

describe('a lock', () => {
  it('is set, listed, seen by why, and ended by somebody else who says so', async () => {
    const set = await as('U0LEE', 'lock', name, 'we', 'move', 'data', '--for', '1d 12h');
    expect([set.code, set.out]).toEqual([0, expect.stringContaining(`Locked: ${name}, until `)]);
    const list = await as('U0DEV', 'locks');
    expect(list.out).toMatch(
      new RegExp(`${name}: locked\\n {2}by @U0LEE since ${MOMENT.source}, until ${MOMENT.source}, “we move data”`),
    );
    await server.useCases.requestPromotion({ actor: inSlack('U0DEV'), workflow: name, environment: 'staging' });
    const why = await as('U0DEV', 'why', name, 'stg');
    expect(why.out).toContain('v3 is under review, asked for by @U0DEV.');
    expect(why.out).toContain(`[ ] ${name} is locked: we move data (judged again `);
    const refused = await as('U0ADA', 'unlock', name);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining(`\`towpath unlock ${name} --force\``)]);
    const ended = await as('U0ADA', 'unlock', name, '--force');
    expect([ended.code, ended.out]).toEqual([0, `Unlocked: ${name}, locked by @U0LEE: “we move data”\n`]);
    expect((await as('U0DEV', 'locks')).out).toBe('Nothing is locked or frozen.\n');
  });
});

describe('a freeze', () => {
  it('is set until a time as it is typed, and ended', async () => {
    const set = await as('U0LEE', 'freeze', 'stg', 'the quarter', '--until', 'in 3h');
    expect([set.code, set.out]).toEqual([0, expect.stringMatching(MOMENT)]);
    expect((await as('U0DEV', 'locks')).out).toContain('staging: frozen\n  by @U0LEE');
    const ended = await as('U0LEE', 'unfreeze', 'stg');
    expect([ended.code, ended.out]).toEqual([0, 'Not frozen any more: staging, by @U0LEE: “the quarter”\n']);
  });
});

describe('promote --at', () => {
  it('asks for it to go live then', async () => {
    const asked = await as('U0DEV', 'promote', name, 'staging', '--yes', '--at', 'in 3h');
    expect(asked.out).toMatch(
      new RegExp(`^Asked to promote v3 of ${name} from development to staging, to go live ${MOMENT.source}\\.`),
    );
    expect(asked.out).toContain('[ ] Scheduled for later (judged again ');
  });

  it('asks for nothing where that is no time', async () => {
    const { code, err } = await as('U0DEV', 'promote', name, 'staging', '--yes', '--at', 'mondy 09:00');
    expect([code, err]).toEqual([2, expect.stringContaining('“mondy 09:00” is no time that can be read')]);
    expect((await as('U0DEV', 'why', name, 'staging')).out).toContain(
      `Nobody asked for v3 yet: “towpath promote ${name} staging” does.`,
    );
  });
});
