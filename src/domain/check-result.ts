export const CHECK_KINDS = ['tests', 'quality', 'cost', 'latency', 'check', 'shadow'] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];
export const CHECK_SOURCES = ['api', 'promptfoo', 'junit', 'suite', 'runs'] as const;
export type CheckSource = (typeof CHECK_SOURCES)[number];
export const CHECK_STATES = ['passed', 'failed', 'running', 'errored'] as const;
/** `errored`: it could not be carried out, `detail` says why. Figures go before `passed` and `failed` where there are any. */
export type CheckState = (typeof CHECK_STATES)[number];

/** What was found out about one version in one environment. */
export interface CheckResult {
  readonly kind: CheckKind;
  /** Of `quality` the scale, of `check` what the policy names it; of the others whatever tells two apart, such as the suite's. */
  readonly name: string;
  readonly environmentId: string;
  readonly versionId: string;
  /** Of `shadow`: the version that it was compared with. */
  readonly liveVersionId?: string;
  /** When it ended; of a running one, when it began. */
  readonly at: Date;
  /** Cases of `tests`; replayed inputs of `shadow`, those that diverged being failed. */
  readonly passed?: number;
  readonly failed?: number;
  /** Cases that nothing could judge: they did not pass. */
  readonly notJudged?: number;
  /** Of `quality`; of `shadow` the mean similarity, from 0 to 1. */
  readonly score?: number;
  /** The best score that there is on the scale. */
  readonly of?: number;
  /** US dollars. */
  readonly costPerRun?: number;
  /** Milliseconds. */
  readonly p95?: number;
  readonly url?: string;
  readonly source: CheckSource;
  readonly state: CheckState;
  /** One line for people: why it failed, or how far it is. */
  readonly detail?: string;
}

type Counts = Pick<CheckResult, 'passed' | 'failed' | 'notJudged'>;

/** All cases of a result; null where it tells of none, or of a number that none can be. */
export function casesOf({ passed = 0, failed = 0, notJudged = 0 }: Counts): number | null {
  const isCount = (n: number) => Number.isSafeInteger(n) && n >= 0;
  const cases = passed + failed + notJudged;
  return [passed, failed, notJudged].every(isCount) && cases > 0 ? cases : null;
}

/** The part of its cases that passed, from 0 to 1. Null where it tells of no case. */
export function passRate(result: Counts): number | null {
  const cases = casesOf(result);
  return cases === null ? null : (result.passed ?? 0) / cases;
}

/** Milliseconds since it was found out. What is newer than now counts as now: clocks differ. */
export function ageOf({ at }: Pick<CheckResult, 'at'>, now: Date): number {
  return Math.max(0, now.getTime() - at.getTime());
}

/** Whether Towpath itself found it out: it and what is reported under the same name stand beside each other. */
export function isOwnResult({ source }: Pick<CheckResult, 'source'>): boolean {
  return source === 'suite';
}

/** Kinds of which a workflow's suite gives one result. */
const ONE_OF_A_SUITE: ReadonlySet<CheckKind> = new Set(['tests', 'cost', 'latency']);

/**
 * The newest results of each name of a kind, in the order of their names: what Towpath found out, and what was reported. A report
 * does not take the place of what Towpath saw itself. A workflow has one suite, so that its newest run takes the place of all before,
 * whatever the suite was called then.
 */
export function newestByName(results: readonly CheckResult[], kind: CheckKind): CheckResult[] {
  const newest = new Map<string, CheckResult>();
  for (const result of results.filter((one) => one.kind === kind)) {
    const isOwn = isOwnResult(result);
    const key = isOwn && ONE_OF_A_SUITE.has(kind) ? 'its suite' : `${isOwn} ${result.name}`;
    const other = newest.get(key);
    if (other === undefined || result.at >= other.at) newest.set(key, result);
  }
  return [...newest.values()].sort((a, b) => {
    if (a.name !== b.name) return a.name < b.name ? -1 : 1;
    return Number(isOwnResult(b)) - Number(isOwnResult(a));
  });
}

/** Of other results, such as those of what is live, the one of the same kind and name: found out by the same, if there is one. */
export function counterpartOf<T extends { kind: string; name: string; source: string }>(
  { kind, name, source }: Pick<T, 'kind' | 'name' | 'source'>,
  others: readonly T[],
): T | undefined {
  const same = others.filter((other) => other.kind === kind && other.name === name);
  return same.find((other) => (other.source === 'suite') === (source === 'suite')) ?? same[0];
}
