/** A JSON object as Towpath hands it out. Frozen, so that no reader changes what the next one gets. */
export type JsonObject = { readonly [key: string]: JsonValue };
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** Which model answers, where the workflow itself does not say. */
export interface ModelOverride {
  readonly provider?: string;
  readonly model?: string;
  readonly modelParameters?: Readonly<Record<string, string | number | boolean>>;
}

/** What an environment gives a workflow whose format Towpath does not write into; `steps` by step id. */
export interface Overrides extends ModelOverride {
  readonly steps?: Readonly<Record<string, ModelOverride>>;
}

/** What one run, and all runs of a day, may take. What is absent is not limited. */
export interface Limits {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly retries?: number;
  readonly concurrency?: number;
  /** US dollars. */
  readonly costPerRun?: number;
  readonly costPerDay?: number;
}

/** What runs in an environment: one version of a workflow, filled with that environment's settings. */
export interface ResolvedWorkflow {
  readonly workflow: string;
  readonly environment: string;
  readonly version: { readonly number: number; readonly label: string | null; readonly contentHash: string };
  /** `deployedAt` is an ISO 8601 time. */
  readonly deployment: { readonly id: string; readonly deployedAt: string };
  /** Null while no canary runs. Otherwise which side of it this is: the key decides, and without a key it is the active one. */
  readonly rollout: { readonly side: 'active' | 'candidate' } | null;
  /** Number of the newest settings revision that was applied; 0: none. */
  readonly settingsRevision: number;
  /**
   * Null where the present settings were applied. Otherwise a rollback brought back a version that they (`present`) do not
   * fill, and it runs with those it last ran with; `problems` says in sentences what is missing.
   */
  readonly heldSettings: {
    readonly present: number;
    readonly reason: string;
    readonly problems: readonly string[];
  } | null;
  /** The format of the definition, `towpath` for Towpath's own. */
  readonly format: string;
  /** The workflow with every placeholder filled. Secrets stand in it as `{{ secrets.NAME }}`. */
  readonly definition: JsonObject;
  readonly overrides: Overrides;
  /** Names of the secrets that the definition needs, and where. Values are not in it. */
  readonly secrets: readonly { readonly name: string; readonly paths: readonly string[] }[];
  readonly limits: Limits;
  /** By the alias that the workflow uses. */
  readonly mcpServers: Readonly<Record<string, { readonly url: string; readonly transport: string }>>;
  /** By the alias that the workflow uses. */
  readonly dataSources: Readonly<Record<string, JsonObject>>;
  readonly runner: string | JsonObject | null;
  /** Prefix for memory and sessions, such as `staging:summarize-flow:`, under which environments stay apart. */
  readonly namespace: string;
  /** OpenTelemetry attributes for the run's spans. */
  readonly trace: Readonly<Record<string, string | number | boolean>>;
}

/** What the client's `resolve` answers. */
export interface Answer extends ResolvedWorkflow {
  /** True: Towpath could not be asked whether this is still what runs; it is what was last known. */
  readonly stale: boolean;
}

/**
 * Reads an answer of Towpath's, or one kept on disk. Null when it is not one. Fields that are not known are kept; absent
 * ones that can be empty become empty.
 */
export function parseResolved(text: string): ResolvedWorkflow | null {
  const value = parseJson(text);
  if (!isObject(value) || !isObject(value['definition'])) return null;
  if (!isName(value['workflow']) || !isName(value['environment']) || !isCount(value['settingsRevision'])) return null;
  const { version, deployment } = value;
  if (!isObject(version) || !isCount(version['number'])) return null;
  if (!isObject(deployment) || !isName(deployment['id'])) return null;
  return deepFreeze({
    ...value,
    version: { ...version, label: textOr(version['label'], null), contentHash: textOr(version['contentHash'], '') },
    deployment: { ...deployment, deployedAt: textOr(deployment['deployedAt'], '') },
    rollout: isObject(value['rollout']) ? value['rollout'] : null,
    heldSettings: isObject(value['heldSettings']) ? value['heldSettings'] : null,
    format: textOr(value['format'], ''),
    overrides: objectOr(value['overrides']),
    secrets: secretsOf(value['secrets']),
    limits: objectOr(value['limits']),
    mcpServers: objectOr(value['mcpServers']),
    dataSources: objectOr(value['dataSources']),
    runner: isObject(value['runner']) ? value['runner'] : textOr(value['runner'], null),
    namespace: textOr(value['namespace'], `${value['environment']}:${value['workflow']}:`),
    trace: objectOr(value['trace']),
  }) as unknown as ResolvedWorkflow;
}

/** Null, which no answer is, for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function textOr<Otherwise>(value: unknown, otherwise: Otherwise): string | Otherwise {
  return typeof value === 'string' ? value : otherwise;
}

function objectOr(value: unknown): object {
  return isObject(value) ? value : {};
}

function secretsOf(value: unknown): object[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap((secret) => {
    const { name, paths } = secret;
    if (!isName(name)) return [];
    return [{ ...secret, name, paths: Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [] }];
  });
}

/** Without recursion: what is kept on disk may be nested as deep as its writer liked. */
function deepFreeze<Value extends object>(value: Value): Value {
  const left: object[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    Object.freeze(next);
    for (const inner of Object.values(next)) if (typeof inner === 'object' && inner !== null) left.push(inner);
  }
  return value;
}
