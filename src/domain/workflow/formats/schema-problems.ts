import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { LIMITS } from '../limits.ts';
import type { PathProblem } from '../source/check-values.ts';
import type { Segment } from '../source/source-scan.ts';

type Issue = z.core.$ZodIssue;

/** A word is taken for another when at most this share of its letters differs. */
const NEAR = 0.5;
const LONGEST_WORD = 60;
const MOST_CANDIDATES = 5_000;

/** Puts the findings of zod into the words of somebody who writes a workflow, one problem for each. */
export function schemaProblems(error: z.ZodError, schema: z.ZodType, at: readonly Segment[]): PathProblem[] {
  return error.issues.slice(0, LIMITS.problems).flatMap((issue) => {
    const path = [...at, ...(issue.path as Segment[])];
    if (issue.code !== 'unrecognized_keys') return [{ path, message: messageOf(issue) }];
    const known = keysAt(schema, issue.path as Segment[]);
    return issue.keys
      .slice(0, LIMITS.problems)
      .map((key) => ({ path: [...path, key], message: `unknown key${suggestion(key, known)}` }));
  });
}

function messageOf(issue: Issue): string {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'is missing' : `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    if (issue.input === undefined) return `is missing; it must be ${oneOf(values)}`;
    const near = typeof issue.input === 'string' && values.length > 1 ? suggestion(issue.input, values) : '';
    return `must be ${oneOf(values)}${near}`;
  }
  if (issue.code === 'too_small')
    return issue.origin === 'string' ? 'may not be empty' : `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big')
    return `must be at most ${issue.maximum}${issue.origin === 'string' ? ' characters long' : ''}`;
  return issue.message;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a mapping',
  boolean: 'true or false',
};

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
}

/** `; did you mean ‘x’?`, or nothing when nothing is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const candidates = known.slice(0, MOST_CANDIDATES).filter(({ length }) => length <= LONGEST_WORD);
  if (candidates.length === 0 || word.length > LONGEST_WORD) return '';
  const near = closest(word, candidates);
  return distance(word, near) <= Math.max(1, Math.floor(near.length * NEAR)) ? `; did you mean ‘${near}’?` : '';
}

/** The keys that a schema knows at a path, looked up through lists and optional parts. */
function keysAt(schema: z.ZodType, path: readonly Segment[]): string[] {
  let current: unknown = schema;
  for (const segment of path) current = inside(unwrapped(current), segment);
  return Object.keys(unwrapped(current)?.shape ?? {}).filter((key) => !ALIASES.has(key));
}

/** Accepted, but never proposed. */
const ALIASES = new Set([
  'llm',
  'instruction',
  'instructions',
  'temperature',
  'maxTokens',
  'max_tokens',
  'expected_output',
  'max_iterations',
]);

interface SchemaParts {
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
}

function unwrapped(schema: unknown): SchemaParts | undefined {
  let current = schema as { unwrap?: () => unknown; element?: unknown } | undefined;
  while (current !== undefined && typeof current.unwrap === 'function' && current.element === undefined) {
    current = current.unwrap() as typeof current;
  }
  return current as SchemaParts | undefined;
}

function inside(schema: SchemaParts | undefined, segment: Segment): unknown {
  return typeof segment === 'number' ? schema?.element : schema?.shape?.[segment];
}
