import type { Side } from '../domain/rollout.ts';
import type { NeededSecret, Overrides } from '../domain/settings/resolve-definition.ts';
import type { ExecutionLimits, McpServer, Settings } from '../domain/settings/settings.ts';
import type { RunnerSettings } from '../domain/suite/runner-settings.ts';
import type { JsonObject } from '../domain/workflow/json.ts';

/** What a running workflow is told: the version that is live, filled with its environment's settings. JSON as it is sent. */
export interface ResolvedView {
  readonly workflow: string;
  readonly environment: string;
  readonly version: { readonly number: number; readonly label: string | null; readonly contentHash: string };
  /** `deployedAt`: ISO 8601. */
  readonly deployment: { readonly id: string; readonly deployedAt: string };
  /** Which side of a rollout this is; null: nothing is rolled out. Without the share, with which every answer's tag would change. */
  readonly rollout: { readonly side: Side } | null;
  /** The newest number of the settings that were applied; 0: none. */
  readonly settingsRevision: number;
  /**
   * Null where the present settings were applied. Otherwise they do not fill this version, which a rollback brought back: `present` is
   * their number, `problems` sentences of what they lack.
   */
  readonly heldSettings: {
    readonly present: number;
    readonly reason: string;
    readonly problems: readonly string[];
  } | null;
  readonly format: string;
  readonly definition: JsonObject;
  readonly overrides: Overrides;
  /** Never a value. */
  readonly secrets: readonly NeededSecret[];
  readonly limits: ExecutionLimits;
  readonly mcpServers: Readonly<Record<string, McpServer>>;
  readonly dataSources: NonNullable<Settings['dataSources']>;
  readonly runner: string | RunnerSettings | null;
  /** Prefix of memory and sessions, so that environments stay apart. */
  readonly namespace: string;
  /** Attributes of traces, by their OpenTelemetry names. */
  readonly trace: Readonly<Record<string, string | number>>;
}
