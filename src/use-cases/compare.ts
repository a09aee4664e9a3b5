import { LRUCache } from 'lru-cache';
import type { WorkflowDiff } from '../domain/diff/diff-definitions.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Definition } from '../domain/workflow/definition.ts';
import type { JsonObject } from '../domain/workflow/json.ts';
import type { Reading, ShownDocuments, StoredDocument } from './ports.ts';
import type { DiffSummary } from './views.ts';
import { readAside } from './with-documents.ts';

export { SUMMARY_BOUNDS, summaryOf } from './document-work.ts';

// Versions never change, so neither does what lies between two of them. Losing this costs one comparison.
const summaries = new LRUCache<string, DiffSummary>({ max: 500 });

/**
 * What changed from one version to another, in sentences. `from` null: it is the first there. Where the two are too large to be
 * compared here, that is what it says: nobody is kept from deciding.
 */
export async function summarizeVersions(tx: Reading, from: string | null, to: string): Promise<DiffSummary> {
  const key = `${from ?? ''}>${to}`;
  const known = summaries.get(key);
  if (known !== undefined) return known;
  return readAside(tx, `summary ${key}`, [from, to], async (documents, [before, after]) => {
    try {
      const summary = await documents.summarize(before ?? null, there(after));
      summaries.set(key, summary);
      return summary;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'too_large') return tooLarge();
      throw error;
    }
  });
}

function tooLarge(): DiffSummary {
  return {
    lines: ['These two versions are too large to be compared here. Compare their sources with a tool of your own.'],
    more: 0,
    functional: true,
    risk: { level: 'high', reasons: ['too large to compare'] },
  };
}

/**
 * Reads both versions and compares them. Of large ones, the definitions come without their `document`.
 * @throws Refusal too_large
 */
export async function compareContents(
  tx: Reading,
  from: string | null,
  to: string,
): Promise<{ before: Definition | null; after: Definition; diff: WorkflowDiff }> {
  return readAside(tx, `comparison ${from ?? ''}>${to}`, [from, to], (documents, [before, after]) =>
    documents.compare(before ?? null, there(after)),
  );
}

/** The same, and how it is shown. @throws Refusal too_large */
export async function showContents(tx: Reading, from: string | null, to: string): Promise<ShownDocuments> {
  return readAside(tx, `show ${from ?? ''}>${to}`, [from, to], (documents, [before, after]) =>
    documents.show(before ?? null, there(after)),
  );
}

/** A stored version's document. It was accepted when it was pushed, so reading it again cannot be refused. */
export async function readDocument(tx: Reading, versionId: string): Promise<JsonObject> {
  return readAside(tx, `document ${versionId}`, [versionId], (documents, [stored]) =>
    documents.document(there(stored)),
  );
}

function there(stored: StoredDocument | null | undefined): StoredDocument {
  if (stored == null) throw new Error('A version to compare is missing.');
  return stored;
}
