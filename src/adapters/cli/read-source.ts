import { readFileOrFolder } from './read-sources.ts';

/** The text of one file or of a folder, which becomes a bundle, of at most 10 MB. @throws UsageError */
export async function readSource(path: string): Promise<string> {
  const { source } = await readFileOrFolder(path);
  return source;
}
