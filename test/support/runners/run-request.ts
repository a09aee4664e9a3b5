import { Refusal } from '../../../src/domain/refusal.ts';
import { runnerSettings } from '../../../src/domain/suite/runner-settings.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import {
  RUN_LIMIT_DEFAULTS,
  type RunLimits,
  RunnerFailure,
  type RunRequest,
} from '../../../src/use-cases/ports/runners.ts';

/** A secret that must turn up nowhere. */
export const SECRET = 'tp-hunter2/very+secret';

export interface RequestParts extends Omit<Partial<RunRequest>, 'runner' | 'definition' | 'limits'> {
  /** As settings write it. */
  readonly runner: unknown;
  /** As a file writes it. */
  readonly definition?: unknown;
  readonly limits?: Partial<RunLimits>;
}

/** A request to run a workflow, where only what matters is said. Every secret but MISSING is `SECRET`. */
export function runRequest({ runner, definition, limits, ...others }: RequestParts): RunRequest {
  const document = definition ?? {
    apiVersion: 'towpath/v1',
    name: 'w',
    steps: [{ id: 'one', type: 'llm', model: 'm', task: 'Say hello' }],
  };
  return {
    runner: runnerSettings.parse(runner),
    workflow: 'summarize-flow',
    version: 3,
    environment: 'staging',
    definition: readDefinition(JSON.stringify(document)),
    input: { ticket: 'It is down' },
    settings: {},
    secrets: {
      isGivenByLeads: () => false,
      read: async (name) => {
        if (name !== 'MISSING') return SECRET;
        throw new Refusal('secret_unavailable', 'The variable MISSING is not set where Towpath runs.');
      },
    },
    limits: { ...RUN_LIMIT_DEFAULTS, timeoutMs: 20_000, ...limits },
    shadow: false,
    signal: new AbortController().signal,
    ...others,
  };
}

/** What a run failed with, and nothing of the secret in it. */
export async function failureOf(run: Promise<unknown>): Promise<RunnerFailure> {
  const failure = await run.then(
    (answer) => new Error(`It answered ${JSON.stringify(answer)}.`),
    (error: unknown) => error,
  );
  if (!(failure instanceof RunnerFailure)) throw failure;
  return failure;
}
