import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../src/adapters/cli/run-cli.ts';

export interface CliRun {
  code: number;
  out: string;
  err: string;
  questions: string[];
}

/** The program of somebody with a home folder of their own, against one server. */
export interface CliHome {
  folder: string;
  /** Below which logins are kept. */
  file: string;
  run(args: readonly string[], more?: CliMore): Promise<CliRun>;
  end(): Promise<void>;
}
export interface CliMore {
  env?: Record<string, string>;
  /** What they answer to every question; left out, nobody can be asked. */
  answer?: string;
  /** Called before they answer. */
  meanwhile?: () => Promise<unknown>;
  /** What standard input holds. */
  stdin?: string;
  /** Called instead of letting time pass, with what was written to standard error so far. */
  paused?: (err: string) => Promise<unknown>;
}

export async function openCliHome(server: string): Promise<CliHome> {
  const folder = await mkdtemp(join(tmpdir(), 'towpath-home-'));
  return {
    folder,
    file: join(folder, 'towpath', 'credentials.json'),
    run: (args, more = {}) => run(args, more, { XDG_CONFIG_HOME: folder, TOWPATH_SERVER: server }),
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

async function run(args: readonly string[], more: CliMore, env: Record<string, string>): Promise<CliRun> {
  const { answer, meanwhile, paused } = more;
  let [out, err, clock] = ['', '', 0];
  const questions: string[] = [];
  const code = await runCli({
    arguments: args,
    env: { ...env, ...more.env },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
    ...(answer === undefined
      ? {}
      : {
          ask: async (question: string) => {
            questions.push(question);
            await meanwhile?.();
            return answer;
          },
        }),
    ...(more.stdin === undefined ? {} : { stdin: async () => more.stdin as string }),
    pause: async (ms) => {
      clock += ms;
      await paused?.(err);
    },
    now: () => clock,
  });
  return { code, out, err, questions };
}
