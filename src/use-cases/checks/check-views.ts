import type { SuiteRunState } from '../../domain/suite/suite-run.ts';
import type { KeptCheck } from '../ports.ts';
import type { EnvironmentTag, VersionTag, WorkflowTag } from '../views.ts';

/** What a case came to, whoever found it out. */
export interface CheckCaseView {
  name: string;
  /** `diverged`, `alike`: of replayed inputs. */
  state: 'passed' | 'failed' | 'errored' | 'skipped' | 'notJudged' | 'notRun' | 'diverged' | 'alike';
  /** One line: why. */
  message: string | null;
  /** The beginning of what it gave out. */
  output: string | null;
  /** Of a replayed input: what it was, and what the live version gave out. */
  input: string | null;
  live: string | null;
  /** Of a replayed input, from 0 to 1. */
  similarity: number | null;
  /** US dollars. */
  cost: number | null;
  /** Milliseconds. */
  latencyMs: number | null;
}

/** What was found out about a version in one environment, beside what is live there. */
export interface EnvironmentChecks {
  environment: EnvironmentTag;
  /** The newest of each kind and name, in the order of requirements. */
  results: KeptCheck[];
  /** Null: nothing is live there. */
  live: { version: VersionTag; results: KeptCheck[] } | null;
}

export interface ChecksView {
  workflow: WorkflowTag;
  version: VersionTag;
  /** In the order of the pipeline; without one that is asked for by its name, those with results alone. */
  environments: EnvironmentChecks[];
}

/** A run of what is under review, as its card shows it. */
export interface RunOnCard {
  id: string;
  state: SuiteRunState;
  total: number;
  done: number;
  passed: number;
  failed: number;
  errored: number;
  /** The result that its cases are kept with; null: it wrote none. */
  checkId: string | null;
}

/** What Towpath runs by itself for an open promotion. */
export interface TestsOfPromotion {
  /** The last run of the suite on what is proposed; null: it did not run. */
  suite: RunOnCard | null;
  /** The last replay of it. */
  replay: RunOnCard | null;
  /** Whether the workflow has a suite that could run. */
  hasSuite: boolean;
}

/** One result with its cases. */
export interface CheckView {
  workflow: WorkflowTag;
  version: VersionTag;
  environment: EnvironmentTag;
  result: KeptCheck;
  /** Those that did not pass come first; at most 500. */
  cases: CheckCaseView[];
}
