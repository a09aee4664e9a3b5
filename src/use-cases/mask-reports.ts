import type { Environment } from '../domain/environment.ts';
import { keptError, type RunReport } from '../domain/run-record.ts';
import type { Documents, NewRun } from './ports.ts';

/** A report that nothing is wrong with so far, and the environment that it names. */
export interface TakenReport {
  readonly index: number;
  readonly report: RunReport;
  readonly environment: Environment;
}

const FIELDS = ['error', 'input', 'output'] as const;

/**
 * Reports as they may be kept: errors, and inputs and outputs where they are kept, without their secrets. `run` is null where one
 * of them holds more secrets than are masked. All texts are masked together, so that a secret told in one is known in the others.
 */
export async function maskReports(
  taken: readonly TakenReport[],
  documents: Pick<Documents, 'mask'>,
): Promise<{ index: number; run: NewRun | null }[]> {
  const texts: string[] = [];
  const places = taken.map(({ report, environment }) => {
    const { error, input, output } = report;
    const kept = environment.runPayloads === true ? { error, input, output } : { error };
    return Object.entries(kept).flatMap(([field, value]) =>
      value === undefined
        ? []
        : [{ field: field as (typeof FIELDS)[number], at: texts.push(JSON.stringify(value)) - 1 }],
    );
  });
  const masked = texts.length === 0 ? [] : await documents.mask(texts);
  return taken.map((one, i) => {
    const said = (places[i] ?? []).map(({ field, at }) => [field, masked[at] ?? null] as const);
    const isMasked = said.every(([, text]) => text !== null);
    return { index: one.index, run: isMasked ? newRun(one, Object.fromEntries(said)) : null };
  });
}

function newRun(
  { report, environment }: TakenReport,
  { error, input, output }: { [field in (typeof FIELDS)[number]]?: string | null },
): NewRun {
  const { workflow, version, started, runId, outcome, durationMs, cost, tokens, key, traceUrl } = report;
  return {
    environmentId: environment.id,
    ...{ workflow: workflow.toLowerCase(), version, started, runId, outcome },
    durationMs: Math.round(durationMs),
    error: error == null ? null : keptError(String(JSON.parse(error))),
    cost: cost ?? null,
    inputTokens: tokens?.input ?? null,
    outputTokens: tokens?.output ?? null,
    key: key ?? null,
    traceUrl: traceUrl ?? null,
    input: input ?? null,
    output: output ?? null,
  };
}
