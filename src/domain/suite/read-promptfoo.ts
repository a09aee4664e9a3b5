import { z } from 'zod';
import { InvalidDefinitionError } from '../workflow/invalid-definition-error.ts';
import { parseSource } from '../workflow/source/parse-source.ts';
import type { CheckFigures } from './check-figures.ts';
import { REPORT_LIMITS, type ReportedCase, reportFigures } from './report-figures.ts';

/** `failureReason` of a result that could not be had, as promptfoo counts them: 0 none, 1 an assertion, 2 an error. */
const ERROR = 2;

const result = z.looseObject({
  success: z.boolean(),
  error: z.string().nullish(),
  failureReason: z.number().nullish(),
  latencyMs: z.number().min(0).nullish(),
  cost: z.number().min(0).nullish(),
  description: z.string().nullish(),
  testCase: z.looseObject({ description: z.string().nullish() }).nullish(),
  namedScores: z.record(z.string().max(200), z.number().nullish()).nullish(),
});

const results = z.array(result).max(REPORT_LIMITS.cases, { error: `has more than ${REPORT_LIMITS.cases} results` });

const report = z.looseObject({
  results: z.looseObject({ results }, { error: 'has to be what `promptfoo eval --output results.json` writes' }),
  config: z.looseObject({ description: z.string().nullish() }).nullish(),
  shareableUrl: z.string().nullish(),
});

/**
 * The figures of a result file of promptfoo (`promptfoo eval --output results.json`, versions 2 and 3 of its format): tests, each
 * named score as a quality from 0 to 1, cost and latency.
 * @throws InvalidDefinitionError with what is wrong and where
 */
export function readPromptfoo(source: string, fileName?: string): CheckFigures[] {
  const { document, refuse } = parseSource(source, fileName);
  const parsed = report.safeParse(document);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
      path: path.map((segment) => (typeof segment === 'number' ? segment : String(segment))),
      message: `is not as promptfoo writes it: ${message}`,
    }));
    return refuse(problems);
  }
  const { results: summary, config, shareableUrl } = parsed.data;
  if (summary.results.length === 0)
    throw new InvalidDefinitionError([{ path: 'results.results', message: 'holds no result' }], fileName);
  return reportFigures(summary.results.map(toCase), {
    name: config?.description?.trim().slice(0, 200) || 'promptfoo',
    source: 'promptfoo',
    ...(shareableUrl && { url: shareableUrl }),
  });
}

function toCase(one: z.output<typeof result>): ReportedCase {
  const { success, error, failureReason, latencyMs, cost, namedScores } = one;
  const hasErrored = failureReason === ERROR || (failureReason === undefined && !success && Boolean(error));
  return {
    name: one.description ?? one.testCase?.description ?? '',
    state: success ? 'passed' : hasErrored ? 'errored' : 'failed',
    ...(error && !success && { message: error }),
    ...(typeof latencyMs === 'number' && { latencyMs }),
    ...(typeof cost === 'number' && { cost }),
    scores: Object.entries(namedScores ?? {}).flatMap(([name, score]) =>
      typeof score === 'number' ? [{ name, score }] : [],
    ),
  };
}
