import { USUAL_SHADOW } from '../../domain/policy/shadow-policy.ts';
import { RefusedError } from '../../domain/refused-error.ts';
import type { Runners } from '../ports/runners.ts';
import type { Secrets } from '../ports/secrets.ts';
import type { AllPorts, SuiteRunCounts, SuiteRunRecord } from '../ports.ts';
import { RetryAt } from '../retry-at.ts';
import { endRun } from './end-run.ts';
import { type Followed, followRun } from './follow-run.ts';
import { keepOutcome } from './keep-outcome.ts';
import { type KeptOutcome, keptOfReplay, keptOfSuite } from './kept-outcome.ts';
import { keptSuite } from './kept-suite.ts';
import { replayShadow } from './replay-shadow.ts';
import { replayedInputs } from './replayed-inputs.ts';
import { openScene } from './run-scene.ts';
import { runSuite } from './run-suite.ts';

/** Works on runs that stand in the queue. */
export interface SuiteWork {
  /** Carries out one run that waits; one that does not is left alone. */
  run(asked: { workspaceId: string; runId: string }): Promise<void>;
  /** Ends all that is worked on here, since the process ends. */
  stop(): Promise<void>;
}

/** Carries out runs of suites, and replays. Nothing is open meanwhile, and what a runner does is never more than some case's result. */
export function makeSuiteWork(ports: AllPorts, secrets: Secrets, runners: Runners): SuiteWork {
  const stopping = new AbortController();
  const working = new Set<Promise<void>>();

  async function workOn(workspaceId: string, runId: string): Promise<void> {
    const run = await ports.inTransaction(workspaceId, (tx) => tx.suites.start(runId));
    if (run === null) return;
    const followed = followRun(ports, workspaceId, run, stopping.signal);
    followed.tell({ ...NONE, total: run.total });
    try {
      const outcome = await carryOut(workspaceId, run, followed);
      // Both write the run and its result, in another order each: they must not wait for each other.
      await followed.end();
      if (!followed.signal.aborted) await keepOutcome(ports, workspaceId, run, outcome);
      else if (stopping.signal.aborted)
        await fail(workspaceId, run, 'Towpath was restarted while it ran. Run it again.');
    } catch (error) {
      const isTold = error instanceof RefusedError;
      await fail(
        workspaceId,
        run,
        isTold ? error.userMessage : 'It failed for a reason that nobody foresaw. Run it again.',
      );
      if (!isTold) throw error;
    } finally {
      await followed.end();
    }
  }

  function carryOut(workspaceId: string, run: SuiteRunRecord, followed: Followed): Promise<KeptOutcome> {
    return run.kind === 'suite' ? runOne(workspaceId, run, followed) : replay(workspaceId, run, followed);
  }

  async function runOne(workspaceId: string, run: SuiteRunRecord, followed: Followed): Promise<KeptOutcome> {
    const { side, limits } = await openScene(ports, secrets, workspaceId, run);
    const request = await side(run.versionId);
    const kept = await ports.glance(workspaceId, (tx) => tx.suites.findRevision(run.workflowId, run.suite ?? 0));
    if (kept === null) throw new Error(`Suite ${run.suite} of a run is missing.`);
    const suite = await keptSuite(ports.documents, kept);
    const outcome = await runSuite({
      ...{ suite, request, limits, ...runners, signal: followed.signal },
      onProgress: followed.tell,
    });
    return keptOfSuite(outcome, ports.documents);
  }

  async function replay(workspaceId: string, run: SuiteRunRecord, followed: Followed): Promise<KeptOutcome> {
    const { side, limits, environment } = await openScene(ports, secrets, workspaceId, run);
    const { sample, minSimilarity } = environment.policy.shadow ?? USUAL_SHADOW;
    const [proposed, live] = [await side(run.versionId), await side(run.liveVersionId ?? '')];
    const inputs = await replayedInputs(ports, workspaceId, run, sample);
    let counts: SuiteRunCounts = { ...NONE, total: inputs.length };
    const outcome = await replayShadow({
      ...{ inputs, proposed, live, ...runners, minSimilarity, limits, signal: followed.signal },
      onProgress: ({ done, diverged, compared, cost }) => {
        counts = { ...counts, done, passed: compared - diverged, failed: diverged, notJudged: done - compared, cost };
        followed.tell(counts);
      },
    });
    return keptOfReplay(outcome, counts, ports.documents);
  }

  async function fail(workspaceId: string, run: SuiteRunRecord, detail: string): Promise<void> {
    const { versionId, environmentId } = run;
    await ports.inTransaction(workspaceId, async (tx) => {
      await tx.workflows.getByIdLocked(run.workflowId);
      if (await endRun(tx, run, { state: 'failed', detail: detail.slice(0, 1_000) }))
        await tx.promotions.markForJudging({ versionId, environmentId });
    });
  }

  return {
    async run({ workspaceId, runId }) {
      if (stopping.signal.aborted) throw new RetryAt(new Date(Date.now() + 1_000), 'this process ends');
      const work = workOn(workspaceId, runId);
      const settled = work.catch(() => undefined);
      working.add(settled);
      try {
        await work;
      } finally {
        working.delete(settled);
      }
    },
    async stop() {
      stopping.abort();
      await Promise.all(working);
    },
  };
}

const NONE: SuiteRunCounts = { total: 0, done: 0, passed: 0, failed: 0, notJudged: 0, errored: 0, cost: 0 };
