import { execFile } from 'node:child_process';
import { readFile, readlink, realpath } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * When the process with this id started, as the system tells it (compare only; not a time); null when none runs. A pid alone
 * names nobody: it is given out again, and in containers nearly at once. A process that has ended but whose parent never
 * asked for it (a zombie) does not run.
 */
export async function startMark(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return markFromProc(pid);
  if (process.platform === 'win32') return exists(pid) ? 'unknown' : null;
  const answer = await ask(pid, 'stat=,lstart=');
  return answer === null || answer.startsWith('Z') ? null : answer.replace(/^\S+\s+/, '');
}

/** Whether the process is the PostgreSQL server of this data folder. False when it can't be told. */
export async function isServerOf(pid: number, data: string): Promise<boolean> {
  if ((await startMark(pid)) === null) return false;
  if (process.platform === 'win32') return false;
  if (process.platform !== 'linux') return ((await ask(pid, 'args=')) ?? '').includes(`-D ${data}`);
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return cwd === (await realpath(data)) && name.trim() === 'postgres';
}

/** Waits until the process is gone. Returns false when it still runs after `patience` milliseconds. */
export async function waitForEnd(pid: number, patience: number): Promise<boolean> {
  const deadline = Date.now() + patience;
  while ((await startMark(pid)) !== null) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

/** Sends a signal; to nobody when the process is gone or somebody else's. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** State and start are the 3rd and 22nd field of /proc/…/stat; the 2nd, the name, may hold spaces and brackets. */
async function markFromProc(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}

async function ask(pid: number, columns: string): Promise<string | null> {
  const answer = await run('ps', ['-ww', '-o', columns, '-p', String(pid)]).catch(() => null);
  return answer === null ? null : answer.stdout.trim();
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
