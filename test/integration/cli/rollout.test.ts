import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.ts';
import { type FlowServer, flowSource, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import { TOKEN } from '../../support/http/start-test-server.ts';

let server: FlowServer;
let name: string;
beforeAll(async () => {
  server = await startFlowServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  name = await server.nextFlow();
});

/** The program with somebody at the terminal who answers every question so; null: nobody is there to be asked. */
async function run(answer: string | (() => Promise<string>) | null, ...args: string[]) {
  let [out, err, asked] = ['', '', 0];
  const code = await runCli({
    arguments: args,
    env: { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
    ...(answer === null
      ? {}
      : {
          ask: async () => {
            asked += 1;
            return typeof answer === 'string' ? answer : answer();
          },
        }),
    pause: async () => {},
    now: () => 0,
  });
  return { code, out, err, asked };
}

const BEHALF = ['--on-behalf-of', 'U0DEV'];
const approve = () => server.useCases.approvePromotion({ actor: inSlack('U0LEE'), choice: { workflow: name } });
const live = async (): Promise<number> =>
  (await server.call('GET', `/api/v1/workflows/${name}/environments/staging`)).json.version.number;
const share = async (): Promise<number | undefined> =>
  (await server.call('GET', `/api/v1/workflows/${name}/environments/staging/rollout`)).json.candidate?.share;

/** v3 beside v2 in staging, at 10%. */
async function start(): Promise<void> {
  expect((await run(null, 'promote', name, 'staging', '--canary', '10%', '--yes', ...BEHALF)).code).toBe(0);
  await approve();
}

describe('promote --canary', () => {
  it('shows who would get it at first, asks for it, and says when it runs', async () => {
    const asked = await run('y', 'promote', name, 'staging', '--canary', '10%', ...BEHALF);
    expect(asked.err).toContain('As a canary 10% of users would get it at first, beside v2.');
    expect([asked.code, asked.out]).toEqual([0, expect.stringContaining(`Asked to promote v3 of ${name}`)]);
    const again = await run('n', 'promote', name, 'staging', '--canary', '10', ...BEHALF);
    expect([again.code, again.asked]).toEqual([0, 0]);
    expect(again.out).toContain('to staging as a canary at 10% is under review');
    await approve();
    const { items } = (await server.call('GET', `/api/v1/promotions?workflow=${name}&status=deployed&limit=1`)).json;
    expect(items[0].canary).toBe(10);
    expect((await run(null, 'status', name)).out).toMatch(/staging +v2 +since .* canary v3 for 10% of users/);
    expect((await run(null, 'history', name, 'staging')).out).toMatch(/v3 {2}a canary, running at 10%, by @U0LEE/);
  });

  it('is another request than the same version for everybody, which would give way', async () => {
    await run(null, 'promote', name, 'staging', '--canary', '10%', '--yes', ...BEHALF);
    const whole = await run('n', 'promote', name, 'staging', ...BEHALF);
    expect(whole.err).toContain('v3 as a canary at 10% is under review there, asked for by @U0DEV. It would give way.');
    expect(whole.code).toBe(1);
  });

  it.each(['150%', 'half', '0.125%', ''])('of “%s” asks for nothing', async (typed) => {
    const { code, err } = await run('y', 'promote', name, 'staging', '--canary', typed, ...BEHALF);
    expect([code, err]).toEqual([2, expect.stringContaining(`--canary “${typed}” is no share.`)]);
  });
});

describe('rollout', () => {
  it('shows both sides, then goes on step by step after a yes each', async () => {
    await start();
    const shown = await run(null, 'rollout', name, 'staging');
    expect(shown.out).toMatch(new RegExp(`^Canary of v3 of ${name} in staging at 10%, started by @U0LEE `));
    expect(shown.out).toMatch(/ {2}v3, the canary +10% of users +0 +– +– +– +–\n/);
    expect(shown.out).toMatch(/ {2}v2, live before +90%, and runs without a key +0 /);

    const half = await run('y', 'rollout', name, 'staging', '50%', ...BEHALF);
    expect(half.err).toContain('In staging 50% of users would get v3, instead of 10% of users.');
    expect([half.code, half.out]).toEqual([0, expect.stringContaining('is at 50%, 10% before.')]);
    expect(await share()).toBe(50);

    const finish = await run('y', 'rollout', name, 'staging', 'finish', ...BEHALF);
    expect(finish.err).toContain('Everybody in staging would get v3 for good, also the 50% on v2 now. v2 would go.');
    expect(finish.out).toContain(`Everybody in staging gets v3 of ${name} now.`);
    expect(await live()).toBe(3);
    const over = await run(null, 'rollout', name, 'staging');
    expect([over.code, over.out]).toEqual([1, '']);
  });

  it('changes nothing where somebody else changed the share while it was asked about', async () => {
    await start();
    const path = `/api/v1/workflows/${name}/environments/staging/rollout`;
    const meanwhile = async () => {
      await server.call('PATCH', path, { body: { share: 50, onBehalfOf: 'U0DEV' } });
      return 'y';
    };
    const { code, err } = await run(meanwhile, 'rollout', name, 'staging', '25%', ...BEHALF);
    expect([code, err]).toEqual([1, expect.stringContaining('is at 50% by now, not at 10% as was shown')]);
    expect(await share()).toBe(50);
  });

  it('changes nothing after a no, nor where nobody can be asked', async () => {
    await start();
    for (const step of ['50%', 'finish', 'abort']) {
      const no = await run('n', 'rollout', name, 'staging', step, ...BEHALF);
      expect([no.code, no.out]).toEqual([1, 'Nothing was changed.\n']);
      const nobody = await run(null, 'rollout', name, 'staging', step, ...BEHALF);
      expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('Add --yes')]);
    }
    expect([await share(), await live()]).toEqual([10, 2]);
  });

  it('is aborted with a reason, and what was live stays so', async () => {
    await start();
    const { code, out } = await run(
      null,
      'rollout',
      name,
      'staging',
      'abort',
      '--reason',
      'It loops',
      '--yes',
      ...BEHALF,
    );
    expect(code).toBe(0);
    expect(out).toContain('Everybody there gets v2, which stayed live. @U0DEV can undo it in Slack until ');
    expect(await live()).toBe(2);
    expect((await run(null, 'history', name, 'staging')).out).toMatch(
      /v3 {2}a canary, aborted at 10%.*\n {4}“It loops”/,
    );
  });

  it('is aborted by nobody who was not told what goes live by it', async () => {
    await start();
    const actor = inSlack('U0DEV');
    await server.useCases.pushVersion({ actor, source: flowSource(name, 'claude-next') });
    await server.useCases.deployVersion({ actor, workflow: name });
    await run(null, 'promote', name, 'staging', '--yes', ...BEHALF);
    await approve();
    const { err, out } = await run('y', 'rollout', name, 'staging', 'abort', ...BEHALF);
    expect(err).toContain('Then v4, which waits for this with all that it needs, would take its place for everybody.');
    expect(out).toContain('v4 had waited for that with all that it needs, and is live in staging now.');
    expect(out).not.toContain('stayed live');
    expect(await live()).toBe(4);
  });

  it.each([
    [['stop'], 'no step of a rollout'],
    [['101%'], 'is no share'],
    [['finish', '--reason', 'why'], '--reason is for abort'],
  ])('%j is refused before anything is asked', async (step, words) => {
    const { code, err } = await run('y', 'rollout', name, 'staging', ...step);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe('rollback while a canary runs', () => {
  it('takes out the canary alone, and the live version when it is run again', async () => {
    await start();
    const first = await run('y', 'rollback', name, 'staging');
    expect(first.err).toContain('the canary of v3 would go. v2 stays live, for everybody.');
    expect(first.out).toContain('v2 was not rolled back. Run this again to roll that back, too.');
    expect(await live()).toBe(2);
    const second = await run('y', 'rollback', name, 'staging');
    expect(second.out).toContain(`v1 of ${name} is live in staging again.`);
    expect(await live()).toBe(1);
  });

  it('takes out both with --to', async () => {
    await start();
    const { err, out } = await run('y', 'rollback', name, 'staging', '--to', 'v1');
    expect(err).toContain('The canary of v3 would go, too.');
    expect(out).toContain('The canary of v3 went, too.');
    expect(await live()).toBe(1);
  });
});
