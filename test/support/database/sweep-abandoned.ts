import { readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isServerOf, startMark } from '../../../src/adapters/persistence/embedded-process.ts';
import { endServer } from '../../../src/adapters/persistence/embedded-server.ts';

export const FOLDER_PREFIX = 'towpath-test-';

/** Stops and removes what runs of tests before left behind that were killed too hard to do it themselves. */
export async function sweepAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    // What can't be read or removed is no reason to run no tests.
    if (await isAbandoned(folder).catch(() => false)) await remove(folder).catch(() => undefined);
  }
}

const Holder = z.object({ pid: z.int().positive(), startMark: z.string() });

/** Whether the process that the folder names as its user is gone. A folder that names none may be in the making. */
async function isAbandoned(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, 'towpath.pid'), 'utf8').catch(() => 'null');
  const holder = Holder.safeParse(JSON.parse(text));
  return holder.success && (await startMark(holder.data.pid)) !== holder.data.startMark;
}

async function remove(folder: string): Promise<void> {
  // Killed early, it may have no data yet.
  const data = await realpath(join(folder, 'postgres')).catch(() => folder);
  const pid = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => ''), 10);
  if (Number.isSafeInteger(pid) && (await isServerOf(pid, data))) await endServer(pid);
  await rm(folder, { recursive: true, force: true });
}
