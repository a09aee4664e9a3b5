import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProgram } from '../../../src/adapters/cli/run-cli.ts';
import { runCommandLine } from '../../support/towpath/command-line.ts';

const nothing = () => {};
const terminal = { arguments: [], env: {}, print: nothing, complain: nothing, pause: async () => {}, now: () => 0 };
const program = makeProgram({ terminal, done: nothing });
const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

let folder: string;
const scripts: Record<string, string> = {};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-completion-'));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, out, err } = await runCommandLine(['completion', shell], {});
    expect([code, err]).toEqual([0, '']);
    scripts[shell] = out;
    await writeFile(join(folder, shell), out);
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** What bash offers after these words, the last of which is being typed. */
function offeredByBash(...words: string[]): string[] {
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _towpath; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', join(folder, 'bash'), ...words], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

describe('the completion scripts', () => {
  it.each(['bash', 'zsh', 'fish'])('for %s knows every command and every option of the program', (shell) => {
    for (const command of program.commands) {
      expect(scripts[shell]).toContain(command.name());
      for (const { long } of command.options)
        expect(scripts[shell]).toContain(shell === 'fish' ? `-l ${long?.slice(2)} ` : long);
    }
  });

  it('offer in bash what begins so: commands, options, shells', () => {
    expect(offeredByBash('towpath', 'ro')).toEqual(['rollout', 'rollback']);
    expect(offeredByBash('towpath', 'rollout', 'w', 'staging', 'a')).toEqual(['abort']);
    expect(offeredByBash('towpath', '')).toEqual([...program.commands.map((one) => one.name()), 'help', '--help']);
    expect(offeredByBash('towpath', 'promote', '--w')).toEqual(['--wait']);
    expect(offeredByBash('towpath', 'promote', 'w', 'staging', '--re')).toEqual(['--reason', '--replace']);
    expect(offeredByBash('towpath', 'completion', 'f')).toEqual(['fish']);
    expect(offeredByBash('towpath', 'promote', '--reason', '--')).toEqual([]);
  });

  it.runIf(has('fish'))('offer the same in fish', () => {
    const offered = (line: string) =>
      spawnSync(
        'fish',
        ['--no-config', '-c', `source "$argv[1]"; complete -C "$argv[2]"`, join(folder, 'fish'), line],
        {
          encoding: 'utf8',
        },
      )
        .stdout.split('\n')
        .flatMap((one) => one.split('\t')[0] || []);
    expect(offered('towpath ro').sort()).toEqual(['rollback', 'rollout']);
    expect(offered('towpath promote --w')).toEqual(['--wait']);
    expect(offered('towpath completion f')).toEqual(['fish']);
  });

  it.runIf(has('zsh'))('are a script that zsh can read', () => {
    expect(spawnSync('zsh', ['-n', join(folder, 'zsh')], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it('are for shells that there are', async () => {
    const { code, err } = await runCommandLine(['completion', 'csh'], {});
    expect([code, err]).toEqual([2, expect.stringContaining('Allowed choices are bash, zsh, fish')]);
  });
});
