import { blocksView } from '../domain/diff/blocks-view.ts';
import { codeView } from '../domain/diff/code-view.ts';
import { diffDefinitions, type WorkflowDiff } from '../domain/diff/diff-definitions.ts';
import { summarize } from '../domain/diff/sentences.ts';
import { sideBySide } from '../domain/diff/side-by-side.ts';
import { parityOf } from '../domain/parity.ts';
import { resolveDefinition } from '../domain/settings/resolve-definition.ts';
import { readJunit } from '../domain/suite/read-junit.ts';
import { readPromptfoo } from '../domain/suite/read-promptfoo.ts';
import type { Definition } from '../domain/workflow/definition.ts';
import { contentHash, logicHash } from '../domain/workflow/hashes.ts';
import { InvalidDefinitionError } from '../domain/workflow/invalid-definition-error.ts';
import { readDefinition } from '../domain/workflow/parse-document.ts';
import { type KeyedHash, type MaskedDocument, maskSource, pushedLine } from '../domain/workflow/secrets/mask-source.ts';
import { maskTexts } from '../domain/workflow/secrets/mask-texts.ts';
import { parseSource } from '../domain/workflow/source/parse-source.ts';
import { filledOf, fitOf, inEffectOf } from './fill-work.ts';
import type {
  ComparedDocuments,
  Documents,
  PushedDocument,
  ShownDocuments,
  StoredDocument,
  TakenDocument,
} from './ports/documents.ts';
import { takeSuite } from './suite/take-suite.ts';
import type { DiffSummary } from './views.ts';

/** How many sentences a card, receipt or answer carries at most, and how long they are together. */
export const SUMMARY_BOUNDS = { limit: 12, maxChars: 2400 };
const MOST_TOLD = 20;
/** Lines of the tree at most: every step that a workflow may have. */
const MOST_LINES = 6_000;
/** Characters of the code view at most: more than anybody turns pages for, and quick to send. */
const MOST_CODE = 400_000;

/** The work itself, done where it is called. `hash` has to be the same in every process that writes to one database. */
export function documentWork(hash: KeyedHash): Documents {
  return {
    take: (pushed) => take(pushed, hash),
    takeSuite: (pushed) => takeSuite(pushed, hash),
    suiteJson: async ({ source, fileName }) => JSON.stringify(parseSource(source, fileName).document),
    mask: (texts) => maskTexts(texts, hash),
    figures: async ({ source, format }) => (format === 'junit' ? readJunit(source) : readPromptfoo(source)),
    document: async (stored) => read(stored).document,
    resolve: async (stored, effective) => resolveDefinition(read(stored), effective),
    fill: async (stored, effective) => filledOf(read(stored), effective),
    compare: async (before, after) => compare(before, after),
    show: async (before, after) => show(compare(before, after)),
    summarize: async (before, after) => summaryOf(compare(before, after).diff),
    fit: async (stored, effective) => fitOf(read(stored), effective),
    parity: async (stored, effective) => parityOf(read(stored), effective),
    inEffect: async (before, after, effective) =>
      inEffectOf(before === null ? null : read(before), read(after), effective),
  };
}

export function compare(before: StoredDocument | null, after: StoredDocument): ComparedDocuments {
  const [from, to] = [before === null ? null : read(before), read(after)];
  return { before: from, after: to, diff: diffDefinitions(from, to) };
}

function show(compared: ComparedDocuments): ShownDocuments {
  const { before, after, diff } = compared;
  return {
    ...compared,
    blocks: blocksView(before, after, diff, { maxLines: MOST_LINES }),
    code: codeView(before, after, diff, { maxChars: MOST_CODE }),
    texts: sideBySide(diff),
  };
}

/** It was accepted when it was pushed, so reading it again cannot be refused. */
function read({ source, format, fileName }: StoredDocument): Definition {
  return readDefinition(source, { format, ...(fileName === null ? {} : { fileName }) });
}

export function summaryOf(diff: WorkflowDiff): DiffSummary {
  return { ...summarize(diff, SUMMARY_BOUNDS), functional: diff.functional, risk: diff.risk };
}

/** Secrets go first, so that nothing that is said or thrown afterwards can hold one. */
async function take({ source, fileName, format, note }: PushedDocument, hash: KeyedHash): Promise<TakenDocument> {
  const masked = await maskSource(source, hash, fileName);
  const definition = readMasked(masked, {
    ...(fileName === undefined ? {} : { fileName }),
    ...(format === undefined ? {} : { format }),
  });
  const { document, name } = definition;
  return {
    source: masked.source,
    note: note === undefined ? null : (await maskSource(note, hash)).source,
    format: definition.format,
    name: name ?? null,
    contentHash: contentHash(document),
    logicHash: logicHash(definition),
    masked: masked.secrets.slice(0, MOST_TOLD),
    moreMasked: Math.max(0, masked.secrets.length - MOST_TOLD),
  };
}

/** Problems are told by the lines of what was pushed, not of what is left of it. */
function readMasked(masked: MaskedDocument, options: { fileName?: string; format?: string }): Definition {
  try {
    return readDefinition(masked.source, options);
  } catch (error) {
    if (!(error instanceof InvalidDefinitionError) || masked.missingLines.length === 0) throw error;
    const problems = error.problems.map((problem) =>
      problem.line === undefined ? problem : { ...problem, line: pushedLine(problem.line, masked.missingLines) },
    );
    throw new InvalidDefinitionError(problems, options.fileName);
  }
}
