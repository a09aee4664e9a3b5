import { getEnvironment } from '../../domain/environment.ts';
import { getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from '../find-things.ts';
import type { Ports, Reading, VersionFigures } from '../ports.ts';
import type { RolloutView, SideFigures } from '../views.ts';
import { movedSinceApproved } from './moved-since-approved.ts';
import { getRunning } from './rollout-scene.ts';
import type { RolloutUseCases } from './rollout-use-cases.ts';
import { waitsForEnd } from './waits-for-end.ts';
import { firstScheduled } from './why-no-canary.ts';

/** Runs are counted over so many milliseconds at most. */
const LONGEST_WINDOW = 30 * 24 * 60 * 60_000;

/** A canary and what it runs beside, and how the runs of both went since it began. */
export function makeShowRollout({ reading }: Ports): RolloutUseCases['showRollout'] {
  return ({ workspaceId, workflow: slug, environment: word }) =>
    reading(workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, slug);
      const pipeline = await tx.environments.pipeline();
      const environment = getEnvironment(pipeline, word);
      const { candidate, version, active } = await getRunning(tx, workflow, environment);
      const { id: deploymentId, share, deployedBy: startedBy, deployedAt: startedAt, promotionId } = candidate;
      const promotion = promotionId === null ? null : await tx.promotions.find(promotionId);
      return {
        workflow: tagWorkflow(workflow),
        environment: tagEnvironment(environment),
        candidate: { deploymentId, version: tagVersion(version), share, startedBy, startedAt, promotionId },
        active: {
          deploymentId: active.id,
          version: tagVersion(await tx.versions.getById(active.versionId)),
          since: active.since,
        },
        quarantined: (await tx.versions.quarantined([workflow.id])).has(version.id),
        scheduled: (await firstScheduled(tx, environment, [version.id, active.versionId])) !== null,
        sinceApproved: await movedSinceApproved(tx, promotion, workflow, pipeline),
        waiting: await waitsForEnd(tx, workflow, environment.id, pipeline),
        runs: await compareRuns(tx, workflow.id, environment.id, startedAt, [version.id, active.versionId]),
      };
    });
}

async function compareRuns(
  tx: Reading,
  workflowId: string,
  environmentId: string,
  startedAt: Date,
  [candidate, active]: [string, string],
): Promise<RolloutView['runs']> {
  const since = new Date(Math.max(startedAt.getTime(), tx.now.getTime() - LONGEST_WINDOW));
  const versionIds = [candidate, active];
  const figures = await tx.runs.figuresOfVersions({ workflowId, environmentId, versionIds, since });
  const side = (versionId: string) => figuresOf(figures.find((one) => one.versionId === versionId));
  return { since, candidate: side(candidate), active: side(active) };
}

/** Who cancels a run says nothing of whether it would have worked. */
function figuresOf(figures: VersionFigures | undefined): SideFigures {
  if (figures === undefined) return { runs: 0, errorRate: null, costPerRun: null, p50: null, p95: null };
  const { runs, failed, cancelled, costPerRun, p50, p95 } = figures;
  const ended = runs - cancelled;
  const errorRate = ended === 0 ? null : failed / ended;
  return { runs, errorRate, costPerRun, p50, p95 };
}
