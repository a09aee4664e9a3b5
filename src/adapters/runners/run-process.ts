import { type ChildProcess, spawn } from 'node:child_process';
import { RunnerFailure } from '../../use-cases/ports/runners.ts';
import { tooLarge } from './call-endpoint.ts';

export interface ProcessRun {
  readonly command: readonly [program: string, ...parameters: string[]];
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly input: string;
  readonly outputBytes: number;
  readonly signal: AbortSignal;
}

/** Bytes of what it complains of that are kept: the last ones say why it ended. */
const KEPT_COMPLAINT = 2_000;
/** Milliseconds that what it leaves behind may go on writing. */
const AFTER_EXIT_MS = 500;

/**
 * Runs a program without a shell, and gives what it wrote. It gets a process group of its own, all of which is killed once it has
 * ended, writes too much or is given up.
 * @throws RunnerFailure; the signal's reason
 */
export async function runProcess(run: ProcessRun): Promise<string> {
  if (run.signal.aborted) throw run.signal.reason;
  const { command, folder, variables, input } = run;
  const [program, ...parameters] = command;
  const child = spawn(program, parameters, {
    cwd: folder,
    env: variables,
    detached: true,
    shell: false,
    stdio: 'pipe',
  });
  try {
    // It may end without reading.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return await outcomeOf(child, run);
  } finally {
    killGroup(child);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  }
}

function outcomeOf(child: ChildProcess, { outputBytes, signal }: ProcessRun): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const pieces: Buffer[] = [];
  let length = 0;
  let complaint = Buffer.alloc(0);
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  child.stdout?.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length > outputBytes) reject(tooLarge(outputBytes));
    else pieces.push(piece);
  });
  child.stderr?.on('data', (piece: Buffer) => {
    complaint = Buffer.concat([complaint, piece.subarray(-KEPT_COMPLAINT)]).subarray(-KEPT_COMPLAINT);
  });
  child.on('error', (error: NodeJS.ErrnoException) =>
    reject(new RunnerFailure('unreachable', `The command can’t be started (${error.code ?? error.name}).`)),
  );
  // What it started in the background may hold its output open for ever.
  child.on('exit', () => setTimeout(() => killGroup(child), AFTER_EXIT_MS).unref());
  child.on('close', (code, killedBy) => {
    if (code === 0) resolve(Buffer.concat(pieces).toString('utf8'));
    else reject(died(code, killedBy, complaint.toString('utf8')));
  });
  return promise.finally(() => signal.removeEventListener('abort', onAbort));
}

function died(code: number | null, killedBy: string | null, complaint: string): RunnerFailure {
  const how = code === null ? `was ended by ${killedBy ?? 'a signal'}` : `ended with ${code}`;
  const last =
    complaint
      .trim()
      .split(/\r?\n/)
      .at(-1)
      ?.replace(/\p{Cc}+/gu, ' ')
      .slice(-300)
      .toWellFormed() ?? '';
  return new RunnerFailure('died', last === '' ? `The command ${how}.` : `The command ${how}: ${last}`);
}

/** The group has the number of the process that began it, and outlives it while anything in it runs. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
