import type { NewRun } from '../../../src/use-cases/ports.ts';

let counter = 0;

/** A run that went well, of version 1, just now; no two have the same id. */
export function aRun(environment: { id: string }, workflow: { slug: string }, more: Partial<NewRun> = {}): NewRun {
  counter += 1;
  return {
    environmentId: environment.id,
    workflow: workflow.slug,
    version: 1,
    started: new Date(),
    runId: `run-${process.pid}-${counter}`,
    outcome: 'succeeded',
    durationMs: 120,
    error: null,
    cost: null,
    inputTokens: null,
    outputTokens: null,
    key: null,
    traceUrl: null,
    input: null,
    output: null,
    ...more,
  };
}
