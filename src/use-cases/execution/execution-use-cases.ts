import type { Actor } from '../../domain/actor.ts';
import type { SuiteOutcome } from '../../domain/suite/suite-outcome.ts';
import type { Json } from '../../domain/workflow/json.ts';
import type { RunAnswer } from '../ports/runners.ts';
import type { PushedDocument, Work, WorkResult } from '../ports.ts';
import type { SuiteProgress } from '../suite/run-suite.ts';

/** One run of what is live. */
export interface ExecutionView extends RunAnswer {
  readonly runId: string;
  readonly workflow: string;
  readonly version: { readonly number: number; readonly label: string | null };
  readonly environment: string;
  /** False: it ran, but its record could not be kept. */
  readonly recorded: boolean;
}

/** Running what is live, for people and programs, and what agents are given of it. Part of `UseCases`. */
export interface ExecutionUseCases {
  /**
   * Runs what is live in an environment once, with its settings, limits and secrets, and records it there. `key`: whom it is for,
   * which decides between both sides of a rollout. It ends soon once the signal does.
   * @throws Refusal unknown_environment, unknown_workflow, nothing_active, not_permitted, no_runner, cost_reached
   * @throws DoesNotFillError; RunnerFailure with what happened; the signal's reason
   */
  executeWorkflow(request: {
    actor: Actor;
    environment: string;
    workflow: string;
    inputs: Json;
    key?: string;
    signal: AbortSignal;
  }): Promise<ExecutionView>;
  /**
   * The next run for an agent of an environment, waited for as long as it says; null: there was none. Asking says that it is there.
   * @throws Refusal invalid_input, too_many
   */
  takeWork(request: {
    actor: Actor;
    /** Its token's. */
    environment: { id: string; name: string };
    tokenId: string;
    agent: string;
    release?: string | null;
    waitMs: number;
    signal: AbortSignal;
  }): Promise<Work | null>;
  /** What an agent made of a run that it took. @throws Refusal unknown_work, invalid_input */
  answerWork(request: {
    workspaceId: string;
    environment: { id: string; name: string };
    id: string;
    result: WorkResult;
  }): Promise<void>;
  /**
   * Runs a suite (left out: the workflow's own) on a file that is no version, with what the first environment gives its workflow.
   * Nothing of it is kept. Told of progress once all is in order, and after each case; it ends soon once the signal does.
   * @throws Refusal not_permitted, no_suite, no_runner, too_many, unavailable; DoesNotFillError
   * @throws InvalidDefinitionError of the file or the suite; the signal's reason
   */
  testFile(request: {
    actor: Actor;
    file: Pick<PushedDocument, 'source' | 'fileName' | 'format'>;
    suite?: Pick<PushedDocument, 'source' | 'fileName'>;
    /** Slug; left out: as a push would call it. */
    workflow?: string;
    signal: AbortSignal;
    onProgress: (progress: SuiteProgress) => void;
  }): Promise<{ workflow: string; environment: string; outcome: SuiteOutcome }>;
}
