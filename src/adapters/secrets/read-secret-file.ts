import { open } from 'node:fs/promises';
import { Refusal } from '../../domain/refusal.ts';

/** Bytes; the longest keys have a tenth of it. */
const LONGEST = 64 * 1024;

/**
 * The text of a file without the line end that editors leave behind it.
 * @throws Refusal secret_unavailable
 */
export async function readSecretFile(path: string): Promise<string> {
  const content = await readUpTo(path, LONGEST + 1).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal('secret_unavailable', `The file ${path} can’t be read (${error.code ?? error.name}).`);
  });
  if (content.length > LONGEST)
    throw new Refusal('secret_unavailable', `The file ${path} is longer than 64 KB, which no secret is.`);
  const text = new TextDecoder().decode(content).replace(/\r?\n$/, '');
  if (text === '') throw new Refusal('secret_unavailable', `The file ${path} is empty.`);
  return text;
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
