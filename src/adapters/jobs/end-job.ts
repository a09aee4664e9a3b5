import type { JobHelpers } from 'graphile-worker';

/** Unlocks the queue of the job that a CTE named `ended` has deleted, if its own pool (`$2`) still holds it. */
const UNLOCK_QUEUE = `
  UPDATE graphile_worker._private_job_queues AS queue SET locked_by = NULL, locked_at = NULL
  FROM ended WHERE queue.id = ended.job_queue_id AND queue.locked_by = $2`;

/**
 * Ends a job that stands in a queue, so that its worker, which looks for another one next, finds the one behind it.
 * graphile-worker's own end of it comes a moment later: it finds nothing to do, and the one behind would wait for the next poll.
 */
export async function endQueuedJob({ job, query }: JobHelpers): Promise<void> {
  if (job.job_queue_id === null) return;
  await query(
    `WITH ended AS (DELETE FROM graphile_worker._private_jobs WHERE id = $1 AND locked_by = $2 RETURNING job_queue_id) ${UNLOCK_QUEUE}`,
    [job.id, job.locked_by],
  );
}

/**
 * Puts the running job back until `at`, under its key and in its queue, as if this attempt had not been. A job whose key
 * another has taken meanwhile just ends: that one was added later and does its work.
 */
export async function putBack({ job, withPgClient, getQueueName }: JobHelpers, at: Date): Promise<void> {
  const queueName = await getQueueName();
  await withPgClient(async (client) => {
    await client.query('BEGIN');
    try {
      const { rows } = await client.query<{ key: string | null }>(
        `WITH ended AS (DELETE FROM graphile_worker._private_jobs WHERE id = $1 AND locked_by = $2 RETURNING job_queue_id, key),
              unlocked AS (${UNLOCK_QUEUE})
         SELECT key FROM ended`,
        [job.id, job.locked_by],
      );
      if (rows[0]?.key === job.key) {
        const flags = job.flags === null ? null : Object.keys(job.flags);
        const payload = JSON.stringify(job.payload);
        const added = [
          job.task_identifier,
          payload,
          queueName,
          at.toISOString(),
          job.max_attempts,
          job.key,
          job.priority,
          flags,
        ];
        const { rows: fresh } = await client.query<{ id: string }>(ADD, added);
        await client.query('UPDATE graphile_worker._private_jobs SET attempts = $2 WHERE id = $1', [
          fresh[0]?.id,
          job.attempts - 1,
        ]);
      }
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}

const ADD = `
  SELECT id FROM graphile_worker.add_job(
    identifier => $1, payload => $2::json, queue_name => $3, run_at => $4::timestamptz,
    max_attempts => $5::int, job_key => $6, priority => $7::int, flags => $8::text[])`;
