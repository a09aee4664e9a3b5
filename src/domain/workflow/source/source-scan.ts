/** A step into a document: a key of a mapping, or an index of a list. */
export type Segment = string | number;

/** Hears of every node of a source text, in order. Offsets count UTF-16 units from the start of the text. */
export interface SourceVisitor {
  open(kind: 'map' | 'list', offset: number): void;
  key(text: string, offset: number): void;
  scalar(offset: number): void;
  close(): void;
}

/** Walks a source text that is already known to be well formed. */
export type SourceScan = (visitor: SourceVisitor) => void;

/** `['steps', 2, 'model']` as `steps[2].model`; keys that are no plain words are quoted. */
export function pathText(segments: readonly Segment[]): string {
  let text = '';
  for (const segment of segments) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (/^[\p{L}\p{N}_$@-]{1,200}$/u.test(segment)) text += text === '' ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment.length > 200 ? `${segment.slice(0, 200)}…` : segment)}]`;
  }
  return text;
}
