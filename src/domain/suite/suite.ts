import type { Json } from '../workflow/json.ts';
import type { SchemaCheck } from './schema/schema-check.ts';

/** What is said of an output. `path` looks at a part of it, such as `summary.title`; without one, at all of it. */
export type Assertion = { readonly path?: readonly string[] } & (
  | { readonly type: 'contains'; readonly value: string; readonly ignoreCase: boolean; readonly not: boolean }
  | { readonly type: 'exact'; readonly value: Json; readonly not: boolean }
  | {
      readonly type: 'regex';
      readonly value: string;
      readonly not: boolean;
      readonly regex: { test(text: string): boolean };
    }
  | { readonly type: 'json-schema'; readonly check: SchemaCheck }
  /** `threshold` from 0 to 1: how alike the output is to `value` in what it means. */
  | { readonly type: 'similar'; readonly value: string; readonly threshold: number }
  | {
      readonly type: 'llm-rubric';
      readonly value: string;
      /** From 0 to 1; null: the judge says whether it passes. */
      readonly threshold: number | null;
      /** The quality that it counts towards, scored up to `of`; null: none. */
      readonly scale: { readonly name: string; readonly of: number } | null;
    }
);

export interface SuiteCase {
  readonly name: string;
  /** What the workflow is given. */
  readonly input: Json;
  /** At least one. */
  readonly assertions: readonly Assertion[];
}

/** Cases that a workflow has to pass. */
export interface Suite {
  readonly name: string;
  /** At least one, at most `SUITE_LIMITS.cases`; their names differ. */
  readonly cases: readonly SuiteCase[];
  /** Cases that run at a time, where the suite says. */
  readonly concurrency?: number;
  /** Milliseconds that a case may take, where the suite says. */
  readonly timeoutMs?: number;
  /** US dollars that all may cost, where the suite says. */
  readonly budget?: number;
}

export const SUITE_LIMITS = {
  cases: 500,
  assertions: 50,
  concurrency: 20,
  /** Characters of the file. */
  characters: 4 * 1024 * 1024,
  /** Milliseconds that one case may take at most. */
  caseTimeoutMs: 30 * 60_000,
} as const;
