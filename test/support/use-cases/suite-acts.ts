import { makeRunner } from '../../../src/adapters/runners/make-runner.ts';
import { makePlacedRunner } from '../../../src/use-cases/execution/place-run.ts';
import type { Judge, Runner } from '../../../src/use-cases/ports/runners.ts';
import { makeSuiteWork, type SuiteWork } from '../../../src/use-cases/suite/work-on-run.ts';
import type { TestPersistence } from '../database/open-test-persistence.ts';
import { withTestDocuments } from '../documents/with-test-documents.ts';
import { testSecrets } from '../secrets/test-secrets.ts';
import type { Canal } from './open-canal.ts';

/** A suite of so many cases, `case 1` and so on, which all want to read `fine`. */
export function suiteOf(cases: number, more = ''): string {
  const list = Array.from(
    { length: cases },
    (_, i) => `  - { name: case ${i + 1}, input: { n: ${i + 1} }, assert: [{ type: contains, value: fine }] }\n`,
  );
  return `${more}cases:\n${list.join('')}`;
}

export interface SuiteActs {
  work: SuiteWork;
  save(source: string, by?: string): Promise<{ number: number; created: boolean }>;
  /** Ids of runs that stand in the queue, in order, with the queue that they wait in. */
  queued(): Promise<{ runId: string; queue: string }[]>;
  /** Carries out all that stands in the queue. */
  workAll(): Promise<void>;
  /** Lets the clock judge what is marked. */
  judge(): Promise<number>;
}

/** What is done with suites in a canal, by runners that may call these origins of this machine, unless another is given. */
export function suiteActs(
  { db, canal }: { db: TestPersistence; canal: Canal },
  { runner, judge = null, origins = [] }: { runner?: Runner; judge?: Judge | null; origins?: string[] } = {},
): SuiteActs {
  const { workspaceId, useCases } = canal;
  const used = runner ?? makePlacedRunner(db.ports, makeRunner({ privateOrigins: origins }));
  const work = makeSuiteWork(withTestDocuments(db.ports), testSecrets, { runner: used, judge });
  const acts: SuiteActs = {
    work,
    save: (source, by = 'U0DEV') => useCases.saveSuite({ actor: canal.as(by), workflow: 'summarize-flow', source }),
    queued: () =>
      db.sql<{ runId: string; queue: string }>(
        `SELECT p.payload->>'runId' AS "runId", j.queue_name AS queue FROM graphile_worker.jobs j
         JOIN graphile_worker._private_jobs p USING (id)
         WHERE j.task_identifier IN ('run-suite', 'replay-shadow') AND p.payload->>'workspaceId' = $1 ORDER BY j.id`,
        [workspaceId],
      ),
    async workAll() {
      const waiting = await acts.queued();
      await db.sql(
        `DELETE FROM graphile_worker._private_jobs p USING graphile_worker.jobs j
         WHERE j.id = p.id AND j.task_identifier IN ('run-suite', 'replay-shadow') AND p.payload->>'workspaceId' = $1`,
        [workspaceId],
      );
      for (const { runId } of waiting) await work.run({ workspaceId, runId });
    },
    async judge() {
      await db.sql(
        "UPDATE promotion SET judge_at = now() - interval '1 ms' WHERE workspace_id = $1 AND status = 'open' AND judge_at IS NOT NULL",
        [workspaceId],
      );
      return useCases.judgeDue(workspaceId);
    },
  };
  return acts;
}
