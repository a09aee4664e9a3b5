import { type Environment, getEnvironment } from '../domain/environment.ts';
import { Refusal, type RefusalCode } from '../domain/refusal.ts';
import { type RunReport, runFault, startFault } from '../domain/run-record.ts';
import { isSlug } from '../domain/workflow/slug.ts';
import { quoted } from './find-things.ts';
import { maskReports, type TakenReport } from './mask-reports.ts';
import type { AllPorts, Concerned, Knowledge, NewRun } from './ports.ts';
import type { RunRefusal, UseCases } from './use-cases.ts';

/** What whoever reports may be told of. */
interface Sight {
  pipeline: readonly Environment[];
  /** False: of one environment alone, and not what there is elsewhere. */
  seesAll: boolean;
}

type Fault = { readonly code: RefusalCode; readonly detail: string } | null;

/**
 * Keeps what runners report. Each record is judged by itself: one that is refused keeps no other out. Secrets are masked before
 * the transaction, so that no connection waits for it.
 */
export function makeRecordRuns({ inTransaction, glance, documents }: AllPorts): UseCases['recordRuns'] {
  return async ({ workspaceId, within, reports, isCharged = false }) => {
    const all = await glance(workspaceId, (tx) => tx.environments.pipeline());
    const sight = { pipeline: all.filter(({ id }) => within === null || id === within), seesAll: within === null };
    const judged = reports.map((report, index) => judge(report, index, sight));
    const masked = await maskReports(
      judged.filter((one) => 'report' in one),
      documents,
    );
    const runs = masked.flatMap(({ index, run }) => (run === null ? [] : [{ index, run }]));
    const unmasked = masked.filter(({ run }) => run === null).map(({ index }) => refusal(index, TOO_MANY_SECRETS));
    return inTransaction(workspaceId, async (tx) => {
      const untimely = runs.map(({ run, index }) => refusal(index, startFault(run.started, tx.now)));
      const timely = runs.filter((_, i) => untimely[i] === null);
      const { accepted, known } = await tx.runs.record(
        timely.map(({ run }) => run),
        { isCharged },
      );
      if (accepted > 0) await tx.promotions.markForJudging({ ran: ranOf(timely.map(({ run }) => run)) });
      const unknown = timely.map(({ run, index }, i) => refusal(index, versionFault(run, known[i], sight)));
      return {
        accepted,
        duplicates: unknown.filter((one) => one === null).length - accepted,
        refused: [...judged, ...unmasked, ...untimely, ...unknown]
          .filter((one) => one !== null && 'code' in one)
          .sort((a, b) => a.index - b.index),
      };
    });
  };
}

/** Each version and environment once. */
function ranOf(runs: readonly NewRun[]): Extract<Concerned, { ran: unknown }>['ran'] {
  const ran = runs.map(({ workflow, version, environmentId }) => ({ workflow, version, environmentId }));
  return [...new Map(ran.map((one) => [JSON.stringify(one), one])).values()];
}

const TOO_MANY_SECRETS: Fault = {
  code: 'invalid_input',
  detail: 'It holds more secrets than are masked. Leave them out of `error`, `input` and `output`.',
};

function refusal(index: number, fault: Fault): RunRefusal | null {
  return fault === null ? null : { index, code: fault.code, detail: fault.detail };
}

function judge(report: RunReport, index: number, sight: Sight): TakenReport | RunRefusal {
  const fault = refusal(index, runFault(report) ?? nameFault(report, sight));
  if (fault !== null) return fault;
  try {
    const word = report.environment ?? (sight.seesAll ? '' : sight.pipeline[0]?.name);
    return { index, report, environment: getEnvironment(sight.pipeline, word ?? '') };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { index, code: error.code, detail: error.userMessage };
  }
}

function nameFault({ workflow, version, environment }: RunReport, { pipeline, seesAll }: Sight): Fault {
  if (environment === undefined && seesAll)
    return { code: 'unknown_environment', detail: 'Say in which `environment` it ran, such as staging.' };
  if (isSlug(workflow.toLowerCase())) return null;
  return seesAll ? unknownWorkflow(workflow) : neverLive(workflow, version, pipeline[0]);
}

/** Who sees one environment alone is told the same of what is live elsewhere as of what there is not. */
function versionFault(run: NewRun, known: Knowledge | undefined, { pipeline, seesAll }: Sight): Fault {
  if (known === 'known') return null;
  const { workflow, version, environmentId } = run;
  if (known === 'never_live' || !seesAll)
    return neverLive(
      workflow,
      version,
      pipeline.find(({ id }) => id === environmentId),
    );
  if (known === 'unknown_workflow') return unknownWorkflow(workflow);
  return { code: 'unknown_version', detail: `${workflow} has no version ${version}.` };
}

function unknownWorkflow(workflow: string): Fault {
  return { code: 'unknown_workflow', detail: `There is no workflow ${quoted(workflow)}.` };
}

function neverLive(workflow: string, version: number, environment: Environment | undefined): Fault {
  const where = environment?.name ?? 'that environment';
  return { code: 'unknown_version', detail: `${quoted(workflow)} v${version} was never live in ${where}.` };
}
