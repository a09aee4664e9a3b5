import type { Actor } from '../../domain/actor.ts';
import type { ModelChoice, Settings } from '../../domain/settings/settings.ts';
import { RunnerFailure } from '../../domain/suite/runner-failure.ts';
import type { RunnerSettings } from '../../domain/suite/runner-settings.ts';
import type { Definition } from '../../domain/workflow/definition.ts';
import type { Json } from '../../domain/workflow/json.ts';

export { RunnerFailure, type RunnerFailureKind } from '../../domain/suite/runner-failure.ts';

/** What one run may take. */
export interface RunLimits {
  /** Milliseconds, retries included. */
  readonly timeoutMs: number;
  /** Bytes of an answer; what is longer is cut off and refused. */
  readonly answerBytes: number;
  /** How often a call that failed in a way that may pass is tried again. */
  readonly retries: number;
  /** US dollars; null: as much as it takes. A runner that knows its prices stops at it. */
  readonly cost: number | null;
}

export const RUN_LIMIT_DEFAULTS: RunLimits = {
  timeoutMs: 60_000,
  answerBytes: 10 * 1024 * 1024,
  retries: 0,
  cost: null,
};

/** Reads the secrets of the environment, each at the moment when it is needed. */
export interface RunSecrets {
  /**
   * @param name of a secret in the environment's settings
   * @throws Refusal unknown_secret, secret_unavailable
   */
  read(name: string): Promise<string>;
  /** Whether the workflow's leads decide which secret that is, or where it is sent. */
  isGivenByLeads(name: string): boolean;
}

/** Runs of one workflow in one environment wait for each other, over all processes. */
export interface RunPlace {
  readonly workspaceId: string;
  readonly environmentId: string;
  /** A uuid; left out, one is made. */
  readonly runId?: string;
  /** In whose name its secrets are read; the audit trail says so. */
  readonly actor: Actor;
  /** Left out: a file of no workflow that there is. */
  readonly workflowId?: string;
}

/** What a run spent so far: told also where it comes to nothing, or is given up. */
export interface Spent {
  /** US dollars; null: nothing yet, or nobody knows. */
  dollars: number | null;
}

export function nothingSpent(): Spent {
  return { dollars: null };
}

export interface RunRequest {
  /** What runs it, of the environment's settings. Null: nothing that Towpath knows, so only agents of the environment can. */
  readonly runner: RunnerSettings | null;
  /** Where it has its turn among others, and whose agents may be given it; left out, it runs at once and here. */
  readonly place?: RunPlace;
  /** Slug. */
  readonly workflow: string;
  /** Its number; null: a file that was never pushed. */
  readonly version: number | null;
  /** By name. */
  readonly environment: string;
  /** Filled with the environment's settings. */
  readonly definition: Definition;
  /** What a format other than Towpath's own can't hold of the settings: models and parameters of its steps, by id. */
  readonly overrides?: ModelChoice & { readonly steps: Readonly<Record<string, ModelChoice>> };
  readonly input: Json;
  /** Those in effect. */
  readonly settings: Settings;
  readonly secrets: RunSecrets;
  readonly limits: RunLimits;
  /** Where the runner writes what is spent, for whoever has to know it of a run that is given up, too. */
  readonly spent?: Spent;
  /** Without effects on the world. A runner that is not declared `shadowSafe` refuses it. */
  readonly shadow: boolean;
  readonly signal: AbortSignal;
}

export interface RunAnswer {
  readonly output: Json;
  /** US dollars, where the runner knows. */
  readonly cost?: number;
  readonly tokens?: { readonly input?: number; readonly output?: number };
  /** Milliseconds. */
  readonly latencyMs: number;
  /** What the runner says of its way: an address, or whatever it gives. */
  readonly trace?: Json;
}

/** Runs one workflow once. */
export interface Runner {
  /**
   * @throws RunnerFailure with what happened; the signal's reason once that is aborted; nothing else. No message, output or trace
   * holds a secret that was read for the run.
   */
  run(request: RunRequest): Promise<RunAnswer>;
}

/** What a judge says; `cost` in US dollars, where it is known. */
export interface JudgeAnswer {
  /** From 0 to 1. */
  readonly score: number;
  readonly passes?: boolean;
  readonly reason?: string;
  readonly cost?: number;
}

/** The operator's model that judges outputs. */
export interface Judge {
  /** How alike two texts are in what they mean. @throws RunnerFailure */
  similarity(expected: string, output: string, signal: AbortSignal): Promise<JudgeAnswer>;
  /** Whether an output is as the rubric asks. @throws RunnerFailure */
  grade(
    question: { readonly rubric: string; readonly input: string; readonly output: string },
    signal: AbortSignal,
  ): Promise<JudgeAnswer>;
}

/** What workflows are run by, and what judges their outputs. */
export interface Runners {
  readonly runner: Runner;
  /** Null: the operator named none. */
  readonly judge: Judge | null;
}

/** Where nothing is ever run. */
export const NO_RUNNERS: Runners = {
  runner: {
    run: async () => {
      throw new RunnerFailure('unsupported', 'Nothing is run here.');
    },
  },
  judge: null,
};
