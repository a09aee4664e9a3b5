import type { BundleReader } from '../bundle/bundle-reader.ts';
import type { Definition } from '../definition.ts';
import type { JsonObject } from '../json.ts';
import type { PathProblem } from '../source/check-values.ts';
import type { Segment } from '../source/source-scan.ts';

/** What a format needs to know besides the document. */
export interface ReadContext {
  /** Events that other workflows emit, so that a trigger may name them. */
  readonly knownEvents: ReadonlySet<string>;
  /** The files that came with the document. Without it, what a reference leads to is not known, and the reference is compared. */
  readonly bundle?: BundleReader;
}

/** A document read, or all that is wrong with it. */
export type Reading =
  | { readonly definition: Definition; readonly problems?: never }
  | { readonly problems: readonly PathProblem[]; readonly definition?: never };

/**
 * How a text is filled from the settings of an environment. `value`: where it is exactly one placeholder, it takes the type of
 * what it stands for. `text`: it stays text whatever it is filled with, because its reader takes nothing else.
 */
export type Filling = 'value' | 'text';

/**
 * One kind of document. A new format is one new file and one line in the list of `index.ts`.
 * It reads into the one model that everything is compared in; what it leaves out of that model is noise.
 */
export interface Format {
  /** Stored with every version; never changes. */
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Judges by content alone: a file's name proves nothing. The first format in the list that says yes reads it. */
  recognizes(document: JsonObject): boolean;
  read(document: JsonObject, context: ReadContext): Reading;
  /**
   * How the text at a path of the document is filled when a version is resolved; null: it stays as it is, and so does everything
   * where a format has no such function. Judges by the path alone. Keys are never filled.
   */
  fills?(path: readonly Segment[]): Filling | null;
}
