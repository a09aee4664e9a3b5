import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.ts';
import { type FlowServer, inSlack, startFlowServer } from '../../support/http/start-flow-server.ts';
import { TOKEN } from '../../support/http/start-test-server.ts';

let server: FlowServer;
let folder: string;
let path: string;
let nth = 0;
beforeAll(async () => {
  server = await startFlowServer();
  folder = await mkdtemp(join(tmpdir(), 'towpath-apply-'));
  path = join(folder, 'towpath.yaml');
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  nth += 1;
  const open = await server.useCases.listSettingsProposals({ actor: inSlack('U0ADA'), environment: 'staging' });
  for (const { id } of open.proposals)
    await server.useCases.cancelSettings({ actor: inSlack('U0ADA'), proposalId: id });
  await write(file());
});

const write = (text: string) => writeFile(path, text);
const file = (staging = `{ model: model-${nth} }`) => `environments:
  - { name: development, settings: { variables: { N: ${nth} } }, workflows: { later: { model: a } } }
  - { name: staging, channel: C0NEW, settings: ${staging} }
  - { name: production }
people: { U0LEE: lead }
`;

/** The program; `answer`: what somebody at the terminal says, left out where nobody is there. */
async function run(args: string[], answer?: string, meanwhile: () => Promise<unknown> = async () => {}) {
  let [out, err] = ['', ''];
  const code = await runCli({
    arguments: ['apply', path, '--on-behalf-of', 'U0ADA', ...args],
    env: { TOWPATH_API_TOKEN: TOKEN, TOWPATH_SERVER: server.url },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
    ...(answer === undefined
      ? {}
      : {
          ask: async () => {
            await meanwhile();
            return answer;
          },
        }),
    pause: async () => {},
    now: () => 0,
  });
  return { code, out, err };
}
const given = async () =>
  (await server.call('GET', '/api/v1/environments/development/settings')).json.layer.settings.variables?.N;

describe('towpath apply', () => {
  it('shows what would be done and what is not, asks, and does it after a yes', async () => {
    await write(file());
    const { code, out, err } = await run([], 'y');
    expect(err).toContain(`development: applies at once
  Variable N`);
    expect(err).toContain(`staging: needs approval, so it will be proposed
  Default model was added: ‘model-${nth}’
`);
    expect(err).toContain(`Applied only when the server starts with it:
  environments.development.`);
    expect(err).toContain('  environments.staging.channel\n');
    expect(err).toContain(`Nobody pushed these workflows yet, so nothing is done for them:
  later in development
`);
    expect([code, await given()]).toEqual([0, nth]);
    expect(out).toContain('development: applied\n');
    expect(out).toContain('staging: proposed. Approval by 1 lead\n');
  });

  it('does nothing after a no, and with --dry-run asks nobody', async () => {
    expect(await run([], 'n')).toMatchObject({ code: 1, out: 'Nothing was applied.\n' });
    const { code, out, err } = await run(['--dry-run']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('development: applies at once\n');
    expect(await given()).not.toBe(nth);
  });

  it('where nobody can be asked wants --yes, and with --json says it in one document', async () => {
    expect(await run([])).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    const { code, out, err } = await run(['--yes', '--json']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ applied: true, layers: [{ outcome: 'applied' }, { outcome: 'proposed' }] });
    expect(await given()).toBe(nth);
  });

  it('asks nobody where the settings are as the file says', async () => {
    await write(file('{}'));
    await run(['--yes']);
    expect(await run([], 'never asked')).toMatchObject({
      code: 0,
      out: expect.stringContaining('The settings are as the file says.\n'),
    });
  });

  it('does nothing where a part cannot be had, and says which and why', async () => {
    await server.useCases.proposeSettings({
      ...{ actor: inSlack('U0ADA'), environment: 'staging', settings: { model: 'other' } },
    });
    const { code, out } = await run(['--yes']);
    expect(await given()).not.toBe(nth);
    expect(code).toBe(1);
    expect(out).toContain('staging: can’t be had\n');
    expect(out).toContain('by @U0ADA waits for approval already');
    expect(out).toContain('Nothing can be applied as long as a part can’t be had.\n');
  });

  it('does nothing where something else would be done by the time of the yes', async () => {
    const meanwhile = () =>
      server.useCases.proposeSettings({
        ...{ actor: inSlack('U0ADA'), environment: 'development', settings: { runner: `edge-${nth}` } },
      });
    const { code, err } = await run([], 'y', meanwhile);
    expect(await given()).not.toBe(nth);
    expect([code, err]).toEqual([1, expect.stringContaining('than was shown')]);
  });

  it('says what is wrong with the file, by line, or that there is none', async () => {
    await write('people: { U0LEE: boss }\n');
    expect(await run(['--yes'])).toMatchObject({ code: 1, err: expect.stringContaining('towpath.yaml, line 1') });
    path = join(folder, 'nowhere.yaml');
    expect(await run(['--yes'])).toMatchObject({ code: 2, err: expect.stringContaining('nowhere.yaml can') });
    path = join(folder, 'towpath.yaml');
  });
});
