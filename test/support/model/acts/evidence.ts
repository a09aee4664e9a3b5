import type { CheckReport } from '../../../../src/domain/check-report.ts';
import type { RunOutcome } from '../../../../src/domain/run-record.ts';
import { FLOW } from '../../use-cases/open-canal.ts';
import type { Place, Report } from '../canal-model.ts';
import { act, unlessRefused } from './act.ts';

/** What a program found out about a version. */
export interface Finding {
  kind: Report['kind'];
  name: string;
  /** Of ten tests, those that passed; a score; thousandths of a dollar a run; milliseconds; of a check over 5, that it passed. */
  figure: number;
  /** Of a score: the best there is, where it says so. */
  of?: number;
  /** What a run of these cost, told beside them. */
  beside?: number;
  state: 'running' | 'errored' | null;
}

export const report = (environment: Place, ofLive: boolean, found: Finding) =>
  act(`report ${JSON.stringify(found)} in ${environment}${ofLive ? ' of what is live' : ''}`, async (model, real) => {
    const version = ofLive ? model.liveIn(environment)?.version : model.promotionTo(environment)?.version;
    if (version === undefined) return undefined;
    const { kind, name, figure, of, beside } = found;
    const state = found.state ?? (kind === 'check' ? (figure > 5 ? 'passed' : 'failed') : 'passed');
    const asked = { workflow: FLOW, version: `${version}`, environment, report: { own: toReport(found, state) } };
    const kept = await unlessRefused(real, () =>
      real.canal.useCases.recordCheck({ actor: real.canal.as('U0DEV'), ...asked }),
    );
    if (kept === null) return undefined;
    const told = { tests: figure / 10, cost: figure / 1_000, quality: figure, latency: figure, check: figure }[kind];
    const place = { version, environment, name, at: model.minutes };
    model.reports.push({ ...place, kind, state, figure: told, ...(of !== undefined && { of }) });
    if (beside !== undefined) model.reports.push({ ...place, kind: 'cost', state: 'passed', figure: beside / 1_000 });
    return undefined;
  });

function toReport({ kind, name, figure, of, beside, state: unfinished }: Finding, state: Report['state']): CheckReport {
  const cost = beside === undefined ? {} : { costPerRun: beside / 1_000 };
  if (kind === 'check' || unfinished !== null) return { kind, name, state, ...cost };
  if (kind === 'tests') return { kind, name, passed: figure, failed: 10 - figure, ...cost };
  if (kind === 'quality') return { kind, name, score: figure, ...(of !== undefined && { of }) };
  return kind === 'latency' ? { kind, name, latency: figure } : { kind, name, costPerRun: figure / 1_000 };
}

/** Some runs of a version end, each as it says. */
export interface Ran {
  outcomes: readonly RunOutcome[];
  /** Minutes since they began: they are told late. */
  ago: number;
  /** Of the version that is proposed, whether it is still live there or not; else of what is live. */
  ofProposed: boolean;
}

/** Where what is proposed comes from. */
export const ran = (to: 'staging' | 'production', { outcomes, ago, ofProposed }: Ran) =>
  act(`runs before ${to} ${ago} minutes ago: ${outcomes}`, async (model, real) => {
    const environment = to === 'staging' ? 'development' : 'staging';
    const version = ofProposed ? model.promotionTo(to)?.version : model.liveIn(environment)?.version;
    if (version === undefined) return undefined;
    const started = new Date(Date.now() - ago * 60_000);
    const reports = outcomes.map((outcome, i) => ({
      ...{ runId: `${model.turn}-${model.runs.length + i}`, workflow: FLOW, version, environment },
      ...{ started, durationMs: 5, outcome },
    }));
    const { workspaceId, useCases } = real.canal;
    const { accepted } = await useCases.recordRuns({ workspaceId, within: null, reports });
    if (accepted === 0) return undefined;
    const at = model.moment - ago;
    for (const outcome of outcomes) model.runs.push({ environment, version, outcome, at });
    return undefined;
  });
