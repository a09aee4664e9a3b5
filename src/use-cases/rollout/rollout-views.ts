import type { EnvironmentTag, VersionTag, WorkflowTag } from '../views.ts';

/** How the runs of one of the two versions went since the rollout began. */
export interface SideFigures {
  runs: number;
  /** Failed among those that were not cancelled, 0 to 1; null where there are none. */
  errorRate: number | null;
  /** US dollars a run; null where no run said. */
  costPerRun: number | null;
  /** Milliseconds: half of all runs, and 95 of 100, took no longer. Null where none ran. */
  p50: number | null;
  p95: number | null;
}

/** What shares a canary can be given: all; 0 and 100% alone, where a schedule starts runs; or none, where it is quarantined. */
export type PossibleSteps = 'all' | 'whole' | 'none';

/** A promotion that a canary keeps from being deployed, or kept. `canary`: the share that it starts with itself; null for all. */
export interface WaitingView {
  version: VersionTag;
  canary: number | null;
}

/** A canary and what it runs beside. Shares are in hundredths of a percent. */
export interface RolloutView {
  workflow: WorkflowTag;
  environment: EnvironmentTag;
  candidate: {
    deploymentId: string;
    version: VersionTag;
    share: number;
    startedBy: string;
    startedAt: Date;
    promotionId: string | null;
  };
  active: { deploymentId: string; version: VersionTag; since: Date };
  /** The candidate's version was rolled back elsewhere: it can only be aborted. */
  quarantined: boolean;
  /** One of the two versions starts by a schedule: only 0% and 100% are possible. */
  scheduled: boolean;
  /** What moved of settings and rules since it was approved, in sentences. */
  sinceApproved: string[];
  /** What its abort would deploy at once: under review there, with all that it needs. Null for nothing. */
  waiting: WaitingView | null;
  /** Counted from `since` on: records of runs are not kept for ever. */
  runs: { since: Date; candidate: SideFigures; active: SideFigures };
}

/** What was done to a rollout, as it stands then. */
export interface RolloutReceiptView {
  act: 'changed' | 'finished' | 'aborted' | 'resumed';
  /** False: it was so already, by a repeated click or the same share again. */
  changed: boolean;
  workflow: WorkflowTag;
  environment: EnvironmentTag;
  /** The candidate's, whatever became of it. */
  deploymentId: string;
  version: VersionTag;
  promotionId: string | null;
  /** Hundredths of a percent: as it is now, or was last where the rollout is over. */
  share: number;
  /** What can be done with it next, where it runs. */
  steps: PossibleSteps;
  /** What its abort would deploy at once, where it runs. */
  waiting: WaitingView | null;
  /** The share before, where `act` is `changed`; null otherwise. */
  before: number | null;
  /** What is live now: after `finished` this is the candidate's. A rollback that names its deployment takes it out, too. */
  active: { deploymentId: string; version: VersionTag };
  /** What `finished` took the place of; null otherwise. */
  superseded: VersionTag | null;
  /** What waited for the end, with all that it needs, and was deployed by it; null for nothing. */
  followed: WaitingView | null;
  by: string;
  at: Date;
  reason: string | null;
  /** Of `aborted`: until when its doer may undo it; null where that is over or nothing to undo. */
  undoUntil: Date | null;
}
