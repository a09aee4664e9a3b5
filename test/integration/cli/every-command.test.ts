import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.ts';
import { type FlowServer, startFlowServer } from '../../support/http/start-flow-server.ts';
import { TOKEN } from '../../support/http/start-test-server.ts';

let server: FlowServer;
beforeAll(async () => {
  server = await startFlowServer();
});
afterAll(() => server.stop());

/** The program where nobody can be asked. */
async function run(args: readonly string[], env: Record<string, string> = {}) {
  let [out, err] = ['', ''];
  const code = await runCli({
    arguments: args,
    env: { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url, ...env },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
    pause: async () => {},
    now: () => 0,
  });
  return { code, out, err };
}

/** Any file with JSON in it. */
const INPUT = 'package.json';

describe('every command', () => {
  const COMMANDS = [
    ['deploy', 'nowhere', '--on-behalf-of', 'U0DEV'],
    ['promote', 'nowhere', 'staging', '--yes', '--on-behalf-of', 'U0DEV'],
    ['rollback', 'nowhere', 'staging', '--yes'],
    ['rollout', 'nowhere', 'staging'],
    ['rollout', 'nowhere', 'staging', '50%', '--yes', '--on-behalf-of', 'U0DEV'],
    ['why', 'nowhere', 'staging'],
    ['tick', 'nowhere', 'staging', 'Rollback tested'],
    ['untick', 'nowhere', 'staging'],
    ['checks', 'list', 'nowhere', '1'],
    ['suite', 'show', 'nowhere'],
    ['suite', 'run', 'nowhere', '--on-behalf-of', 'U0DEV'],
    ['run', 'nowhere', '--env', 'staging', '--input', INPUT],
    ['lock', 'nowhere', 'an', 'audit', '--on-behalf-of', 'U0LEE'],
    ['unlock', 'nowhere', '--on-behalf-of', 'U0LEE'],
    ['freeze', 'nowhere', 'an audit', '--for', '2h', '--on-behalf-of', 'U0LEE'],
    ['unfreeze', 'nowhere', '--on-behalf-of', 'U0LEE'],
    ['approve', 'nowhere', 'staging', '--yes'],
    ['reject', 'nowhere', 'staging', 'no', '--yes'],
    ['status', 'nowhere'],
    ['history', 'nowhere'],
    ['history', 'nowhere', 'staging'],
    ['audit', '--workflow', 'nowhere'],
    ['resolve', 'nowhere', 'staging'],
    ['runs', 'nowhere'],
    ['env', 'nowhere'],
    ['env', 'diff', 'staging', 'nowhere'],
    ['env', 'nowhere', 'set', 'A=1', '--on-behalf-of', 'U0ADA'],
    ['runs', 'nowhere', '--summary'],
  ];

  it.each(COMMANDS.filter(([command]) => command !== 'resolve'))(
    'ends with 1 and says so where what it names is not known: %s %s',
    async (...args) => {
      const { code, out, err } = await run(args);
      expect([code, out]).toEqual([1, '']);
      expect(err).toMatch(/nowhere|workflow/);
      const asJson = await run([...args, '--json']);
      expect([asJson.code, asJson.err, JSON.parse(asJson.out)]).toEqual([
        1,
        '',
        {
          outcome: 'refused',
          code: expect.stringMatching(/^(unknown_workflow|unknown_environment|nothing_active)$/),
          detail: expect.any(String),
        },
      ]);
    },
  );

  it.each(COMMANDS)('ends with 3 where nothing answers: %s %s', async (...args) => {
    const { code, out, err } = await run([...args, '--server', 'http://127.0.0.1:9']);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('Check the address, and that the server runs.');
  });

  it.each(COMMANDS)('ends with 2 without a token: %s %s', async (...args) => {
    const { code, out, err } = await run(args, { TOWPATH_API_TOKEN: '' });
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('TOWPATH_API_TOKEN is not set')]);
  });

  const OTHERS = ['locks', 'push', 'diff', 'apply', 'token', 'login', 'logout', 'whoami', 'completion'];
  it.each([...new Set(COMMANDS.map(([command = '']) => command)), ...OTHERS])(
    'explains itself with examples: %s',
    async (command) => {
      const { code, out } = await run([command, '--help']);
      expect([code, out]).toEqual([0, expect.stringContaining(`Examples:\n`)]);
      expect(out.slice(out.indexOf('Examples:'))).toContain(`towpath ${command}`);
      if (command !== 'completion') expect(out).toMatch(/Exit codes:\n {2}0 {2}/);
    },
  );

  it.each([
    ['promot', 'Did you mean promote?'],
    ['stats', 'Did you mean status?'],
    ['rolback', 'Did you mean rollback?'],
  ])('is suggested to who types %s', async (word, says) => {
    const { code, err } = await run([word, 'x', 'y']);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  });

  it.each([
    [['audit', '--limit', '0'], '--limit “0”'],
    [['history', 'w', '--limit', 'all'], '--limit “all”'],
    [['promote', 'w', 'e', '--yes', '--wait', '--timeout', 'long'], '“long” is no time to wait'],
    [['runs', 'w', '--since', 'yesterday'], '--since “yesterday”'],
    [['promote', 'w', 'e', '--yes', '--at', 'some day'], '--at: “some day” is no time that can be read'],
    [['lock', 'all', 'an audit', '--for', 'ever'], '--for “ever” is no length of time'],
    [['freeze', 'e', 'an audit', '--for', '2h', '--until', 'monday 09:00'], 'Give --until or --for, not both.'],
    [['env', 'staging', 'production'], 'Name one environment, or compare two'],
    [['env', 'compare', 'a', 'b'], 'Name one environment, or compare two'],
    [['runs', '--summary'], '--summary is of one workflow'],
    [['runs', 'w', '--outcome', 'bad'], 'Allowed choices are succeeded, failed, cancelled'],
  ])('is asked for properly or not at all: %j', async (args, says) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(says);
  });
});
