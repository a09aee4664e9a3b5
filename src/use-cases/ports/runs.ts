import type { RunOutcome } from '../../domain/run-record.ts';
import type { Page, PageRequest } from './paging.ts';

/** One run as it is written. */
export interface NewRun {
  readonly environmentId: string;
  /** Slug and number of the version: looked up as the row is written. */
  readonly workflow: string;
  readonly version: number;
  readonly started: Date;
  readonly runId: string;
  readonly outcome: RunOutcome;
  readonly durationMs: number;
  readonly error: string | null;
  readonly cost: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly key: string | null;
  readonly traceUrl: string | null;
  /** JSON, masked. */
  readonly input: string | null;
  readonly output: string | null;
}

export type Knowledge = 'known' | 'unknown_workflow' | 'unknown_version' | 'never_live';

export interface RunsWritten {
  /** How many were new. Those that are neither new nor of an unknown version were there already. */
  accepted: number;
  /** For every run, in order: whether its version is one that was ever live in its environment. Those that are not were not written. */
  known: readonly Knowledge[];
}

/** One run as it is kept. */
export interface RunRecord extends Omit<NewRun, 'workflow' | 'version'> {
  readonly workflowId: string;
  readonly versionId: string;
  readonly received: Date;
}

/** Which runs are meant. All of `environmentIds`, and of those only what the rest leaves. */
export interface RunFilter {
  readonly environmentIds: readonly string[];
  readonly workflowId?: string;
  readonly versionId?: string;
  readonly outcome?: RunOutcome;
  /** Started no earlier. */
  readonly since?: Date;
  readonly runId?: string;
}

/** How the runs of one version went in one environment. */
export interface RunFigures {
  readonly environmentId: string;
  readonly versionId: string;
  readonly runs: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Milliseconds: half of all runs, and 95 of 100, took no longer. */
  readonly p50: number;
  readonly p95: number;
  /** US dollars; null where no run said. */
  readonly cost: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly firstStarted: Date;
  readonly lastStarted: Date;
}

/** How the runs of one version went, for comparing it with another. */
export interface VersionFigures
  extends Pick<RunFigures, 'versionId' | 'runs' | 'failed' | 'cancelled' | 'p50' | 'p95'> {
  /** US dollars, of the runs that said; null where none did. */
  readonly costPerRun: number | null;
}
export interface VersionsAsked {
  readonly workflowId: string;
  readonly environmentId: string;
  readonly versionIds: readonly string[];
  /** Started no earlier. */
  readonly since: Date;
}

export interface RunReader {
  /** Newest first. Inputs and outputs are null unless asked for. */
  list(filter: RunFilter, page: PageRequest & { payloads?: boolean }): Promise<Page<RunRecord>>;
  /** By environment and version, the one that ran last first; at most 100. */
  figures(filter: RunFilter & { workflowId: string; since: Date }): Promise<RunFigures[]>;
  /** Of these versions in one environment, by one question. Those without runs are left out. */
  figuresOfVersions(asked: VersionsAsked): Promise<VersionFigures[]>;
}

export interface RunWriter {
  /**
   * Writes up to 1,000 runs by one statement. What is there already (environment, start and run id) stays as it is. What those cost
   * that started today is added to the day's, unless `isCharged`: it was already.
   */
  record(runs: readonly NewRun[], already?: { isCharged: boolean }): Promise<RunsWritten>;
}
