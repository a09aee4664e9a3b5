import { stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import type { BundleFile } from '../../domain/workflow/bundle/bundle-file.ts';
import { formatBundle } from '../../domain/workflow/bundle/format-bundle.ts';
import { LIMITS } from '../../domain/workflow/limits.ts';
import { type Gathered, gatherFolder, pathIn, readText, tooLarge, unreadable } from './gather-files.ts';
import { UsageError } from './terminal.ts';

/** One version to be: a file, or the files of a folder as one text. */
export interface Source {
  /** As it was given. */
  readonly path: string;
  readonly fileName: string;
  readonly source: string;
  /** Null where it is one file. */
  readonly gathered: Gathered | null;
}

/**
 * Reads what a command line names: each file by itself, each folder as a bundle; or all of it as one bundle.
 * @throws UsageError
 */
export async function readSources(paths: readonly string[], isOneWorkflow: boolean): Promise<Source[]> {
  const [first] = paths;
  if (isOneWorkflow && first !== undefined && paths.length > 1) return [await readTogether(paths)];
  const sources = [];
  for (const path of paths) sources.push(await readFileOrFolder(path));
  return sources;
}

/** Reads a file, or a folder as a bundle. @throws UsageError */
export async function readFileOrFolder(path: string): Promise<Source> {
  const fileName = basename(resolve(path));
  if (!(await isFolder(path))) return { path, fileName, source: await readOne(path), gathered: null };
  const { contents, ...gathered } = await gatherFolder(path);
  return { path, fileName, source: bundleOf(path, contents), gathered };
}

/** Paths in the bundle begin at the folder that holds all of them. */
async function readTogether(paths: readonly string[]): Promise<Source> {
  const whole = paths.map((path) => resolve(path));
  const folder = whole.map((path) => dirname(path)).reduce(commonFolder);
  const contents = new Map<string, BundleFile>();
  const leftOut = [];
  for (const [index, path] of paths.entries()) {
    const here = whole[index] ?? path;
    if (!(await isFolder(path))) {
      const file = { path: pathIn(folder, here), content: await readOne(path) };
      contents.set(file.path, file);
      continue;
    }
    const found = await gatherFolder(path);
    const below = (name: string) => `${pathIn(folder, here)}/${name}`;
    for (const { path: name, content } of found.contents) contents.set(below(name), { path: below(name), content });
    leftOut.push(...found.leftOut.map(({ path: name, reason }) => ({ path: below(name), reason })));
  }
  const name = paths.join(' ');
  const gathered = { files: [...contents.keys()], leftOut };
  return { path: name, fileName: basename(folder), source: bundleOf(name, [...contents.values()]), gathered };
}

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== b && !`${b}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)) {
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  return folder;
}

function bundleOf(path: string, contents: readonly BundleFile[]): string {
  const source = formatBundle(contents);
  // As one text, files grow by the escapes of their line ends and quotes.
  if (source.length > LIMITS.bytes || Buffer.byteLength(source) > LIMITS.bytes) throw tooLarge(path);
  return source;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readOne(path: string): Promise<string> {
  const text = await readText(path);
  if (text !== null) return text;
  if ((await stat(path)).size > LIMITS.bytes) throw tooLarge(path);
  throw new UsageError(`${path} is not UTF-8 text. Save it as UTF-8.`);
}
