import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { logicHash } from '../../../src/domain/workflow/hashes.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests edit documents of a foreign shape freely
type Document = any;

/** The diff of a document with itself after an edit, and whether the logic hashes differ. */
export function diffOfEdit(document: () => Document, edit: (after: Document) => void) {
  const changed = document();
  edit(changed);
  const [before, after] = [document(), changed].map((each) => readDefinition(JSON.stringify(each)));
  if (before === undefined || after === undefined) throw new Error('two documents were read');
  const diff = diffDefinitions(before, after);
  return {
    ...diff,
    sentences: diff.changes.map(({ sentence }) => sentence),
    classes: [...new Set(diff.changes.map((change) => change.class))],
    hashesDiffer: logicHash(before) !== logicHash(after),
  };
}
