import { assertCanTest } from '../../domain/permissions.ts';
import { environmentFor } from '../../domain/policy/policy-for.ts';
import { getActing } from '../find-things.ts';
import { workflowFacts } from '../gather-facts.ts';
import type { Ports } from '../ports.ts';
import { endRun } from './end-run.ts';
import { getRun, viewRun } from './show-suite-run.ts';
import type { SuiteUseCases } from './suite-use-cases.ts';

/**
 * A run is seen to by whoever works on it once a second; one that was not for so long has nobody. One that was never begun had its job
 * given up, or lost.
 */
const LOST_AFTER = { running: 30_000, queued: 2 * 60 * 60_000 };

/** Stops a run: whoever may have one may, and so may who asked for it. */
export function makeStopSuiteRun({ inTransaction }: Ports): SuiteUseCases['stopSuiteRun'] {
  return ({ actor, id }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const { workflowId, versionId, environmentId, askedBy } = await getRun(tx, id);
      const workflow = await tx.workflows.getByIdLocked(workflowId);
      const environment = environmentFor(await tx.environments.get(environmentId), workflow);
      const person = await getActing(tx, actor);
      if (person.userId !== askedBy)
        assertCanTest(person, await workflowFacts(tx, workflow, environment, versionId), environment);
      const run = await getRun(tx, id);
      const changed = await endRun(tx, run, { state: 'stopped', detail: 'Somebody stopped it.' });
      if (changed) {
        await tx.audit.record(actor, {
          ...{ action: 'suite.stopped', subject: `version:${versionId}`, workflowId, environmentId },
          ...{ before: { run: id, state: run.state }, after: { run: id, state: 'stopped' } },
        });
        await tx.promotions.markForJudging({ versionId, environmentId });
      }
      return { ...(await viewRun(tx, await getRun(tx, id))), changed };
    });
}

/** The clock's act: ends runs whose process ended in the middle and those that nobody will begin, each in a transaction of its own. */
export function makeFailLostSuiteRuns({ inTransaction, glance }: Ports): SuiteUseCases['failLostSuiteRuns'] {
  return async (workspaceId) => {
    const lost = await glance(workspaceId, (tx) => tx.suites.lost(LOST_AFTER));
    let ended = 0;
    for (const { id, workflowId, versionId, environmentId } of lost) {
      ended += await inTransaction(workspaceId, async (tx) => {
        await tx.workflows.getByIdLocked(workflowId);
        // By now it may have ended after all, or somebody else was quicker.
        const run = (await tx.suites.lost(LOST_AFTER)).find((one) => one.id === id);
        if (run === undefined) return 0;
        const detail = `${run.state === 'queued' ? 'It could never be begun.' : 'The process that ran it ended.'} Run it again.`;
        await endRun(tx, run, { state: 'failed', detail });
        await tx.promotions.markForJudging({ versionId, environmentId });
        return 1;
      });
    }
    return ended;
  };
}
