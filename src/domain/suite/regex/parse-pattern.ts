/** What a pattern is made of. `source` of a character is a class of its own, such as `[a-z]`, `\d` or `.`. */
export type PatternNode =
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'assertion'; readonly at: 'start' | 'end' | 'boundary' | 'no-boundary' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly part: PatternNode; readonly least: number; readonly most: number };

/** The pattern uses what can't be matched in a bounded time, or is too large. Its message says what to write instead. */
export class UnsupportedPatternError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsupportedPatternError';
  }
}

/** Characters of a pattern. */
export const LONGEST_PATTERN = 2_000;
const DEEPEST = 50;

/**
 * Reads a pattern that `RegExp` has taken already, so only its structure is looked at.
 * @throws UnsupportedPatternError for lookarounds and backreferences, and for what is nested too deep
 */
export function parsePattern(pattern: string): PatternNode {
  const reader = new PatternReader(pattern);
  const node = reader.choice(0);
  if (!reader.isAtEnd) throw new UnsupportedPatternError('has a parenthesis too many');
  return node;
}

/** A pair of surrogates is one character. */
const ESCAPED =
  /^\\(?:[pP]\{[^}]*\}|u\{[\da-fA-F]+\}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Za-z]|.)/su;

class PatternReader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  choice(depth: number): PatternNode {
    if (depth > DEEPEST) throw new UnsupportedPatternError('has groups nested too deep; write it flatter');
    const options = [this.#sequence(depth)];
    while (this.#takes('|')) options.push(this.#sequence(depth));
    return options.length === 1 ? (options[0] as PatternNode) : { kind: 'choice', options };
  }

  #sequence(depth: number): PatternNode {
    const parts: PatternNode[] = [];
    while (!this.isAtEnd && !'|)'.includes(this.#next)) parts.push(this.#quantified(this.#atom(depth)));
    return { kind: 'sequence', parts };
  }

  get #next(): string {
    return this.#pattern[this.#at] ?? '';
  }

  #takes(text: string): boolean {
    const does = this.#pattern.startsWith(text, this.#at);
    if (does) this.#at += text.length;
    return does;
  }

  #takesMatch(pattern: RegExp): string | null {
    const match = pattern.exec(this.#pattern.slice(this.#at));
    if (match === null) return null;
    this.#at += match[0].length;
    return match[0];
  }

  #atom(depth: number): PatternNode {
    if (this.#takes('(')) return this.#group(depth);
    if (this.#takes('^')) return { kind: 'assertion', at: 'start' };
    if (this.#takes('$')) return { kind: 'assertion', at: 'end' };
    if (this.#takes('\\b')) return { kind: 'assertion', at: 'boundary' };
    if (this.#takes('\\B')) return { kind: 'assertion', at: 'no-boundary' };
    return { kind: 'character', source: this.#character() };
  }

  #group(depth: number): PatternNode {
    if (/^\?(?:<?[=!])/.test(this.#pattern.slice(this.#at, this.#at + 3)))
      throw new UnsupportedPatternError('looks ahead or behind (`(?=`, `(?!`, `(?<=`, `(?<!`), which is not supported');
    if (this.#takesMatch(/^\?(?:<[^>]*>|:)/) === null && this.#next === '?')
      throw new UnsupportedPatternError('switches flags inside (`(?i:`); write them under `flags`');
    const inside = this.choice(depth + 1);
    if (!this.#takes(')')) throw new UnsupportedPatternError('lacks a closing parenthesis');
    return inside;
  }

  #character(): string {
    if (this.#next === '[') return this.#takesMatch(/^\[(?:\\.|[^\\\]])*\]/s) ?? '[';
    if (this.#next !== '\\') return String.fromCodePoint(this.#takeCodePoint());
    if (/^\\(?:[1-9]|k<)/.test(this.#pattern.slice(this.#at, this.#at + 3)))
      throw new UnsupportedPatternError('refers back to a group (`\\1`), which is not supported');
    return this.#takesMatch(ESCAPED) ?? '\\\\';
  }

  #takeCodePoint(): number {
    const code = this.#pattern.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  #quantified(part: PatternNode): PatternNode {
    const text = this.#takesMatch(/^(?:[*+?]|\{\d+(?:,\d*)?\})\??/);
    if (text === null) return part;
    const [least, most] = countsOf(text);
    return { kind: 'repeat', part, least, most };
  }
}

function countsOf(text: string): [number, number] {
  if (text.startsWith('*')) return [0, Number.POSITIVE_INFINITY];
  if (text.startsWith('+')) return [1, Number.POSITIVE_INFINITY];
  if (text.startsWith('?')) return [0, 1];
  const [least = '0', most] = text.replace(/[{}?]/g, '').split(',');
  if (most === undefined) return [Number(least), Number(least)];
  return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
}
