import { isSame } from '../diff/likeness.ts';
import type { Json } from '../workflow/json.ts';
import { jsonIn, lookAt, textOf } from './look-at.ts';
import { TooMuchEffortError } from './regex/linear-regex.ts';
import type { Assertion, SuiteCase } from './suite.ts';

/** What a judge said of one output, or why it said nothing. Scores from 0 to 1. */
export type Judgement =
  | { readonly score: number; readonly passes?: boolean; readonly reason?: string }
  | { readonly unavailable: string };

export interface AssertionResult {
  readonly type: Assertion['type'];
  readonly state: 'passed' | 'failed' | 'notJudged';
  /** From 0 to 1; null: not judged. */
  readonly score: number | null;
  /** Why it did not pass, or what the judge said. */
  readonly reason?: string;
  /** Of a rubric with one: its quality. */
  readonly scale?: { readonly name: string; readonly of: number };
}

export interface CaseJudgement {
  /** Not judged is no pass. */
  readonly state: 'passed' | 'failed' | 'notJudged';
  /** The mean of what was judged, from 0 to 1; null: nothing was. */
  readonly score: number | null;
  readonly assertions: readonly AssertionResult[];
}

/** The assertions that only a judge can judge, with what it has to look at. */
export interface Question {
  /** Which of the case's assertions it is. */
  readonly index: number;
  readonly assertion: Extract<Assertion, { type: 'similar' | 'llm-rubric' }>;
  readonly output: string;
}

/** What is to be asked of a judge about an output. */
export function questionsOf({ assertions }: SuiteCase, output: Json): Question[] {
  return assertions.flatMap((assertion, index): Question[] => {
    if (assertion.type !== 'similar' && assertion.type !== 'llm-rubric') return [];
    const part = partOf(assertion, output);
    return part === undefined ? [] : [{ index, assertion, output: textOf(part) }];
  });
}

/** Judges an output by all assertions of a case. What a judge was not asked, or did not answer, is not judged. */
export function judgeCase(
  { assertions }: SuiteCase,
  output: Json,
  judgements: ReadonlyMap<number, Judgement>,
): CaseJudgement {
  const results = assertions.map((assertion, index) => judgeAssertion(assertion, output, judgements.get(index)));
  const scores = results.flatMap(({ score }) => score ?? []);
  return {
    state: stateOf(results),
    score: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    assertions: results,
  };
}

function stateOf(results: readonly AssertionResult[]): CaseJudgement['state'] {
  if (results.some(({ state }) => state === 'failed')) return 'failed';
  return results.every(({ state }) => state === 'passed') ? 'passed' : 'notJudged';
}

function judgeAssertion(assertion: Assertion, output: Json, judgement: Judgement | undefined): AssertionResult {
  const { type } = assertion;
  const part = partOf(assertion, output);
  if (part === undefined) return failed(type, `The output has no ${assertion.path?.join('.')}.`);
  switch (assertion.type) {
    case 'contains':
      return judgeContains(assertion, textOf(part));
    case 'exact':
      return judgeExact(assertion, part);
    case 'regex':
      return judgeRegex(assertion, textOf(part));
    case 'json-schema':
      return judgeSchema(assertion, part);
    case 'similar':
    case 'llm-rubric':
      return judgeByJudge(assertion, judgement);
  }
}

/** An output that is JSON in a text has parts too. */
function partOf({ path }: Assertion, output: Json): Json | undefined {
  if (path === undefined) return output;
  return lookAt(typeof output === 'string' ? (jsonIn(output) ?? output) : output, path);
}

/** Where the suite says a mapping, a list or a number, a text that is such JSON counts as it. */
function judgeExact({ type, value, not }: Extract<Assertion, { type: 'exact' }>, part: Json): AssertionResult {
  const found = typeof part === 'string' && typeof value !== 'string' ? (jsonIn(part) ?? part) : part;
  return either(type, isSame(found, value), not, ['is exactly', 'is not exactly'], textOf(value));
}

function judgeContains(
  { type, value, ignoreCase, not }: Extract<Assertion, { type: 'contains' }>,
  text: string,
): AssertionResult {
  const does = ignoreCase ? text.toLowerCase().includes(value.toLowerCase()) : text.includes(value);
  return either(type, does, not, ['contains', 'does not contain'], value);
}

function judgeRegex({ type, value, regex, not }: Extract<Assertion, { type: 'regex' }>, text: string): AssertionResult {
  try {
    return either(type, regex.test(text), not, ['matches', 'does not match'], value);
  } catch (error) {
    if (error instanceof TooMuchEffortError) return notJudged(type, error.message);
    throw error;
  }
}

function judgeSchema({ type, check }: Extract<Assertion, { type: 'json-schema' }>, part: Json): AssertionResult {
  const value = typeof part === 'string' ? (jsonIn(part) ?? part) : part;
  const found = check(value);
  if (found === null) return passed(type, 1);
  return 'fault' in found ? failed(type, `Not as the schema says: ${found.fault}.`) : notJudged(type, found.tooMuch);
}

function judgeByJudge(
  assertion: Extract<Assertion, { type: 'similar' | 'llm-rubric' }>,
  judgement: Judgement | undefined,
): AssertionResult {
  const { type } = assertion;
  const scale = assertion.type === 'llm-rubric' && assertion.scale !== null ? { scale: assertion.scale } : {};
  if (judgement === undefined) return { ...notJudged(type, 'No judge model is set up here.'), ...scale };
  if ('unavailable' in judgement) return { ...notJudged(type, judgement.unavailable), ...scale };
  const { score, passes, reason } = judgement;
  const isEnough = assertion.threshold === null ? passes === true : score >= assertion.threshold && passes !== false;
  const why = reason ?? (isEnough ? undefined : `Scored ${shown(score)}; it takes ${shown(assertion.threshold ?? 1)}.`);
  const result = isEnough ? passed(type, score) : { type, state: 'failed' as const, score };
  return { ...result, ...(why !== undefined && { reason: why }), ...scale };
}

function shown(score: number): string {
  return String(Math.round(score * 100) / 100);
}

/** @param words what it does, and that it does not */
function either(
  type: Assertion['type'],
  does: boolean,
  not: boolean,
  words: readonly [string, string],
  value: string,
): AssertionResult {
  if (does !== not) return passed(type, 1);
  const quoted = value.length > 100 ? `${value.slice(0, 99).toWellFormed()}…` : value;
  return failed(type, not ? `It ${words[0]} “${quoted}”, and should not.` : `It ${words[1]} “${quoted}”.`);
}

function passed(type: Assertion['type'], score: number): AssertionResult {
  return { type, state: 'passed', score };
}

function failed(type: Assertion['type'], reason: string): AssertionResult {
  return { type, state: 'failed', score: 0, reason };
}

function notJudged(type: Assertion['type'], reason: string): AssertionResult {
  return { type, state: 'notJudged', score: null, reason };
}
