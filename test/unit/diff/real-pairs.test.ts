import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { logicHash } from '../../../src/domain/workflow/hashes.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

/** Versions of real workflows that people published. They are not part of this repository. */
const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);

const pairs = !existsSync(CORPUS)
  ? []
  : readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
      .filter((file) => /before\.(?:json|yaml)$/.test(file))
      .sort();

const load = (file: string) => readDefinition(readFileSync(new URL(file, CORPUS), 'utf8'), { fileName: file });

describe.skipIf(pairs.length === 0)('Real workflows', () => {
  it.each(pairs)('%s is compared with the version after it', (file) => {
    const [before, after] = [load(file), load(file.replace('before', 'after'))];
    const there = diffDefinitions(before, after);
    expect(there.functional).toBe(logicHash(before) !== logicHash(after));
    expect(there.changes.length).toBeGreaterThan(0);
    expect(diffDefinitions(after, before).counts.total).toBe(there.counts.total);
    expect(diffDefinitions(before, load(file)).changes).toEqual([]);
  });
});
