import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The real program as a process of its own, with no variable but those given and nobody to ask. */
export interface CommandLine {
  /** What it wrote so far. */
  out(): string;
  err(): string;
  ended: Promise<Ended>;
}
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export function startCommandLine(args: readonly string[], env: Record<string, string>): CommandLine {
  const child = spawn(process.execPath, ['src/adapters/cli/main.ts', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { out: () => out, err: () => err, ended };
}

export function runCommandLine(args: readonly string[], env: Record<string, string>): Promise<Ended> {
  return startCommandLine(args, env).ended;
}
