import type { Environment } from '../domain/environment.ts';
import { getEnvironment } from '../domain/environment.ts';
import { Refusal, type RefusalCode } from '../domain/refusal.ts';
import { keptError, type RunReport, runFault, startFault } from '../domain/run-record.ts';
import { quoted } from './find-things.ts';
import type { AllPorts, Knowledge, NewRun } from './ports.ts';
import type { RunRefusal, UseCases } from './use-cases.ts';

/** A report that nothing is wrong with so far. */
interface Taken {
  readonly index: number;
  readonly report: RunReport;
  readonly environment: Environment;
}

type Judged = Taken | RunRefusal;

/**
 * Keeps what runners report. Each record is judged by itself: one that is refused keeps no other out. Secrets are masked before
 * the transaction, so that no connection waits for it.
 */
export function makeRecordRuns({ inTransaction, glance, documents }: AllPorts): UseCases['recordRuns'] {
  return async ({ workspaceId, within, reports }) => {
    const all = await glance(workspaceId, (tx) => tx.environments.pipeline());
    const pipeline = within === null ? all : all.filter(({ id }) => id === within);
    const seesAll = within === null;
    const judged = reports.map((report, index) => judge(report, index, pipeline, seesAll));
    const { runs, refused } = await masked(judged, (texts) => documents.mask(texts));
    return inTransaction(workspaceId, async (tx) => {
      const early = runs.map(({ run, index }) => refusalOf(index, startFault(run.started, tx.now)));
      const fresh = runs.filter((_, i) => early[i] === null);
      const { accepted, known } = await tx.runs.record(fresh.map(({ run }) => run));
      const unknown = fresh.map(({ run, index }, i) => refusalOf(index, unknownVersion(run, known[i], all, seesAll)));
      const all_ = [...refused, ...early, ...unknown].filter((one) => one !== null);
      return {
        accepted,
        duplicates: fresh.length - accepted - unknown.filter((one) => one !== null).length,
        refused: all_.sort((a, b) => a.index - b.index),
      };
    });
  };
}

type Fault = { readonly code: RefusalCode; readonly detail: string } | null;

function refusalOf(index: number, fault: Fault): RunRefusal | null {
  return fault === null ? null : { index, code: fault.code, detail: fault.detail };
}

function judge(report: RunReport, index: number, pipeline: readonly Environment[], seesAll: boolean): Judged {
  const fault = refusalOf(index, runFault(report));
  if (fault !== null) return fault;
  const word = report.environment ?? (seesAll ? undefined : pipeline[0]?.name);
  if (word === undefined)
    return { index, code: 'unknown_environment', detail: 'Say in which `environment` it ran, such as staging.' };
  try {
    return { index, report, environment: getEnvironment(pipeline, word) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { index, code: error.code, detail: error.userMessage };
  }
}

/** Errors, and inputs and outputs where they are kept, without secrets. */
async function masked(
  judged: readonly Judged[],
  mask: (texts: readonly string[]) => Promise<(string | null)[]>,
): Promise<{ runs: { index: number; run: NewRun }[]; refused: RunRefusal[] }> {
  const texts: string[] = [];
  const planned = judged.map((one) => {
    if ('code' in one) return one;
    const { error, input, output } = one.report;
    const kept = one.environment.runPayloads === true;
    const at = (value: unknown): number | null => (value === undefined ? null : texts.push(JSON.stringify(value)) - 1);
    return { ...one, error: at(error), input: at(kept ? input : undefined), output: at(kept ? output : undefined) };
  });
  const answers = texts.length === 0 ? [] : await mask(texts);
  const runs: { index: number; run: NewRun }[] = [];
  const refused: RunRefusal[] = [];
  for (const one of planned) {
    if ('code' in one) {
      refused.push(one);
      continue;
    }
    const [error, input, output] = [one.error, one.input, one.output].map((at) =>
      at === null ? null : (answers[at] ?? ''),
    );
    if (error === '' || input === '' || output === '')
      refused.push({
        index: one.index,
        code: 'invalid_input',
        detail: 'It holds more secrets than are masked. Leave them out of `error`, `input` and `output`.',
      });
    else runs.push({ index: one.index, run: newRun(one, { error, input, output }) });
  }
  return { runs, refused };
}

function newRun(
  { report, environment }: Taken,
  { error, input, output }: Record<'error' | 'input' | 'output', string | null | undefined>,
): NewRun {
  const { workflow, version, started, runId, outcome, durationMs, cost, tokens, key, traceUrl } = report;
  return {
    environmentId: environment.id,
    ...{ workflow: workflow.toLowerCase(), version, started, runId, outcome },
    durationMs: Math.round(durationMs),
    error: error == null ? null : keptError(JSON.parse(error) as string),
    cost: cost ?? null,
    inputTokens: tokens?.input ?? null,
    outputTokens: tokens?.output ?? null,
    key: key ?? null,
    traceUrl: traceUrl ?? null,
    input: input ?? null,
    output: output ?? null,
  };
}

/** Who sees one environment alone is not told what there is elsewhere. */
function unknownVersion(
  { workflow, version, environmentId }: NewRun,
  known: Knowledge | undefined,
  pipeline: readonly Environment[],
  seesAll: boolean,
): Fault {
  if (known === 'known') return null;
  const where = pipeline.find(({ id }) => id === environmentId)?.name ?? 'that environment';
  if (known === 'never_live' || !seesAll)
    return { code: 'unknown_version', detail: `${quoted(workflow)} v${version} was never live in ${where}.` };
  if (known === 'unknown_version') return { code: 'unknown_version', detail: `${workflow} has no version ${version}.` };
  return { code: 'unknown_workflow', detail: `There is no workflow ${quoted(workflow)}.` };
}
