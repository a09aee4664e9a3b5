import { LRUCache } from 'lru-cache';
import { diffDefinitions, type WorkflowDiff } from '../domain/diff/diff-definitions.ts';
import { summarize } from '../domain/diff/sentences.ts';
import type { Definition } from '../domain/workflow/definition.ts';
import { readDefinition } from '../domain/workflow/parse-document.ts';
import type { Reading } from './ports.ts';
import type { DiffSummary } from './views.ts';

/** How many sentences a card, receipt or answer carries at most, and how long they are together. */
export const SUMMARY_BOUNDS = { limit: 12, maxChars: 2400 };

// Versions never change, so neither does what lies between two of them. Losing this costs one comparison.
const summaries = new LRUCache<string, DiffSummary>({ max: 500 });

/** What changed from one version to another, in sentences. `from` null: it is the first there. */
export async function summarizeVersions(tx: Reading, from: string | null, to: string): Promise<DiffSummary> {
  const key = `${from ?? ''}>${to}`;
  const known = summaries.get(key);
  if (known !== undefined) return known;
  const { diff } = await compareContents(tx, from, to);
  const summary = summaryOf(diff);
  summaries.set(key, summary);
  return summary;
}

/** Reads both versions and compares them. */
export async function compareContents(
  tx: Reading,
  from: string | null,
  to: string,
): Promise<{ before: Definition | null; after: Definition; diff: WorkflowDiff }> {
  const after = await readVersion(tx, to);
  const before = from === null ? null : await readVersion(tx, from);
  return { before, after, diff: diffDefinitions(before, after) };
}

/** A stored version's definition. It was accepted when it was pushed, so reading it again cannot be refused. */
export async function readVersion(tx: Reading, versionId: string): Promise<Definition> {
  const { source, fileName, format } = await tx.versions.content(versionId);
  return readDefinition(source, { format, ...(fileName === null ? {} : { fileName }) });
}

export function summaryOf(diff: WorkflowDiff): DiffSummary {
  return { ...summarize(diff, SUMMARY_BOUNDS), functional: diff.functional, risk: diff.risk };
}
