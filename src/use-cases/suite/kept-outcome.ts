import { Refusal } from '../../domain/refusal.ts';
import { type CheckFigures, figuresOf } from '../../domain/suite/check-figures.ts';
import { type ShadowOutcome, shadowFigures } from '../../domain/suite/shadow-outcome.ts';
import type { CaseResult, SuiteOutcome } from '../../domain/suite/suite-outcome.ts';
import { maskReport } from '../checks/mask-report.ts';
import type { Documents, SuiteRunCounts } from '../ports.ts';

/** What is kept of a case: what people look at. */
type KeptCase = Readonly<Record<string, string | number>>;

/** What a run found out, as it may be kept. */
export interface KeptOutcome {
  /** The one that told of the progress first. */
  readonly figures: readonly CheckFigures[];
  readonly cases: readonly KeptCase[];
  readonly counts: SuiteRunCounts;
}

/** Characters kept of each text once it is masked: a secret that was cut in two is not known as one. */
const LONGEST: Readonly<Record<string, number>> = { name: 200, message: 500 };
const LONGEST_OUTPUT = 1_000;
const MOST_EXAMPLES = 3;
const UNMASKED = '(left out: its secrets could not be masked)';

/** What a suite came to, its secrets masked. */
export async function keptOfSuite(outcome: SuiteOutcome, documents: Pick<Documents, 'mask'>): Promise<KeptOutcome> {
  const { total, notRun, passed, failed, notJudged, errored, cost } = outcome;
  const counts = { total, done: total - notRun, passed, failed, notJudged, errored, cost };
  return { counts, ...(await masked(figuresOf(outcome), outcome.cases.map(keptCase), documents)) };
}

/** What a replay came to, its secrets masked, with a few examples of what diverged. */
export async function keptOfReplay(
  outcome: ShadowOutcome,
  counts: SuiteRunCounts,
  documents: Pick<Documents, 'mask'>,
): Promise<KeptOutcome> {
  const examples = outcome.examples.slice(0, MOST_EXAMPLES).map(
    ({ similarity, input, live, proposed }, index): KeptCase => ({
      ...{ name: `Example ${index + 1}`, state: 'diverged' },
      ...{ input, live, output: proposed },
      ...(similarity !== null && { similarity }),
    }),
  );
  return { counts, ...(await masked([shadowFigures(outcome)], examples, documents)) };
}

/** Of what passed nobody looks at the output. */
function keptCase({ name, state, score, error, assertions, output, cost, latencyMs }: CaseResult): KeptCase {
  const message = error?.message ?? assertions.find((one) => one.state !== 'passed')?.reason;
  return {
    ...{ name, state },
    ...(score !== null && { score }),
    ...(cost !== undefined && { cost }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(state !== 'passed' && message !== undefined && { message }),
    ...(state !== 'passed' && output !== undefined && { output }),
  };
}

/** Texts of all cases are masked together: a secret in one is known in the others. */
async function masked(
  figures: readonly CheckFigures[],
  cases: readonly KeptCase[],
  documents: Pick<Documents, 'mask'>,
): Promise<Pick<KeptOutcome, 'figures' | 'cases'>> {
  const texts = cases.flatMap((one) => Object.values(one).filter((value) => typeof value === 'string'));
  const clean = await maskedTexts(texts, documents);
  let place = 0;
  const next = (key: string): string => {
    const text = clean[place++];
    return text == null ? UNMASKED : cut(String(JSON.parse(text)), LONGEST[key] ?? LONGEST_OUTPUT);
  };
  const maskedCase = (one: KeptCase): KeptCase =>
    Object.fromEntries(Object.entries(one).map(([key, value]) => [key, typeof value === 'string' ? next(key) : value]));
  const report = await maskReport(figures, [], documents);
  return { figures: report.figures, cases: cases.map(maskedCase) };
}

/** What can't be masked now is not kept; what was found out is all the same. */
async function maskedTexts(texts: readonly string[], documents: Pick<Documents, 'mask'>): Promise<(string | null)[]> {
  try {
    return await documents.mask(texts.map((text) => JSON.stringify(text)));
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

/** PostgreSQL keeps no NUL, and half a character is none. */
function cut(text: string, longest: number): string {
  const clean = text.slice(0, 2 * longest).replaceAll('\0', '');
  return (clean.length <= longest ? clean : `${clean.slice(0, longest - 1)}…`).toWellFormed();
}
