import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Context, parseFirst } from './context.ts';

/** What is put on the queue, and with what. Every job names its workspace. */
export interface JobPayloads {
  'post-announcement': { announcementId: string };
  'refresh-announcements': { subjectId: string };
  'deliver-webhook': { deliveryId: string };
}

export interface JobOptions {
  /** Jobs of one queue run one after the other. */
  queue: string;
  /** A waiting job with the same key is replaced. */
  key?: string;
  at?: Date;
}

/** With the queue's own waits between them (e to the power of the attempt, in seconds) that is about three days. */
const ATTEMPTS = 25;
const KEY_TRIES = 3;

/**
 * Puts a job on the queue in this transaction: it runs when the transaction has committed, or never existed. Workers take jobs
 * by time alone, and by default all of one transaction have the same: the clock's own time keeps what is posted in order. What
 * has a key (a card's update) may go before: it says what is, not what came after what.
 */
export async function addJob<T extends keyof JobPayloads>(
  { db, workspaceId }: Pick<Context, 'db' | 'workspaceId'>,
  task: T,
  payload: JobPayloads[T],
  { queue, key, at }: JobOptions,
): Promise<void> {
  const json = JSON.stringify({ ...payload, workspaceId });
  for (let tries = 0; tries < KEY_TRIES; tries++) {
    const added = await parseFirst(
      db.$queryRaw`
        SELECT id FROM graphile_worker.add_job(${task}, payload => ${json}::json, queue_name => ${queue}, run_at => coalesce(${at ?? null}::timestamptz, CASE WHEN ${key === undefined}::boolean THEN clock_timestamp() ELSE now() END),
          max_attempts => ${ATTEMPTS}::int, job_key => ${key ?? null}::text, job_key_mode => 'replace')`,
      z.object({ id: z.bigint().nullable() }),
    );
    // Nothing comes back when a worker took the job with this key in the very middle of `add_job`: the next try sees it taken.
    if (added !== null && added.id !== null) return;
  }
  throw new Error(`The job ${task} with the key ${key} could not be put on the queue.`);
}

/**
 * The queue that keeps one subject's messages in order. Workers look at every queue's row for each job, so there is not one a
 * subject for ever, but a fixed number that subjects share.
 */
export function queueOfSubject(subjectId: string): string {
  return `subject:${sha256(subjectId).slice(0, 2)}`;
}

/** One queue an address, so that a dead endpoint delays no other. */
export function queueOfEndpoint(url: string): string {
  return `webhook:${sha256(url).slice(0, 32)}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
