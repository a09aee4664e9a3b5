import { readFile, stat } from 'node:fs/promises';
import { LIMITS } from '../../domain/workflow/limits.ts';
import { UsageError } from './terminal.ts';

/** The text of one file of at most 10 MB. @throws UsageError */
export async function readSource(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > LIMITS.bytes)
      throw new UsageError(`${path} is larger than the 10 MB that a workflow may have. Leave out what is generated.`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof TypeError) throw new UsageError(`${path} is not UTF-8 text. Save it as UTF-8.`);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`${path} can't be read (${code}). Check the name, and that you may read it.`);
  }
}
