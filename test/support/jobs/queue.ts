import { Client } from 'pg';
import type { Task, TaskName } from '../../../src/adapters/jobs/task-groups.ts';

export interface QueuedJob {
  id: string;
  task_identifier: string;
  queue_name: string | null;
  key: string | null;
  run_at: Date;
  attempts: number;
  max_attempts: number;
  last_error: string | null;
  locked_by: string | null;
  payload: unknown;
}

/** A test's own hand on the job queue. */
export interface Queue {
  client: Client;
  add(
    task: TaskName,
    payload: unknown,
    options?: { queue?: string; key?: string; maxAttempts?: number },
  ): Promise<void>;
  jobs(): Promise<QueuedJob[]>;
  close(): Promise<void>;
}

export async function openQueue(url: string): Promise<Queue> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return {
    client,
    async add(task, payload, { queue, key, maxAttempts } = {}) {
      await client.query(
        'SELECT graphile_worker.add_job($1, $2::json, queue_name => $3, job_key => $4, max_attempts => $5)',
        [task, JSON.stringify(payload), queue, key, maxAttempts],
      );
    },
    async jobs() {
      const { rows } = await client.query<QueuedJob>(
        'SELECT job.*, stored.payload FROM graphile_worker.jobs AS job JOIN graphile_worker._private_jobs AS stored USING (id) ORDER BY id',
      );
      return rows;
    },
    close: () => client.end(),
  };
}

/** Every task, doing nothing but what is given. */
export function tasksThat(tasks: Partial<Record<TaskName, Task>>): Record<TaskName, Task> {
  const nothing = async () => undefined;
  return {
    'post-announcement': nothing,
    'refresh-announcements': nothing,
    'deliver-webhook': nothing,
    'draw-card-picture': nothing,
    'ask-gate': nothing,
    'check-parity': nothing,
    'run-suite': nothing,
    'replay-shadow': nothing,
    ...tasks,
  };
}
