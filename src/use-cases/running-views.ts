import type { Scope } from '../domain/token.ts';
import type { RunFigures, RunRecord } from './ports/runs.ts';
import type { EnvironmentTag, VersionTag, WorkflowTag } from './views.ts';

/** A token as people are shown it. */
export interface TokenView {
  name: string;
  /** Null for one that acts on workflows. */
  environment: EnvironmentTag | null;
  scopes: readonly Scope[];
  /** One of `towpath login`: it may what its creator may. */
  isPersonal: boolean;
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  isExpired: boolean;
  /** Another one of its name took its place; it is good until it expires. */
  isReplaced: boolean;
}

/** One run, its ids as people call them. */
export interface RunView extends Omit<RunRecord, 'workflowId' | 'versionId' | 'environmentId'> {
  workflow: WorkflowTag;
  version: VersionTag;
  environment: EnvironmentTag;
}

/** How the runs of one version went in one environment. */
export interface RunFiguresView extends Omit<RunFigures, 'versionId' | 'environmentId'> {
  version: VersionTag;
  environment: EnvironmentTag;
  /** Failed among those that were not cancelled, 0 to 1; null where all were. */
  errorRate: number | null;
}
