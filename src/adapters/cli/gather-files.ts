import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { BUNDLE_LIMITS, type BundleFile, problemOfPath } from '../../domain/workflow/bundle/bundle-file.ts';
import { LIMITS } from '../../domain/workflow/limits.ts';
import { UsageError } from './terminal.ts';

/** What of a folder is part of a version, by paths from the folder on. */
export interface Gathered {
  readonly files: readonly string[];
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
}

/** Folders that tools fill, never people. */
const TOOL_FOLDERS = new Set(['node_modules', '__pycache__']);
const DEEPEST = 20;
const MEGABYTES = LIMITS.bytes / 1024 / 1024;

/** A file or folder that can't be had. */
export function unreadable(path: string, error: unknown): UsageError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new UsageError(`${path} can't be read (${code}). Check the name, and that you may read it.`);
}

/**
 * Reads the text files of a folder and of those in it. Links are not followed: they may lead out of it.
 * @throws UsageError
 */
export async function gatherFolder(folder: string): Promise<Gathered & { readonly contents: readonly BundleFile[] }> {
  const contents: BundleFile[] = [];
  const leftOut: { path: string; reason: string }[] = [];
  let bytes = 0;
  const take = async (path: string): Promise<void> => {
    const text = await readText(join(folder, path));
    if (text === null) leftOut.push({ path, reason: 'no text' });
    else contents.push({ path: checkedPath(path), content: text });
    bytes += text === null ? 0 : Buffer.byteLength(text);
    if (bytes > LIMITS.bytes || contents.length > BUNDLE_LIMITS.files) throw tooMuch(folder, bytes > LIMITS.bytes);
  };
  const visit = async (path: string, depth: number): Promise<void> => {
    if (depth > DEEPEST) throw new UsageError(`${folder} holds folders more than ${DEEPEST} deep. Push one of them.`);
    const entries = await listFolder(join(folder, path));
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const here = path === '' ? entry.name : `${path}/${entry.name}`;
      const reason = reasonToLeaveOut(entry);
      if (reason !== null) leftOut.push({ path: here, reason });
      else if (entry.isDirectory()) await visit(here, depth + 1);
      else await take(here);
    }
  };
  await visit('', 0);
  if (contents.length === 0) throw new UsageError(`${folder} holds no text file. Give the folder of a workflow.`);
  return { contents, files: contents.map(({ path }) => path), leftOut };
}

/** A file's path from a folder on, as bundles write it. */
export function pathIn(folder: string, file: string): string {
  return checkedPath(relative(folder, file).split(sep).join('/'));
}

/** Null where it is no UTF-8 text. @throws UsageError where it is larger than a workflow may be */
export async function readText(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > LIMITS.bytes && (await looksLikeText(path))) throw tooLarge(path);
    if (size > LIMITS.bytes) return null;
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
    return text.includes('\0') ? null : text;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof TypeError) return null;
    throw unreadable(path, error);
  }
}

export function tooLarge(path: string): UsageError {
  return new UsageError(
    `${path} is larger than the ${MEGABYTES} MB that a workflow may have. Leave out what is generated.`,
  );
}

function tooMuch(folder: string, isLarge: boolean): UsageError {
  if (isLarge) return tooLarge(folder);
  const most = BUNDLE_LIMITS.files.toLocaleString('en');
  return new UsageError(`${folder} holds more than the ${most} files that a workflow may have. Push a folder in it.`);
}

async function listFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw unreadable(path, error);
  }
}

interface Entry {
  readonly name: string;
  isDirectory(): boolean;
  isFile(): boolean;
}

function reasonToLeaveOut(entry: Entry): string | null {
  if (entry.name.startsWith('.')) return 'dot file';
  if (entry.isDirectory()) return TOOL_FOLDERS.has(entry.name) ? 'made by a tool' : null;
  return entry.isFile() ? null : 'a link, or no file';
}

function checkedPath(path: string): string {
  const problem = problemOfPath(path);
  if (problem === null) return path;
  throw new UsageError(`“${path}” ${problem.replace(/;.*$/, '')}. Rename or move it.`);
}

/** By how it begins: weights of a model are never read whole. */
async function looksLikeText(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8_192), 0, 8_192, 0);
    new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead), { stream: true });
    return !buffer.subarray(0, bytesRead).includes(0);
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  } finally {
    await file.close();
  }
}
