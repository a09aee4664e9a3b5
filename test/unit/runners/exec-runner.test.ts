import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { ExecCommand } from '../../../src/adapters/runners/exec-runner.ts';
import { makeRunner } from '../../../src/adapters/runners/make-runner.ts';
import { failureOf, runRequest, SECRET } from '../../support/runners/run-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'towpath-exec-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program of Node's, which reads what it is given into `input`. */
const program = (source: string, more: Partial<ExecCommand> = {}): ExecCommand => ({
  command: [
    process.execPath,
    '-e',
    `let text = ''; process.stdin.on('data', (d) => text += d); process.stdin.on('end', () => { const input = JSON.parse(text); ${source} });`,
  ],
  ...more,
});
const answers = (expression: string) => program(`process.stdout.write(JSON.stringify(${expression}))`);

function run(command: ExecCommand | undefined, more: Partial<Parameters<typeof runRequest>[0]> = {}) {
  const commands = command === undefined ? {} : { agent: command };
  return makeRunner({ commands }).run(runRequest({ ...more, runner: { kind: 'exec', command: 'agent' } }));
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the exec runner', () => {
  it('gives the command what a service is posted, and takes what it writes', async () => {
    expect(await run(answers('{ output: input.input.ticket, cost: 0.5 }'))).toMatchObject({
      output: 'It is down',
      cost: 0.5,
    });
  });

  it('is off unless the operator names the command', async () => {
    expect(await failureOf(run(undefined))).toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('allows no command'),
    });
    const inherited = makeRunner({ commands: {} }).run(
      runRequest({ runner: { kind: 'exec', command: 'constructor' } }),
    );
    expect(await failureOf(inherited)).toMatchObject({ kind: 'unsupported' });
  });

  it('asks no shell about what it is given', async () => {
    const echo: ExecCommand = { command: ['/bin/echo', '{"output": "$(id) `id` ; id"}'] };
    expect(await run(echo)).toMatchObject({ output: '$(id) `id` ; id' });
  });

  it('gives the command no variable of this process, and only the secrets that the operator names', async () => {
    const names = await run(answers('{ output: Object.keys(process.env).sort() }'));
    expect(names.output).toEqual(['LANG', 'PATH']);
    const length = await run(
      program('process.stdout.write(JSON.stringify({ output: process.env.AGENT_KEY.length }))', {
        secrets: ['AGENT_KEY'],
      }),
    );
    expect(length.output).toBe(SECRET.length);
  });

  it('lets no secret out, neither in the output nor in what it complains of', async () => {
    const secrets = { secrets: ['AGENT_KEY'] };
    const told = await run(program('process.stdout.write(JSON.stringify({ output: process.env.AGENT_KEY }))', secrets));
    expect(told.output).toBe('[secret]');
    const failure = await failureOf(
      run(program('console.error("bad key " + process.env.AGENT_KEY); process.exit(3)', secrets)),
    );
    expect(failure.message).toBe('The command ended with 3: bad key [secret]');
  });

  it.each<[string, string, RegExp, ExecCommand]>([
    ['fails', 'died', /ended with 1/, program('process.exit(1)')],
    ['is killed', 'died', /SIGKILL/, program('process.kill(process.pid, "SIGKILL")')],
    ['writes nonsense', 'malformed', /no JSON/, program('process.stdout.write("hello")')],
    ['writes nothing', 'malformed', /empty/, program('')],
    [
      'writes 50 MB',
      'too_large',
      /10 MB/,
      program('const a = "a".repeat(1e6); for (let i = 0; i < 50; i++) process.stdout.write(a)'),
    ],
    ['is not there', 'unreachable', /ENOENT/, { command: ['/no/such/program'] }],
    ['never reads', 'malformed', /empty/, { command: ['/bin/true'] }],
  ])('a command that %s: %s', async (_what, kind, message, command) => {
    const large = { input: { text: 'x'.repeat(2_000_000) } };
    expect(await failureOf(run(command, large))).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('kills a command that hangs with all that it started', async () => {
    const place = join(folder, 'hanging');
    const hanging = program(
      `const child = require('node:child_process').spawn('/bin/sleep', ['600'], { stdio: 'ignore' });
       require('node:fs').writeFileSync(${JSON.stringify(place)}, process.pid + ' ' + child.pid); setInterval(() => {}, 1000);`,
    );
    const stop = new AbortController();
    const running = run(hanging, { signal: stop.signal });
    const pids = await vi.waitFor(async () => {
      const found = (await readFile(place, 'utf8')).split(' ').map(Number);
      expect(found).toHaveLength(2);
      return found;
    }, 5_000);
    stop.abort(new Error('closed'));
    await expect(running).rejects.toThrow('closed');
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), 5_000);
  });

  it('does not wait for what a command leaves behind', async () => {
    const place = join(folder, 'leaving');
    const leaving = program(
      `const child = require('node:child_process').spawn('/bin/sleep', ['600'], { stdio: ['ignore', 'inherit', 'ignore'] });
       require('node:fs').writeFileSync(${JSON.stringify(place)}, String(child.pid));
       process.stdout.write('{"output":1}', () => process.exit(0));`,
    );
    expect(await run(leaving)).toMatchObject({ output: 1 });
    const pid = Number(await readFile(place, 'utf8'));
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5_000);
  });
});
