import { isSame } from '../diff/likeness.ts';
import { lookAt } from '../suite/look-at.ts';
import { isList, isObject, type Json } from '../workflow/json.ts';
import type { Binary, ExpressionNode } from './parse-expression.ts';

/** What names in an expression mean: `inputs`, `steps`, `item` …. Only what an object itself holds can be named. */
export type Scope = Readonly<Record<string, Json>>;

/** Walks an expression once. What can't be compared or counted is null, which holds for nothing. */
export function evaluateNode(node: ExpressionNode, scope: Scope): Json | undefined {
  switch (node.kind) {
    case 'value':
      return node.value;
    case 'name':
      return lookAt(scope, node.path);
    case 'not':
      return !isTrue(evaluateNode(node.of, scope));
    case 'minus': {
      const value = numberOf(evaluateNode(node.of, scope));
      return value === null ? null : -value;
    }
    case 'length':
      return lengthOf(evaluateNode(node.of, scope));
    case 'both':
      return evaluateBoth(node.op, node, scope);
  }
}

function evaluateBoth(op: Binary, { left, right }: Extract<ExpressionNode, { kind: 'both' }>, scope: Scope): Json {
  const first = evaluateNode(left, scope) ?? null;
  if (op === 'and' && !isTrue(first)) return false;
  if (op === 'or' && isTrue(first)) return true;
  const second = evaluateNode(right, scope) ?? null;
  if (op === 'and' || op === 'or') return isTrue(second);
  if (op === '==') return areEqual(first, second);
  if (op === '!=') return !areEqual(first, second);
  if (op === 'contains') return contains(first, second);
  if (op === 'in') return contains(second, first);
  return compare(op, first, second);
}

/** Models write numbers as text. */
function areEqual(first: Json, second: Json): boolean {
  if (typeof first === 'number' || typeof second === 'number') {
    const [a, b] = [numberOf(first), numberOf(second)];
    return a !== null && a === b;
  }
  return isSame(first, second);
}

function contains(whole: Json, part: Json): boolean {
  if (typeof whole === 'string') return typeof part !== 'object' && whole.includes(String(part));
  if (isList(whole)) return whole.some((item) => areEqual(item, part));
  return isObject(whole) && typeof part === 'string' && Object.hasOwn(whole, part);
}

function compare(op: Binary, first: Json, second: Json): Json {
  const [a, b] = [numberOf(first), numberOf(second)];
  if (op === '+' && typeof first === 'string' && typeof second === 'string' && (a === null || b === null))
    return joined(first, second);
  if (a === null || b === null) return null;
  switch (op) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return finite(calculate(op, a, b));
  }
}

/** Texts that are put together again and again double in length. */
const LONGEST = 1_000_000;

function joined(first: string, second: string): string | null {
  return first.length + second.length > LONGEST ? null : first + second;
}

function calculate(op: Binary, a: number, b: number): number {
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  if (op === '*') return a * b;
  return op === '/' ? a / b : a % b;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\s*-?\d{1,30}(?:\.\d{1,30})?\s*$/.test(value) ? Number(value) : null;
}

function lengthOf(value: Json | undefined): number {
  if (typeof value === 'string' || isList(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

/** Nothing, no, zero, empty texts and lists, and the words false and no are not true. */
export function isTrue(value: Json | undefined): boolean {
  if (typeof value === 'string') return !/^(?:|false|no|null|0)$/i.test(value.trim());
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false && value !== 0;
}
