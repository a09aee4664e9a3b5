import { open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { Refusal } from '../../domain/refusal.ts';

/** Bytes; the longest keys have a tenth of it. */
const LONGEST = 64 * 1024;

/**
 * The text of a file without the line end that editors leave behind it.
 * @throws Refusal secret_unavailable
 */
export async function readSecretFile(path: string, folders: readonly string[]): Promise<string> {
  const place = await findIn(path, folders);
  const content = await readUpTo(place, LONGEST + 1).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal('secret_unavailable', `The file ${path} can’t be read (${error.code ?? error.name}).`);
  });
  if (content.length > LONGEST)
    throw new Refusal('secret_unavailable', `The file ${path} is longer than 64 KB, which no secret is.`);
  const text = new TextDecoder().decode(content).replace(/\r?\n$/, '');
  if (text === '') throw new Refusal('secret_unavailable', `The file ${path} is empty.`);
  return text;
}

/** What the path leads to, where that is in one of the folders: what else the process may read is nobody's secret to name. */
async function findIn(path: string, folders: readonly string[]): Promise<string> {
  const place = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal('secret_unavailable', `The file ${path} can’t be read (${error.code ?? error.name}).`);
  });
  const known = await Promise.all(folders.map((folder) => realpath(folder).catch(() => null)));
  if (known.some((folder) => folder !== null && place.startsWith(`${folder}${sep}`))) return place;
  throw new Refusal(
    'secret_unavailable',
    `The file ${path} is in none of the folders for secrets: ${folders.join(', ')}. \`secretFolders\` in towpath.yaml names them.`,
  );
}

async function readUpTo(path: string, bytes: number): Promise<Uint8Array> {
  await using file = await open(path, 'r');
  // What is no plain file may never end, or wait for somebody to write.
  if (!(await file.stat()).isFile()) throw Object.assign(new Error('no file'), { code: 'ENOTFILE' });
  const buffer = Buffer.alloc(bytes);
  let length = 0;
  while (length < bytes) {
    const { bytesRead } = await file.read(buffer, length, bytes - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
