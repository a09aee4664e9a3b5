/**
 * How a text is written in its source. `plain`: as it is. `escaped`: between double quotes, with backslashes. `folded`: a YAML
 * scalar whose lines and quotes are written otherwise. `literal`: a bare word of JSON, such as a number.
 */
export type Writing = 'plain' | 'escaped' | 'folded' | 'literal';

/** One text of a source, as it reads and where it stands, its quotes left out. Offsets count UTF-16 units. */
export interface SourceText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly writing: Writing;
}

/** Hears of every text of a source in order, and of the mappings and lists around them. */
export interface TextVisitor {
  open(kind: 'map' | 'list'): void;
  close(): void;
  key(text: SourceText): void;
  value(text: SourceText): void;
  /** What no parser reads: comments. */
  aside(text: SourceText): void;
}

/** Part of a decoded text, end-exclusive, and what kind of secret it is. */
export interface SecretPart {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}
