import { z } from 'zod';
import type { Json } from '../../domain/workflow/json.ts';
import { checkValues } from '../../domain/workflow/source/check-values.ts';
import { pathText } from '../../domain/workflow/source/source-scan.ts';
import { type RunAnswer, RunnerFailure } from '../../use-cases/ports/runners.ts';

const count = z.number().int().min(0).max(1_000_000_000);
const figures = z.looseObject({
  cost: z.number().min(0).max(1_000_000).nullish(),
  tokens: z.union([count, z.looseObject({ input: count.nullish(), output: count.nullish() })]).nullish(),
  latency: z.number().min(0).nullish(),
  trace: z.unknown().optional(),
});

/** Characters of a trace that are kept. */
const LONGEST_TRACE = 16_384;

/** @throws RunnerFailure malformed, also for JSON that holds what nothing here may hold */
export function parseAnswer(text: string, whose: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    const what = text.trim() === '' ? 'is empty' : 'is no JSON';
    throw new RunnerFailure('malformed', `${whose} ${what}.`);
  }
  assertPlain(value, whose);
  return value;
}

/** @throws RunnerFailure malformed for keys that reach into JavaScript, text that no database keeps, or too deep a nesting */
export function assertPlain(value: Json, whose: string): void {
  const [problem] = checkValues(value);
  if (problem === undefined) return;
  throw new RunnerFailure(
    'malformed',
    `${whose} can’t be used: ${pathText(problem.path).slice(0, 100)}: ${problem.message}.`,
  );
}

/**
 * The answer of a runner that speaks Towpath's own words: `{ output, cost, tokens, latency, trace }`, of which only `output` is
 * required. A latency that is longer than the answer took is not believed.
 * @throws RunnerFailure malformed
 */
export function readAnswer(text: string, measuredMs: number): RunAnswer {
  const value = parseAnswer(text, 'The runner’s answer');
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, 'output'))
    throw new RunnerFailure('malformed', 'The runner’s answer has no `output`. It has to be a mapping with one.');
  const parsed = figures.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 200);
    throw new RunnerFailure('malformed', `The runner’s answer can’t be believed: ${what}.`);
  }
  const { cost, tokens, latency, trace } = parsed.data;
  return {
    output: (value as { output: Json }).output,
    latencyMs: Math.min(latency ?? measuredMs, measuredMs),
    ...(typeof cost === 'number' && { cost }),
    ...(typeof tokens === 'object' && tokens !== null && { tokens: withoutNulls(tokens) }),
    ...keptTrace(trace as Json | undefined),
  };
}

function withoutNulls({ input, output }: { input?: number | null | undefined; output?: number | null | undefined }) {
  return { ...(typeof input === 'number' && { input }), ...(typeof output === 'number' && { output }) };
}

function keptTrace(trace: Json | undefined): Pick<RunAnswer, 'trace'> {
  if (trace === undefined || trace === null || JSON.stringify(trace).length > LONGEST_TRACE) return {};
  return { trace };
}
