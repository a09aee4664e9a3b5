import type { WebhookEndpoint } from '../environment.ts';
import type { RunnerSettings } from '../suite/runner-settings.ts';

/** Where a secret comes from. Its value is read at the moment of need, by whoever runs the workflow, and kept nowhere. */
export type SecretSource =
  | { readonly env: string }
  /** Absolute. */
  | { readonly file: string }
  /** HashiCorp Vault's KV v2: `path` as `MOUNT/NAME`, `key` within it. */
  | { readonly vault: { readonly path: string; readonly key: string } };

export type VariableValue = string | number | boolean;
export type ModelParameters = Readonly<Record<string, string | number | boolean>>;

/** Which model answers, where a step leaves it open or is told another one. */
export interface ModelChoice {
  readonly provider?: string;
  readonly model?: string;
  readonly modelParameters?: ModelParameters;
}

/** What one run, and all runs of a day, may take. */
export interface ExecutionLimits {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly retries?: number;
  readonly concurrency?: number;
  /** US dollars. */
  readonly costPerRun?: number;
  readonly costPerDay?: number;
}

export interface McpServer {
  readonly url: string;
  readonly transport: 'http' | 'sse' | 'stdio';
}

/**
 * One layer of settings: what an environment gives every workflow, or what one workflow gets in it. What a layer does not
 * name is as the wider one has it.
 */
export interface Settings extends ModelChoice {
  /** By NAME (`[A-Z][A-Z0-9_]*`). */
  readonly variables?: Readonly<Record<string, VariableValue>>;
  /** By NAME. */
  readonly secrets?: Readonly<Record<string, SecretSource>>;
  /** By the id of a step; in other formats than Towpath's own by its label, too. */
  readonly steps?: Readonly<Record<string, ModelChoice>>;
  readonly limits?: ExecutionLimits;
  /** By the alias that workflows use. */
  readonly mcpServers?: Readonly<Record<string, McpServer>>;
  /** By the alias that workflows use. */
  readonly dataSources?: Readonly<Record<string, Readonly<Record<string, VariableValue>>>>;
  /** What runs the workflow: a name that says something to whoever runs it, or how Towpath itself can have it run. */
  readonly runner?: string | RunnerSettings;
  /** Of a workflow's layer: the Slack channel where it is told of, in place of the environment's. */
  readonly channel?: string;
  /**
   * Of a workflow's layer, and given by `towpath.yaml` alone: who is told of the workflow, in place of the environment's endpoints.
   * Empty: nobody.
   */
  readonly webhooks?: readonly WebhookEndpoint[];
  /** Of a workflow's layer: names of secrets, by the path of the masked value in its document. */
  readonly masked?: Readonly<Record<string, string>>;
}

/** One layer as it is from one change to the next. */
export interface SettingsRevision {
  readonly id: string;
  readonly environmentId: string;
  /** Null: the environment's own layer. */
  readonly workflowId: string | null;
  /** 1, 2, 3 … in the environment, counted over all its layers. */
  readonly number: number;
  readonly settings: Settings;
  readonly changedBy: string;
  readonly via: 'slack' | 'api' | 'clock' | 'file';
  readonly reason: string | null;
  /** Number of the earlier revision that it brought back. */
  readonly restores: number | null;
  /** Fields of these settings that `towpath.yaml` gives: they can be changed there only. */
  readonly managed: readonly (keyof Settings)[];
  readonly at: Date;
}
