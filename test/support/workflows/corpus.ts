import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

/** Versions of real workflows that people published. They are not part of this repository. */
const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);

/** Where it is absent, the tests that need it are skipped. */
export function hasCorpus(format: string): boolean {
  return existsSync(new URL(`${format}/`, CORPUS));
}

/** Both versions of a pair such as `flowise/03`, and what the diff says of them. */
export function diffOfPair(pair: string, from: 'before' | 'after' = 'before', to: 'before' | 'after' = 'after') {
  const folder = new URL(`${pair}/`, CORPUS);
  const load = (which: string) => {
    const file = readdirSync(folder).find((name) => name.startsWith(`${which}.`));
    if (file === undefined) throw new Error(`${pair} has no ${which}`);
    return readDefinition(readFileSync(new URL(file, folder), 'utf8'), { fileName: file });
  };
  const [before, after] = [load(from), load(to)];
  return { before, after, diff: diffDefinitions(before, after) };
}
