import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MAX_FILE_BYTES, type StoredFile } from './files.ts';
import { type KeptFile, type KeptState, keptStateSchema, NOTHING_KEPT, writeKeptState } from './kept-state.ts';
import type { SlackState } from './slack-state.ts';

/** A larger one is none of ours. In bytes. */
const MAX_STATE_BYTES = 300 * 1024 * 1024;

/**
 * Reads what was kept. A file that can't be read is set aside as `….broken`, with one line about it for the person who started
 * this, and nothing is kept then.
 */
export async function loadState(path: string, tell: (line: string) => void): Promise<KeptState> {
  try {
    const { size } = await stat(path);
    if (size > MAX_STATE_BYTES) throw new Error(`${size} bytes are too many`);
    const { lastTs, messages, files } = keptStateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    return { lastTs, messages, files: await loadFiles(path, files) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING_KEPT;
    const aside = `${path}.broken`;
    const renamed = await rename(path, aside).then(
      () => ` It was renamed to ${aside}.`,
      () => '',
    );
    tell(`${path} can't be read, so the sandbox starts without its old messages.${renamed}`);
    return NOTHING_KEPT;
  }
}

/** Writes everything that is to be kept: into a draft that then takes the file's place, so that a crash leaves a whole one. */
export async function saveState(path: string, state: SlackState): Promise<void> {
  // Others may pass through the folder, as the embedded database's own user has to; what is in it is closed to them.
  await mkdir(dirname(path), { recursive: true, mode: 0o711 });
  await saveFiles(path, state.files.list());
  await replaceFile(path, writeKeptState(state));
}

/** Throws away what was kept. */
export async function forgetState(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(folderOf(path), { recursive: true, force: true });
}

/** Uploads are large and never change, so each has a file of its own. */
function folderOf(path: string): string {
  return `${path}.files`;
}

async function loadFiles(path: string, files: readonly KeptFile[]): Promise<StoredFile[]> {
  const loaded: StoredFile[] = [];
  for (const { size, ...file } of files) {
    const content = size <= MAX_FILE_BYTES ? await readFile(join(folderOf(path), file.id)).catch(() => null) : null;
    if (content?.length === size) loaded.push({ ...file, content });
  }
  return loaded;
}

async function saveFiles(path: string, files: readonly StoredFile[]): Promise<void> {
  const folder = folderOf(path);
  if (files.length > 0) await mkdir(folder, { recursive: true, mode: 0o700 });
  const saved = new Set(await readdir(folder).catch(() => []));
  for (const { id, content } of files) if (!saved.delete(id)) await replaceFile(join(folder, id), content);
  for (const gone of saved) await rm(join(folder, gone), { force: true });
}

async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, content, { mode: 0o600, flush: true });
  await rename(draft, path);
}
