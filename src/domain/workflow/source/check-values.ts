import { isList, type Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Segment } from './source-scan.ts';

/** A problem that is not yet located in the source. */
export interface PathProblem {
  readonly path: readonly Segment[];
  readonly message: string;
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * What a parsed document may not hold, whatever format it has: keys that reach into JavaScript's own objects,
 * numbers that JSON cannot say, and text that PostgreSQL or a hash cannot take (NUL, halves of surrogate pairs).
 */
export function checkValues(document: unknown): PathProblem[] {
  const problems: PathProblem[] = [];
  const path: Segment[] = [];
  const refuse = (message: string): void => {
    if (problems.length < LIMITS.problems) problems.push({ path: [...path], message });
  };
  const visitInside = (segment: Segment, value: unknown): void => {
    path.push(segment);
    if (typeof segment === 'string') checkKey(segment, refuse);
    visit(value);
    path.pop();
  };
  const visit = (value: unknown): void => {
    if (typeof value === 'string') checkText(value, refuse);
    else if (typeof value === 'number') checkNumber(value, refuse);
    else if (typeof value !== 'object' || value === null) return;
    else if (path.length >= LIMITS.documentDepth)
      refuse(`lists and mappings are nested deeper than ${LIMITS.documentDepth}`);
    else if (isList(value)) for (const [index, item] of value.entries()) visitInside(index, item);
    else for (const key of Object.keys(value)) visitInside(key, (value as Record<string, Json>)[key]);
  };
  visit(document);
  return problems;
}

function checkKey(key: string, refuse: (message: string) => void): void {
  if (FORBIDDEN_KEYS.has(key)) refuse(`the key ‘${key}’ is not allowed`);
  else checkText(key, refuse);
}

function checkText(text: string, refuse: (message: string) => void): void {
  if (text.includes('\0')) refuse('text may not contain a NUL character');
  else if (!text.isWellFormed()) refuse('text contains half of a character (an unpaired surrogate)');
}

function checkNumber(value: number, refuse: (message: string) => void): void {
  if (!Number.isFinite(value)) refuse('numbers must be finite: NaN and infinity are not allowed');
}
