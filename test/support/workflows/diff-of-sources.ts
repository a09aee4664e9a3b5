import { expect } from 'vitest';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { formatBundle } from '../../../src/domain/workflow/bundle/format-bundle.ts';
import { logicHash } from '../../../src/domain/workflow/hashes.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

/** Texts of files by path; null for one that is not there. */
export type Files = Readonly<Record<string, string | null>>;

/** Files as the text that a push of their folder sends. */
export function bundleOf(files: Files): string {
  return formatBundle(
    Object.entries(files).flatMap(([path, content]) => (content === null ? [] : [{ path, content }])),
  );
}

/** A text after an edit that must have something to change. */
export function edited(text: string, ...edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`there is no “${from}” to change`);
    return before.replace(from, to);
  }, text);
}

/**
 * What is said of two sources, as `class: sentence`. On the way, what must hold of any two: the logic hashes tell the same as
 * the diff, the other direction has as many changes, and each against itself has none.
 */
export function saidBetween(before: string, after: string): string[] {
  const [old, now] = [readDefinition(before), readDefinition(after)];
  const diff = diffDefinitions(old, now);
  expect(diff.functional).toBe(logicHash(old) !== logicHash(now));
  expect(diffDefinitions(now, old).counts.total).toBe(diff.counts.total);
  expect(diffDefinitions(now, readDefinition(after)).changes).toEqual([]);
  return diff.changes.map(({ class: is, sentence }) => `${is}: ${sentence}`);
}
