import type { TestPersistence } from './open-test-persistence.ts';

export interface WrittenJob {
  [column: string]: unknown;
  task_identifier: string;
  payload: Record<string, unknown>;
  queue_name: string;
  key: string | null;
  run_at: Date;
  /** `run_at` in whole microseconds, which a Date cannot tell. */
  at_micros: string;
}

/** The jobs on queues as they were written, oldest first. */
export function writtenJobs(db: Pick<TestPersistence, 'sql'>): Promise<WrittenJob[]> {
  return db.sql<WrittenJob>(
    `SELECT t.identifier AS task_identifier, j.payload, q.queue_name, j.key, j.run_at,
       (extract(epoch FROM j.run_at) * 1000000)::bigint::text AS at_micros
     FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id ORDER BY j.id`,
  );
}
