import type { SettingsRevision } from '../../domain/settings/settings.ts';
import type { Version, Workflow } from '../../domain/version.ts';
import type { StoredDocument } from './documents.ts';

/** One layer of settings, as far as resolving needs it. */
export type SettingsLayer = Pick<SettingsRevision, 'number' | 'settings'>;

/** All that an answer about one workflow in one environment is made of, as of one moment. */
export interface LiveParts {
  workflow: Pick<Workflow, 'id' | 'slug'>;
  /** Null: nothing is live there. */
  live: {
    deployment: { id: string; deployedAt: Date };
    version: Pick<Version, 'id' | 'number' | 'label' | 'contentHash'>;
    stored: StoredDocument;
    /** When earlier stretches of this deployment ended, the newest first, at most 10: it has some where a rollback brought it back. */
    endedAt: Date[];
  } | null;
  layers: { environment: SettingsLayer | null; workflow: SettingsLayer | null };
}

export interface LiveReader {
  /** By slug, in one statement, so that all parts belong together. Null: there is no such workflow. */
  find(environmentId: string, slug: string): Promise<LiveParts | null>;
}

/** What running workflows read has changed: of one workflow in an environment, or (`workflowId` null) of all of them there. */
export interface ResolvedChange {
  /** Grows, but not in the order in which changes were committed. */
  seq: number;
  workspaceId: string;
  environmentId: string;
  workflowId: string | null;
}

/** What is live after a change. */
export interface ChangedTo {
  environmentId: string;
  environment: string;
  /** Null, as are version and deployment: every workflow of the environment. */
  workflowId: string | null;
  workflow: string | null;
  version: number | null;
  deployment: string | null;
  settingsRevision: number;
}

/** What the database tells of changes, kept for a day. Belongs to no transaction. */
export interface ResolvedChanges {
  /** The database's clock. */
  now(): Promise<Date>;
  /** Those told since then by the database's clock, lowest number first, at most `limit`. */
  since(moment: Date, limit: number): Promise<ResolvedChange[]>;
  /**
   * Those that whoever heard number `seq` last may not have heard, a few that they did among them; at most `limit`. Null: that is
   * too long ago to tell.
   */
  missedAfter(workspaceId: string, environmentId: string, seq: number, limit: number): Promise<ResolvedChange[] | null>;
  /** The highest number of a workspace's changes; 0: there is none. */
  newest(workspaceId: string): Promise<number>;
  /** What the changes led to; what is not live any more, or not there, is left out. */
  describe(changes: readonly Omit<ResolvedChange, 'seq'>[]): Promise<ChangedTo[]>;
  /** Forgets what is older than a day. Returns how many there were. */
  sweep(): Promise<number>;
}

/** An answer as it is sent: made once, sent as often as it is asked for. */
export interface ReadyAnswer {
  /** JSON in UTF-8. */
  readonly body: Buffer;
  /** Strong, quoted. */
  readonly etag: string;
}

/** The answers of the data plane, remembered as long as they hold. */
export interface ReadyAnswers {
  /**
   * What runs, at once where it is remembered and holds. `isStale`: the database could not be asked whether it still does.
   * @throws Refusal unknown_environment, unknown_workflow, nothing_active, unavailable; DoesNotFillError
   */
  get(environment: string | { id: string; name: string }, workflow: string): GivenAnswer | Promise<GivenAnswer>;
}
export interface GivenAnswer {
  readonly answer: ReadyAnswer;
  readonly isStale: boolean;
}
