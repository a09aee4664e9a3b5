import type { Actor } from '../../domain/actor.ts';
import type { SuiteRunKind, SuiteRunState } from '../../domain/suite/suite-run.ts';
import type { Page, PageRequest } from './paging.ts';

/** A workflow's suite, as it was saved once. */
export interface SuiteRevision {
  id: string;
  workflowId: string;
  /** Counted from 1. */
  number: number;
  /** Masked. */
  source: string;
  fileName: string | null;
  name: string;
  /** How many. */
  cases: number;
  /** SHA-256 (hex) of the source. */
  contentHash: string;
  savedBy: string;
  via: string;
  at: Date;
}

export interface SuiteRunCounts {
  total: number;
  done: number;
  passed: number;
  failed: number;
  notJudged: number;
  errored: number;
  /** US dollars. */
  cost: number;
}

export interface SuiteRunRecord extends SuiteRunCounts {
  id: string;
  kind: SuiteRunKind;
  workflowId: string;
  versionId: string;
  /** Of a replay: what it is compared with. */
  liveVersionId: string | null;
  environmentId: string;
  /** Number of the suite; null: it needs none. */
  suite: number | null;
  promotionId: string | null;
  askedBy: string;
  via: Actor['via'];
  state: SuiteRunState;
  /** US dollars; null: as much as it takes. */
  budget: number | null;
  /** The check results that it wrote, the one that told of its progress first. */
  checkIds: string[];
  askedAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  detail: string | null;
}

export type NewSuiteRun = Pick<
  SuiteRunRecord,
  | 'kind'
  | 'workflowId'
  | 'versionId'
  | 'liveVersionId'
  | 'environmentId'
  | 'suite'
  | 'promotionId'
  | 'askedBy'
  | 'via'
  | 'budget'
  | 'checkIds'
  | 'total'
>;

/** Runs of one thing: a kind on a version in an environment. `suite`: of this suite alone; `liveVersionId`: beside this version alone. */
export interface RunsOf {
  kind: SuiteRunKind;
  versionId: string;
  environmentId: string;
  suite?: number;
  liveVersionId?: string;
}

/** Milliseconds since a run was worked on, and since one was asked for that has no job any more. */
export interface LostAfter {
  running: number;
  queued: number;
}

export interface SuiteReader {
  /** The one saved last. */
  newest(workflowId: string): Promise<SuiteRevision | null>;
  /** As `newest`, without its source. */
  newestTag(workflowId: string): Promise<Omit<SuiteRevision, 'source'> | null>;
  findRevision(workflowId: string, number: number): Promise<SuiteRevision | null>;
  findRun(id: string): Promise<SuiteRunRecord | null>;
  /** The one asked for last. */
  newestRun(of: RunsOf): Promise<SuiteRunRecord | null>;
  /** Runs that nobody works on any more, or ever will, at most 50 of each kind, the longest first. */
  lost(after: LostAfter): Promise<SuiteRunRecord[]>;
  /** How many runs of a workflow wait in an environment that no promotion waits for. */
  waiting(workflowId: string, environmentId: string): Promise<number>;
  listRuns(filter: { workflowId: string; environmentId?: string }, page: PageRequest): Promise<Page<SuiteRunRecord>>;
}

export interface SuiteWriter {
  save(revision: Omit<SuiteRevision, 'id' | 'number' | 'at'>): Promise<SuiteRevision>;
  /**
   * Puts a run on the queue of its workflow and environment, before those that no promotion waits for. Keeps the newest 50 of both, and
   * those that are under way.
   */
  ask(run: NewSuiteRun): Promise<SuiteRunRecord>;
  /** Null: it is not queued any more, so that it may not start. */
  start(id: string): Promise<SuiteRunRecord | null>;
  /** How far it is, and that it is worked on. False: it does not run any more, so that whoever works on it has to stop. */
  progress(id: string, counts?: SuiteRunCounts): Promise<boolean>;
  /** False: it had ended already, and stays so. */
  end(
    id: string,
    how: Partial<SuiteRunCounts> & {
      state: Exclude<SuiteRunState, 'queued' | 'running'>;
      detail: string | null;
      checkIds?: string[];
    },
  ): Promise<boolean>;
  /** Those of a promotion that are under way. */
  underWayOf(promotionId: string): Promise<SuiteRunRecord[]>;
}
