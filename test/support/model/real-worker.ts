import { createHash } from 'node:crypto';
import { shadowFigures } from '../../../src/domain/suite/shadow-outcome.ts';
import { makeAskGate } from '../../../src/use-cases/gates/ask-gate.ts';
import { makeCheckParity } from '../../../src/use-cases/parity/check-parity.ts';
import type { SuiteRunRecord } from '../../../src/use-cases/ports.ts';
import { keepOutcome } from '../../../src/use-cases/suite/keep-outcome.ts';
import type { TestPersistence } from '../database/open-test-persistence.ts';
import { withTestDocuments } from '../documents/with-test-documents.ts';
import { testSecrets } from '../secrets/test-secrets.ts';
import type { Replay } from './canal-model.ts';

/** What the queue's workers do, one job at a time. */
export interface Worker {
  /** Whether a job waits to ask the gate about what is proposed now. */
  isToBeAsked(promotionId: string, url: string): Promise<boolean>;
  /** Does that job. Null: there is none, or nobody was asked. */
  askGate(promotionId: string, url: string, isReached: boolean): Promise<{ token: string } | null>;
  /** Looks at what the target has, if a job for it waits. */
  checkParity(promotionId: string): Promise<boolean>;
  isToBeLookedAt(promotionId: string): Promise<boolean>;
  /** Ends the promotion's replays that are under way, and tells beside which versions they were. */
  endReplays(promotionId: string, outcome: Replay): Promise<number[]>;
  isReplayed(promotionId: string): Promise<boolean>;
}

interface GateJob {
  workspaceId: string;
  promotionId: string;
  url: string;
  fingerprint: string;
  [more: string]: unknown;
}

export function workerOf(db: TestPersistence, workspaceId: string): Worker {
  const ports = withTestDocuments(db.ports);
  const probes = { tryOut: async () => null };
  const check = makeCheckParity(ports, testSecrets, probes);
  const jobsOf = (keys: string) =>
    db.sql<{ id: string; payload: GateJob }>(
      'SELECT id, payload FROM graphile_worker._private_jobs WHERE key LIKE $1',
      [keys],
    );
  const done = (id: string) => db.sql('DELETE FROM graphile_worker._private_jobs WHERE id = $1', [id]);
  return {
    async isToBeAsked(promotionId, url) {
      return (await jobsOf(`gate:${promotionId}:%`)).some(({ payload }) => payload.url === url);
    },
    async askGate(promotionId, url, isReached) {
      const token: string[] = [];
      const askGate = makeAskGate(ports, {
        answerUrl: () => 'https://towpath.example.com/api/v1/gates/answer',
        tokenOf: (subject) => `tg_${createHash('sha256').update(subject).digest('hex')}`,
        async call(_, { body }) {
          token.push(JSON.parse(body).data.answer.token);
          return isReached ? { kind: 'asked' } : { kind: 'failed', why: 'It may not be reached.', isFinal: true };
        },
      });
      // Of what was proposed before, too: nobody is to be asked about that.
      for (const { id, payload } of await jobsOf(`gate:${promotionId}:%`)) {
        if (payload.url !== url) continue;
        await done(id);
        await askGate(payload);
      }
      const [asked, ...more] = token;
      if (more.length > 0) throw new Error('A gate was asked about more than what is proposed now.');
      return asked === undefined ? null : { token: asked };
    },
    async checkParity(promotionId) {
      const [job] = await jobsOf(`parity:${promotionId}`);
      if (job === undefined) return false;
      await done(job.id);
      await check({ workspaceId, promotionId });
      return true;
    },
    isToBeLookedAt: async (promotionId) => (await jobsOf(`parity:${promotionId}`)).length > 0,
    async endReplays(promotionId, outcome) {
      const beside: number[] = [];
      for (const run of await startReplays(db, workspaceId, promotionId)) {
        await endReplay(db, workspaceId, run, outcome);
        const [live] = await db.sql<{ number: number }>('SELECT number FROM version WHERE id = $1', [
          run.liveVersionId,
        ]);
        if (live !== undefined) beside.push(live.number);
      }
      return beside;
    },
    isReplayed: (promotionId) =>
      db.ports.inTransaction(workspaceId, async (tx) => (await tx.suites.underWayOf(promotionId)).length > 0),
  };
}

async function startReplays({ ports }: TestPersistence, workspaceId: string, promotionId: string) {
  return ports.inTransaction(workspaceId, async (tx) => {
    const started: SuiteRunRecord[] = [];
    for (const { id } of await tx.suites.underWayOf(promotionId)) {
      const run = await tx.suites.start(id);
      if (run !== null) started.push(run);
    }
    return started;
  });
}

/** As it ends where both versions were really run. */
async function endReplay(
  { ports }: TestPersistence,
  workspaceId: string,
  run: SuiteRunRecord,
  { compared, diverged, lost, similarity }: Replay,
): Promise<void> {
  const total = compared + lost;
  const outcome = { end: 'completed' as const, total, compared, diverged, similarity, examples: [] };
  const counts = { total, done: total, passed: compared - diverged, failed: diverged, notJudged: lost, errored: 0 };
  await keepOutcome(ports, workspaceId, run, {
    ...{ figures: [shadowFigures(outcome)], cases: [], counts: { ...counts, cost: 0 } },
  });
}
