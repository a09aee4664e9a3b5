import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startMark } from './embedded-process.ts';
import { EmbeddedRefusal } from './embedded-refusal.ts';
import { writeOnce } from './embedded-write-once.ts';

const Holder = z.object({ pid: z.int().positive(), startMark: z.string() });
type Holder = z.infer<typeof Holder>;

/**
 * Makes this process the only Towpath on a folder, until `release`. What a killed one left behind is taken over.
 * @throws EmbeddedRefusal folder_in_use, naming the process that runs on it
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const path = join(folder, 'towpath.pid');
  const own: Holder = { pid: process.pid, startMark: (await startMark(process.pid)) ?? 'unknown' };
  while (!(await writeOnce(path, JSON.stringify(own), 0o644))) await clearStale(path, folder);
  return { release: () => rm(path, { force: true }) };
}

/** Moved aside before it is removed and looked at again there: what another process locked meanwhile is put back. */
async function clearStale(path: string, folder: string): Promise<void> {
  await refuseWhileHeld(path, folder);
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    await refuseWhileHeld(aside, folder);
  } catch (error) {
    await link(aside, path).catch(() => undefined);
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function refuseWhileHeld(path: string, folder: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder === null || (await startMark(holder.pid)) !== holder.startMark) return;
  throw new EmbeddedRefusal(
    'folder_in_use',
    `Towpath already runs on ${folder} (process ${holder.pid}). Stop that one first (kill ${holder.pid}), or name another folder in TOWPATH_DATA.`,
  );
}

/** Null for a file that is gone or holds something else, as after a full disk. */
async function readHolder(path: string): Promise<Holder | null> {
  const text = await readFile(path, 'utf8').catch(() => 'null');
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
