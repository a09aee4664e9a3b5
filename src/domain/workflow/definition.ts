import type { Json, JsonObject } from './json.ts';

/**
 * `unspecified` is for documents whose format says nothing about it, or that no format reads.
 * In `sequential` the order of steps is part of the logic; in `dag` only `dependsOn` is.
 */
export type ExecutionMode = 'sequential' | 'dag' | 'unspecified';

/**
 * A workflow as every format is read into it. What it holds is compared; what it does not hold is noise.
 * The one exception is `document`, the parsed source, which alone decides the content hash.
 */
export interface Definition {
  /** Id of the format that read it, such as `towpath` or `generic`. */
  readonly format: string;
  readonly name?: string;
  readonly description?: string;
  readonly executionMode: ExecutionMode;
  /** JSON Schema of what the workflow takes. */
  readonly inputs?: JsonObject;
  /** JSON Schema of what the workflow gives. */
  readonly outputs?: JsonObject;
  readonly steps: readonly Step[];
  readonly edges: readonly Edge[];
  readonly triggers: readonly Trigger[];
  /** Names of events, as a set. */
  readonly emits: readonly string[];
  /** Which credential or connection a name means here. Not part of the logic. */
  readonly bindings: JsonObject;
  /** Where a canvas drew it. Never part of anything. */
  readonly layout: JsonObject;
  /** Everything else that counts, compared by key. A format that names all it knows leaves this empty. */
  readonly rest: JsonObject;
  /** Files of a bundle that belong to no step, by path: their texts are compared. Absent where a version is one file. */
  readonly files?: Readonly<Record<string, string>>;
  readonly document: JsonObject;
}

export interface Step {
  /** Unique in the whole workflow. */
  readonly id: string;
  /** The document gave it no id, or one that others have too: its format made this one, so it proves nothing across versions. */
  readonly weakId?: boolean;
  /** `llm`, `tool`, `condition` …, or the format's own word for a node. */
  readonly kind: string;
  readonly label?: string;
  readonly description?: string;
  readonly properties: StepProperties;
  readonly dependsOn: readonly string[];
  readonly children: readonly StepGroup[];
  /** Where it stands in the document, such as `steps[2].loop.steps[0]`. */
  readonly path: string;
}

/** Steps inside a step: `then`, `else`, `steps` of a loop, or the name of a parallel branch. */
export interface StepGroup {
  readonly role: string;
  readonly steps: readonly Step[];
}

/** An arrow between two steps, by id. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly port?: string;
  /** Follows from the order of steps or from `dependsOn`, so it is drawn but never compared. */
  readonly implied?: boolean;
}

export interface Trigger {
  readonly id: string;
  readonly type: string;
  readonly schedule?: string;
  readonly event?: string;
  readonly environments?: readonly string[];
}

/** A number, or a template such as `${LIMIT:5}` that is filled when the version is resolved. */
export type Templated<T> = T | string;

/** What a step is made of, in the one vocabulary that all formats are read into. Unlisted keys are compared too. */
export interface StepProperties {
  readonly provider?: string;
  readonly model?: string;
  readonly modelParameters?: JsonObject;
  readonly systemPrompt?: string;
  readonly task?: string;
  readonly recipe?: string;
  readonly expectedOutput?: string;
  readonly tools?: readonly string[];
  readonly mcpServers?: readonly string[];
  /** Aliases of the environment's settings, as of MCP servers. */
  readonly dataSources?: readonly string[];
  readonly timeout?: string;
  readonly retry?: { readonly maxAttempts?: Templated<number>; readonly delay?: string; readonly backoff?: string };
  readonly onError?: string;
  readonly condition?: { readonly if?: string };
  readonly loop?: {
    readonly over?: string;
    readonly maxIterations?: Templated<number>;
    readonly breakWhen?: string;
  };
  readonly evaluation?: { readonly criteria?: readonly Criterion[]; readonly threshold?: Templated<number> };
  readonly [other: string]: unknown;
}

/** One thing an evaluation step looks at. */
export interface Criterion {
  readonly id: string;
  readonly type: string;
  readonly value?: Json;
  readonly weight?: Templated<number>;
  readonly [other: string]: unknown;
}

/** All steps, nested ones included, in document order. */
export function allSteps(definition: Pick<Definition, 'steps'>): Step[] {
  const found: Step[] = [];
  const visit = (steps: readonly Step[]): void => {
    for (const step of steps) {
      found.push(step);
      for (const group of step.children) visit(group.steps);
    }
  };
  visit(definition.steps);
  return found;
}
