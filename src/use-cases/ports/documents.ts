import type { BlocksViewLine } from '../../domain/diff/blocks-view.ts';
import type { CodeView } from '../../domain/diff/code-view.ts';
import type { WorkflowDiff } from '../../domain/diff/diff-definitions.ts';
import type { SideBySide } from '../../domain/diff/side-by-side.ts';
import type { ParityFinding } from '../../domain/requirements/parity.ts';
import type { FillProblem } from '../../domain/settings/fill-problem.ts';
import type { NeededSecret, Overrides, Resolved } from '../../domain/settings/resolve-definition.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import type { CheckFigures } from '../../domain/suite/check-figures.ts';
import type { Definition } from '../../domain/workflow/definition.ts';
import type { JsonObject } from '../../domain/workflow/json.ts';
import type { MaskedSecret } from '../../domain/workflow/secrets/mask-source.ts';
import type { DiffSummary } from '../views.ts';

/** A text as somebody pushed it, its secrets in it. */
export interface PushedDocument {
  readonly source: string;
  readonly fileName?: string;
  /** Forces a format instead of judging by content. */
  readonly format?: string;
  /** What its author wrote beside it. */
  readonly note?: string;
}

/** What may be kept of it, and what it says. */
export interface TakenDocument {
  /** Masked. */
  readonly source: string;
  readonly note: string | null;
  readonly format: string;
  readonly name: string | null;
  readonly contentHash: string;
  readonly logicHash: string;
  /** Where secrets were masked, at most 20. */
  readonly masked: readonly MaskedSecret[];
  /** How many more there were. */
  readonly moreMasked: number;
}

/** A suite as it may be kept, and what it says. */
export interface TakenSuite {
  /** Masked. */
  readonly source: string;
  readonly name: string;
  /** How many. */
  readonly cases: number;
  /** SHA-256 (hex) of the masked source. */
  readonly contentHash: string;
  /** Where secrets were masked, at most 20. */
  readonly masked: readonly MaskedSecret[];
  readonly moreMasked: number;
}

export const REPORT_FORMATS = ['promptfoo', 'junit'] as const;
/** A report of another tool, as that tool wrote it. */
export interface ReportedDocument {
  readonly source: string;
  readonly format: (typeof REPORT_FORMATS)[number];
}

/** A document as it is kept. */
export interface StoredDocument {
  readonly source: string;
  readonly fileName: string | null;
  readonly format: string;
}

export interface ComparedDocuments {
  /** Without their `document`, which no rendering needs, where they came from a thread of their own. */
  readonly before: Definition | null;
  readonly after: Definition;
  readonly diff: WorkflowDiff;
}

/** A comparison as people look at it, each part bounded. */
export interface ShownDocuments extends ComparedDocuments {
  readonly blocks: readonly BlocksViewLine[];
  readonly code: CodeView;
  readonly texts: SideBySide[];
}

/** A document as a runner is given it. */
export type Filled =
  | {
      readonly ok: true;
      readonly definition: Definition;
      readonly overrides: Overrides;
      readonly secrets: readonly NeededSecret[];
    }
  | { readonly ok: false; readonly problems: readonly FillProblem[] };

/** How a version and an environment's settings go together. */
export interface Fit {
  /** The part of the settings that the version reads: what an approval is bound to (rule 5). */
  readonly read: Record<string, unknown>;
  /** All that keeps it from being filled; empty where nothing does. */
  readonly problems: readonly FillProblem[];
}

/** What changes once two versions are filled, in sentences by importance; `more` says how many were left out. */
export interface InEffect {
  readonly lines: string[];
  readonly more: number;
}

/**
 * Reads and compares documents: small ones at once, those above `LARGE_DOCUMENT` in a thread of their own, so that nobody else
 * waits for them.
 * @throws Refusal too_large where it takes more memory or time than there is for it; unavailable where too many wait already
 */
export interface Documents {
  /** Masks the secrets of what was pushed, and reads it. @throws InvalidDefinitionError */
  take(pushed: PushedDocument): Promise<TakenDocument>;
  /** Masks the secrets of a suite, and reads it. @throws InvalidDefinitionError */
  takeSuite(pushed: Pick<PushedDocument, 'source' | 'fileName'>): Promise<TakenSuite>;
  /** The document of a suite as it is kept, as JSON: what it is made of can't leave the thread that reads it. */
  suiteJson(kept: Pick<PushedDocument, 'source' | 'fileName'>): Promise<string>;
  /** Masks the secrets in JSON texts, as `maskTexts` does; null where one holds too many. */
  mask(texts: readonly string[]): Promise<(string | null)[]>;
  /** The figures of what another tool reports, nothing of it masked. @throws InvalidDefinitionError */
  figures(report: ReportedDocument): Promise<CheckFigures[]>;
  /** The document itself. */
  document(stored: StoredDocument): Promise<JsonObject>;
  /** The document as an environment with these effective settings fills it. */
  resolve(stored: StoredDocument, effective: Settings): Promise<Resolved>;
  /** As `resolve`, and read again. */
  fill(stored: StoredDocument, effective: Settings): Promise<Filled>;
  compare(before: StoredDocument | null, after: StoredDocument): Promise<ComparedDocuments>;
  show(before: StoredDocument | null, after: StoredDocument): Promise<ShownDocuments>;
  summarize(before: StoredDocument | null, after: StoredDocument): Promise<DiffSummary>;
  /** What a document reads of settings, and lacks in them. */
  fit(stored: StoredDocument, effective: Settings): Promise<Fit>;
  /** What a document names of settings, and whether they have it (`parityOf`). */
  parity(stored: StoredDocument, effective: Settings): Promise<ParityFinding[]>;
  /** What changes once both are filled with the settings; null where that is what they say themselves, or one can't be filled. */
  inEffect(before: StoredDocument | null, after: StoredDocument, effective: Settings): Promise<InEffect | null>;
}

/** UTF-16 units of all texts of one piece of work together, up to which it is done at once: some 20 ms. */
export const LARGE_DOCUMENT = 256 * 1024;

/** The same of a report: reading it takes time by its tags, and there can be many in little text. */
export const LARGE_REPORT = 32 * 1024;
