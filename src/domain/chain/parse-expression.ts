import { ExpressionError } from './expression-error.ts';

export type Binary =
  | 'or'
  | 'and'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'contains'
  | 'in'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

export type ExpressionNode =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly path: readonly string[] }
  | { readonly kind: 'not' | 'minus' | 'length'; readonly of: ExpressionNode }
  | { readonly kind: 'both'; readonly op: Binary; readonly left: ExpressionNode; readonly right: ExpressionNode };

/** Characters of an expression, and how deep its parentheses go. */
const LONGEST = 2_000;
const DEEPEST = 50;

/** From the loosest to the tightest. */
const LEVELS: readonly (readonly Binary[])[] = [
  ['or'],
  ['and'],
  ['==', '!=', '<=', '>=', '<', '>', 'contains', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];
/** As other languages write them. */
const SAME: Readonly<Record<string, Binary>> = { '||': 'or', '&&': 'and', '===': '==', '!==': '!=' };
const CONSTANTS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<path>[A-Za-z_]\w*(?:\.[A-Za-z_][\w-]*|\.\d+|\[\s*(?:\d+|"[^"\\]*"|'[^'\\]*')\s*\])*)|(?<sign>===|!==|==|!=|<=|>=|\|\||&&|[<>+\-*/%()!]))/y;

interface Token {
  readonly kind: 'number' | 'text' | 'path' | 'sign';
  readonly text: string;
}

/** @throws ExpressionError */
export function parseExpression(text: string): ExpressionNode {
  if (text.length > LONGEST) throw new ExpressionError(`The expression is longer than ${LONGEST} characters.`);
  const reader = new ExpressionReader(text);
  const node = reader.level(0, 0);
  reader.expectEnd();
  return node;
}

class ExpressionReader {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  expectEnd(): void {
    if (this.#at < this.#tokens.length) this.#refuse(`does not go on with ‘${this.#tokens[this.#at]?.text}’`);
  }

  level(level: number, depth: number): ExpressionNode {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary(depth);
    let left = level === 2 ? this.#negated(depth) : this.level(level + 1, depth);
    for (let op = this.#takeOperator(operators); op !== null; op = this.#takeOperator(operators)) {
      left = { kind: 'both', op, left, right: this.level(level + 1, depth) };
    }
    return left;
  }

  /** `not a == b` denies the comparison, as people read it. */
  #negated(depth: number): ExpressionNode {
    if (this.#next() !== 'not') return this.level(3, depth);
    this.#at++;
    return { kind: 'not', of: this.level(2, this.#deeper(depth)) };
  }

  #unary(depth: number): ExpressionNode {
    const token = this.#tokens[this.#at++];
    if (token === undefined) return this.#refuse('ends too early');
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'value', value: unquoted(token.text) };
    if (token.text === '-') return { kind: 'minus', of: this.#unary(this.#deeper(depth)) };
    if (token.text === '!' || token.text === 'not') return { kind: 'not', of: this.#unary(this.#deeper(depth)) };
    if (token.text === '(') return this.#inside(depth);
    if (token.kind === 'path') return this.#named(token.text, depth);
    return this.#refuse(`does not go on with ‘${token.text}’`);
  }

  #named(text: string, depth: number): ExpressionNode {
    const constant = CONSTANTS.get(text);
    if (constant !== undefined) return { kind: 'value', value: constant };
    if (this.#next() !== '(') return { kind: 'name', path: pathOf(text) };
    if (text !== 'length') return this.#refuse(`knows no function but length(…), and not ‘${text}’`);
    this.#at++;
    return { kind: 'length', of: this.#inside(depth) };
  }

  /** An opening parenthesis was taken. */
  #inside(depth: number): ExpressionNode {
    const node = this.level(0, this.#deeper(depth));
    if (this.#next() !== ')') return this.#refuse('lacks a closing parenthesis');
    this.#at++;
    return node;
  }

  #next(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'text' ? undefined : token?.text;
  }

  #takeOperator(operators: readonly Binary[]): Binary | null {
    const text = this.#next();
    if (text === undefined) return null;
    const op = (SAME[text] ?? text) as Binary;
    if (!operators.includes(op)) return null;
    this.#at++;
    return op;
  }

  #deeper(depth: number): number {
    return depth >= DEEPEST ? this.#refuse('is nested too deep') : depth + 1;
  }

  #refuse(why: string): never {
    const shown = this.#text.length > 100 ? `${this.#text.slice(0, 99).toWellFormed()}…` : this.#text;
    throw new ExpressionError(`The expression ‘${shown}’ ${why}.`);
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) {
      if (text.slice(from).trim() === '') break;
      throw new ExpressionError(
        `The expression ‘${text.slice(0, 100)}’ can’t be read from ‘${text.slice(from, from + 20)}’ on.`,
      );
    }
    for (const kind of ['number', 'text', 'path', 'sign'] as const) {
      const found = groups[kind];
      if (found !== undefined) tokens.push({ kind, text: found });
    }
  }
  return tokens;
}

function pathOf(text: string): string[] {
  return [...text.matchAll(/[A-Za-z_][\w-]*|\d+|"([^"]*)"|'([^']*)'/g)].map(
    ([whole, double, single]) => double ?? single ?? whole,
  );
}

function unquoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return text.slice(1, -1).replace(/\\(.)/gs, (_whole, one: string) => escapes[one] ?? one);
}
