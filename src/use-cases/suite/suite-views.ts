import type { SuiteRunKind, SuiteRunState } from '../../domain/suite/suite-run.ts';
import type { MaskedSecret } from '../../domain/workflow/secrets/mask-source.ts';
import type { CheckCaseView } from '../checks/check-views.ts';
import type { KeptCheck } from '../ports/evidence.ts';
import type { EnvironmentTag, VersionTag, WorkflowTag } from '../views.ts';

/** A workflow's suite, as it was saved last. */
export interface SuiteView {
  workflow: WorkflowTag;
  /** Counted from 1: which of the workflow's suites it is. */
  number: number;
  /** As it was saved, its secrets masked. */
  source: string;
  fileName: string | null;
  /** What its results are called. */
  name: string;
  /** How many. */
  cases: number;
  savedBy: string;
  savedAt: Date;
}

/** What saving a suite led to. */
export interface SavedSuite {
  workflow: WorkflowTag;
  number: number;
  /** False: it was the workflow's suite already. */
  created: boolean;
  name: string;
  cases: number;
  /** Where secrets stood (20 at most), and how many more. They were masked before anything was kept. */
  masked: { secrets: readonly MaskedSecret[]; more: number };
}

/** How far a run is, or how it ended. Of `shadow`, inputs: those answered alike passed, those that diverged failed. */
export interface SuiteRunFigures {
  total: number;
  done: number;
  passed: number;
  failed: number;
  /** Nothing could judge them; of `shadow`, they could not be compared. */
  notJudged: number;
  errored: number;
  /** US dollars so far, as far as it is told. */
  cost: number;
}

/** A run as a list shows it. */
export interface SuiteRunSummary extends SuiteRunFigures {
  id: string;
  kind: SuiteRunKind;
  workflow: WorkflowTag;
  version: VersionTag;
  environment: EnvironmentTag;
  /** Number of the suite; null: inputs of runs were replayed. */
  suite: number | null;
  /** That it was asked for; null: none. */
  promotionId: string | null;
  /** A Slack user id, or `clock` where Towpath ran it by itself. */
  askedBy: string;
  state: SuiteRunState;
  /** US dollars that it may cost; null: as much as it takes. */
  budget: number | null;
  askedAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  /** Why it failed or was stopped, or what is to be known of how it ended: one line, nothing of it escaped. */
  detail: string | null;
}

/** A run, with what it found out. */
export interface SuiteRunView extends SuiteRunSummary {
  /** What it found out: tests, qualities, cost and latency, or the replay. Of one that runs, how far it is. */
  results: KeptCheck[];
  /** The newest results of what is live there, to be shown beside; null: nothing is, or it is this very version. */
  live: { version: VersionTag; results: KeptCheck[] } | null;
  /** Those that did not pass first; of a replay, at most three that diverged. Empty while it runs. Nothing of it is escaped. */
  cases: CheckCaseView[];
}
