import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitUntil } from '../support/slack/wait-until.ts';
import { lastWhisper, push, workflowSource } from '../support/towpath/acts.ts';
import { type CommandLine, runCommandLine, startCommandLine } from '../support/towpath/command-line.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0GENERAL';
const BEHALF = ['--on-behalf-of', 'U0DEV'];

let towpath: WholeTowpath;
let folder: string;
let name: string;
let nth = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-command-line-'));
  towpath = await startWholeTowpath();
  await towpath.slack.type('U0ADA', CHANNEL, '/towpath role @lee lead');
  await waitUntil('the role', () => lastWhisper(towpath, 'U0ADA', CHANNEL));
});
afterAll(async () => {
  await towpath?.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  nth += 1;
  name = `flow-${nth}`;
});

const env = () => ({ TOWPATH_API_TOKEN: towpath.apiToken, TOWPATH_SERVER: towpath.url });
const run = (...args: string[]) => runCommandLine(args, env());
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).out);

/** Live in development, so that it can be promoted. */
async function deployed(): Promise<void> {
  await push(towpath, name, workflowSource(name, 'Be brief.'));
  expect(await run('deploy', name, ...BEHALF)).toMatchObject({ code: 0, err: '' });
}

/** Asks for staging and waits, until whoever watches sees that it waits. */
async function waiting(...more: string[]): Promise<CommandLine> {
  const command = startCommandLine(['promote', name, 'staging', '--yes', '--wait', ...BEHALF, ...more], env());
  await waitUntil('the promotion to be asked for', () => command.err().includes('It needs:'));
  return command;
}

describe('the whole story, on the command line', () => {
  test('goes from a file through approval in Slack to a rollback, and can be looked up', async () => {
    const path = join(folder, `${name}.yaml`);
    await writeFile(path, workflowSource(name, 'Be brief.'));
    expect((await run('push', path, '--on-behalf-of', 'U0DEV')).out).toBe(`v1 of ${name} (created, a new workflow)\n`);
    const deploy = await run('deploy', name, 'v1', '--reason', 'first', ...BEHALF);
    expect(deploy).toEqual({
      code: 0,
      out: `v1 of ${name} is live in development, where nothing was.\nNext: towpath promote ${name} staging\n`,
      err: '',
    });

    const promote = await waiting();
    expect(promote.err()).toContain('  [ ] Approval by 1 lead\n');
    await towpath.slack.type('U0LEE', CHANNEL, `/approve ${name}`);
    const { code, out, err } = await promote.ended;
    expect([code, out]).toEqual([0, `v1 of ${name} is live in staging.\n`]);
    expect(err).toContain('Approved by @U0LEE (lead).');

    await push(towpath, name, workflowSource(name, 'Be kind.'));
    await run('deploy', name, ...BEHALF);
    const second = await waiting('--json');
    await towpath.slack.type('U0LEE', CHANNEL, `/approve ${name}`);
    const answered = await second.ended;
    expect([answered.code, JSON.parse(answered.out)]).toMatchObject([
      0,
      { outcome: 'deployed', promotion: { status: 'deployed', workflow: name, version: { number: 2 } } },
    ]);

    expect((await run('status', name)).out).toMatch(/staging +v2 +since .* by @U0LEE/);
    const rollback = await run('rollback', name, 'stg', '--yes', '--reason', 'It answers in French', ...BEHALF);
    expect([rollback.code, rollback.out.split('\n')[0]]).toEqual([0, `v1 of ${name} is live in staging again.`]);
    const history = await run('history', name, 'staging');
    expect(history.out).toMatch(/staging {2}v2 {2}rolled back, by @U0LEE, approved by @U0LEE/);
    expect((await run('audit', '--workflow', name, '--action', 'deployment.rolled_back')).out).toMatch(
      /@U0DEV \(api\) {2}deployment\.rolled_back {2}deployment:/,
    );
    expect((await json('resolve', name, 'staging')).version.number).toBe(1);
    expect((await run('resolve', name, 'staging')).out).toMatch(/^v1 of flow-\d+, live in staging since .*\n.*\n\ndef/);
    expect(await run('resolve', 'nowhere', 'staging')).toMatchObject({ code: 1, out: '' });
    expect((await json('runs', name)).items).toEqual([]);
  });
});

describe('promote --wait', () => {
  test('ends with 4 and the reason when it is rejected', async () => {
    await deployed();
    const command = await waiting();
    await towpath.slack.type('U0LEE', CHANNEL, `/reject ${name} Not on a Friday`);
    expect(await command.ended).toMatchObject({
      code: 4,
      out: `The promotion of v1 of ${name} to staging was rejected by @U0LEE: Not on a Friday\n`,
    });
  });

  test('ends with 5 when it can’t be had any more', async () => {
    await deployed();
    await push(towpath, name, workflowSource(name, 'Be kind.'));
    await run('deploy', name, ...BEHALF);
    const command = await waiting();
    expect((await run('rollback', name, 'development', '--yes')).code).toBe(0);
    expect(await command.ended).toMatchObject({ code: 5, out: expect.stringContaining('rolled back in development') });
  });

  test('ends with 6 when the time is up, and can be taken up again', async () => {
    await deployed();
    const short = await (await waiting('--timeout', '1s')).ended;
    expect([short.code, short.out]).toEqual([6, expect.stringContaining('run this again to wait on')]);
    const again = await waiting();
    await towpath.slack.type('U0LEE', CHANNEL, `/approve ${name}`);
    expect((await again.ended).code).toBe(0);
    expect((await json('audit', '--workflow', name, '--action', 'promotion.requested')).items).toHaveLength(1);
  });

  test('waits on while the server is started anew, and says once that it can’t be reached', async () => {
    await deployed();
    const command = await waiting();
    await towpath.kill();
    await waitUntil('the outage to be noticed', () => command.err().includes("can't be reached"));
    await towpath.start();
    await towpath.slack.type('U0LEE', CHANNEL, `/approve ${name}`);
    const { code, err } = await command.ended;
    expect([code, err.split("can't be reached").length - 1]).toEqual([0, 1]);
  });
});

test('acting beyond the first environment is refused where nobody can be asked', async () => {
  for (const command of ['promote', 'rollback']) {
    const { code, out, err } = await run(command, name, 'staging');
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('Add --yes')]);
  }
});

test('a server that speaks in control characters reaches no terminal with them', async () => {
  const hostile = `${'\u001b'}[2J${'\u202e'}`;
  const audit = await run('audit', '--action', 'version.pushed');
  await push(towpath, name, workflowSource(name, 'x'));
  await run('deploy', name, '--reason', `because ${hostile}`, ...BEHALF);
  const { out } = await run('history', name);
  expect(out).toContain('“because \ufffd[2J\ufffd”');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal would obey
  expect(out + audit.out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
});
