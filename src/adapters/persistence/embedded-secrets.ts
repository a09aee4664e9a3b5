import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedRefusal } from './embedded-refusal.ts';
import { writeOnce } from './embedded-write-once.ts';

const LEAST_LENGTH = 32;

/**
 * The process's TOWPATH_KEY where nobody gave one: made once, kept in `key` beside the embedded database, readable by its
 * owner alone. At least 32 characters.
 * @throws EmbeddedRefusal folder_unusable
 */
export function ensureKey(dataDir: string): Promise<string> {
  return ensureSecret(resolve(dataDir), 'key');
}

/** The embedded database's password, made once and kept likewise. */
export function ensurePassword(dataDir: string): Promise<string> {
  return ensureSecret(resolve(dataDir), 'password');
}

async function ensureSecret(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  try {
    await ensureFolder(folder);
    return (await readSecret(path)) ?? (await makeSecret(path));
  } catch (error) {
    if (error instanceof EmbeddedRefusal) throw error;
    throw new EmbeddedRefusal(
      'folder_unusable',
      `${path} can't be read or written (${String((error as NodeJS.ErrnoException).code ?? error)}). Start Towpath as the user who owns ${folder}, or name another folder in TOWPATH_DATA.`,
      { cause: error },
    );
  }
}

/** Root's folder lets the database's own user pass to the data below it; what is secret in it has mode 600. */
async function ensureFolder(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
  try {
    await mkdir(folder, { mode });
    await chmod(folder, mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

async function readSecret(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const secret = text.trim();
  if (secret.length < LEAST_LENGTH) {
    throw new EmbeddedRefusal(
      'folder_unusable',
      `${path} holds fewer than ${LEAST_LENGTH} characters. Put back what was in it; Towpath made it and never shortens it.`,
    );
  }
  await chmod(path, 0o600);
  return secret;
}

/** Of several processes that make it at once, all read what one of them wrote. */
async function makeSecret(path: string): Promise<string> {
  await writeOnce(path, `${randomBytes(32).toString('base64url')}\n`, 0o600);
  const secret = await readSecret(path);
  if (secret === null) throw new Error(`${path} vanished while it was being made`);
  return secret;
}
