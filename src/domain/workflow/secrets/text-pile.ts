import type { SecretPart, SourceText } from './source-text.ts';

/** A secret in one of the texts of a source. */
export interface Found {
  readonly text: SourceText;
  readonly part: SecretPart;
}

interface Entry {
  readonly at: number;
  readonly text: SourceText;
}

/** Several texts of a source as one, each behind its key, so that what reads running text sees names with their values. */
export class Pile {
  #written = '';
  readonly #entries: Entry[] = [];

  get text(): string {
    return this.#written;
  }

  add(text: SourceText, key: string): void {
    const before = key === '' ? '' : `${key.slice(0, 200).replace(/[\r\n]/g, ' ')}: `;
    this.#entries.push({ at: this.#written.length + before.length, text });
    this.#written += `${before}${text.text}\n`;
  }

  /** What a part of the pile's text is of one of its texts; null where it is all key. */
  locate(part: SecretPart): Found | null {
    const entry = this.#entryBefore(part.to - 1);
    if (entry === undefined) return null;
    const from = Math.max(0, part.from - entry.at);
    const to = Math.min(entry.text.text.length, part.to - entry.at);
    return from < to ? { text: entry.text, part: { from, to, kind: part.kind } } : null;
  }

  /** Whether a place is inside a text, not in its key. */
  isInText(offset: number): boolean {
    const entry = this.#entryBefore(offset);
    return entry !== undefined && offset < entry.at + entry.text.text.length;
  }

  #entryBefore(offset: number): Entry | undefined {
    let low = 0;
    let high = this.#entries.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#entries[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const entry = this.#entries[low];
    return entry !== undefined && entry.at <= offset ? entry : undefined;
  }
}
