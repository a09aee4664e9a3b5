import type { SettingsRevision } from '../../domain/settings/settings.ts';
import type { Version, Workflow } from '../../domain/version.ts';
import type { StoredDocument } from './documents.ts';

/** One layer of settings, as far as resolving needs it. */
export type SettingsLayer = Pick<SettingsRevision, 'number' | 'settings' | 'managed'>;

/** A version that is handed out. */
export interface LivePart {
  deployment: { id: string; deployedAt: Date };
  version: Pick<Version, 'id' | 'number' | 'label' | 'contentHash'>;
  stored: StoredDocument;
  /** When earlier stretches of this deployment ended, the newest first, at most 10: it has some where a rollback brought it back. */
  endedAt: Date[];
}

/** All that an answer about one workflow in one environment is made of, as of one moment. */
export interface LiveParts {
  workflow: Pick<Workflow, 'id' | 'slug'>;
  /** Null: nothing is live there. */
  live: LivePart | null;
  /** What is rolled out beside it; `share`: hundredths of a percent. Null: nothing is. */
  candidate: (LivePart & { share: number }) | null;
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
  /** What runs beside it as a canary; null: nothing does. */
  candidate: { version: number; deployment: string } | null;
  settingsRevision: number;
}

/** What the database tells of changes, kept for a day. Belongs to no transaction. */
export interface ResolvedChanges {
  /**
   * Those that a look from which `horizon` came may not have seen, lowest number first, at most `limit`. Null: none, only a horizon
   * to begin with. Horizons never fall on one database.
   */
  since(horizon: bigint | null, limit: number): Promise<{ horizon: bigint; changes: ResolvedChange[] }>;
  /**
   * Those that whoever heard number `seq` last may not have heard, a few that they did among them; lowest number first, at most
   * `limit`. Null: that is too long ago to tell.
   */
  missedAfter(workspaceId: string, environmentId: string, seq: number, limit: number): Promise<ResolvedChange[] | null>;
  /** The highest number of a workspace's changes; 0: there is none. */
  newest(workspaceId: string): Promise<number>;
  /** What the changes led to; what is not live any more, or not there, is left out. */
  describe(changes: readonly Omit<ResolvedChange, 'seq'>[]): Promise<ChangedTo[]>;
  /** Forgets what is older than a day. Returns how many there were. */
  sweep(): Promise<number>;
}

/** An environment by the word that a person typed for it, or itself. */
export type NamedEnvironment = string | { readonly id: string; readonly name: string };

/** An answer as it is sent: made once, sent as often as it is asked for. */
export interface ReadyAnswer {
  /** JSON. Each character is one byte of it in UTF-8: `latin1` writes it as it is, in half the time that a Buffer takes. */
  readonly body: string;
  /** Strong, quoted. */
  readonly etag: string;
}

/** `isStale`: the database could not be asked whether it still holds. */
export interface GivenAnswer {
  readonly answer: ReadyAnswer;
  readonly isStale: boolean;
}

/** What runs, remembered as long as it holds. */
export interface ReadyAnswers {
  /**
   * At once where it is remembered. `key`: whom a run is for, which decides between both sides of a rollout; null: nobody in particular.
   * @throws Refusal unknown_environment, ambiguous_environment, unknown_workflow, nothing_active, unavailable; DoesNotFillError
   */
  get(environment: NamedEnvironment, workflow: string, key: string | null): GivenAnswer | Promise<GivenAnswer>;
  /** What is remembered and holds; null where `get` would have to ask. @throws Refusal as `get` */
  ready(environment: NamedEnvironment, workflow: string, key: string | null): ReadyAnswer | null;
}

/** Where events are written to, as they go over the wire. */
export interface StreamSink {
  write(chunk: Buffer): void;
  /** Bytes that were written and that nobody has taken yet. */
  waiting(): number;
  end(): void;
}
export interface StreamRequest {
  environment: NamedEnvironment;
  /** Whose stream it is: each may have a few open. */
  holder: string;
  /** `Last-Event-ID`; null: whatever comes from now on. */
  lastSeen: number | null;
  /** Whether its holder is still let in. Never rejects. */
  stillGood(): boolean | Promise<boolean>;
  sink: StreamSink;
}

/** Tells of changes as they come. */
export interface ChangeStream {
  /**
   * Begins to write to the sink, what was missed first. Gives what ends it; null: too many are open.
   * @throws Refusal unknown_environment, ambiguous_environment, unavailable
   */
  open(request: StreamRequest): Promise<(() => void) | null>;
  /** Ends all of them, telling why. */
  close(): void;
}
