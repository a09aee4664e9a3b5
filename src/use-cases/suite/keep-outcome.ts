import type { Ports, SuiteRunRecord, Transaction } from '../ports.ts';
import { foundOutAt } from './found-out-at.ts';
import type { KeptOutcome } from './kept-outcome.ts';
import { tellFindings } from './tell-findings.ts';

/** Figures of one run that are kept: its tests, cost, latency and so many qualities. */
const MOST_FIGURES = 20;

/** Writes what a run came to, unless it was ended meanwhile. All that ends runs holds the workflow's lock. */
export async function keepOutcome(
  { inTransaction }: Pick<Ports, 'inTransaction'>,
  workspaceId: string,
  run: SuiteRunRecord,
  outcome: KeptOutcome,
): Promise<void> {
  const { versionId, environmentId } = run;
  await inTransaction(workspaceId, async (tx) => {
    await tx.workflows.getByIdLocked(run.workflowId);
    const current = await tx.suites.findRun(run.id);
    if (current?.state !== 'running') return;
    const checkIds = await keepFigures(tx, run, outcome);
    const detail = outcome.figures[0]?.detail ?? null;
    await tx.suites.end(run.id, { state: 'completed', detail, checkIds, ...outcome.counts });
    await tx.announcements.refresh(run.id);
    await tellFindings(tx, run, outcome);
    await tx.promotions.markForJudging({ versionId, environmentId });
  });
}

async function keepFigures(tx: Transaction, run: SuiteRunRecord, { figures, cases }: KeptOutcome): Promise<string[]> {
  const [first, ...others] = figures.slice(0, MOST_FIGURES);
  const { versionId, environmentId, liveVersionId, askedBy: by } = run;
  const at = await foundOutAt(tx, run);
  const place = { versionId, environmentId, at, by, ...(liveVersionId !== null && { liveVersionId }) };
  const ids: string[] = [];
  const [known] = run.checkIds;
  const running = known === undefined ? null : await tx.evidence.findCheck(known);
  if (first !== undefined && running?.state === 'running') {
    const { kind: _kind, name: _name, ...rest } = first;
    await tx.evidence.changeCheck(running.id, { ...rest, at, cases });
    ids.push(running.id);
  } else if (first !== undefined) ids.push((await tx.evidence.recordCheck({ ...first, ...place, cases })).id);
  for (const one of others) ids.push((await tx.evidence.recordCheck({ ...one, ...place })).id);
  return ids;
}
