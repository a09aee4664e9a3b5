import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseRows } from './context.ts';
import type { Prisma } from './generated/client.ts';

/** What is put on the queue, and with what. Every job names its workspace. */
export interface JobPayloads {
  'post-announcement': { announcementId: string };
  'refresh-announcements': { subjectId: string };
  'deliver-webhook': { deliveryId: string };
  'draw-card-picture': { promotionId: string };
  'ask-gate': { promotionId: string; url: string; fingerprint: string };
  'check-parity': { promotionId: string };
  'run-suite': { runId: string; environmentId: string };
  'replay-shadow': { runId: string; environmentId: string };
}

export interface JobOptions {
  /** Jobs of one queue run one after the other. */
  queue: string;
  /** A waiting job with the same key is replaced. */
  key?: string;
  at?: Date;
  /** Lower ones go first; left out, 0. */
  priority?: number;
}

/** A job as `addJobs` takes it. */
export interface NewJob extends JobOptions {
  task: keyof JobPayloads;
  payload: JobPayloads[keyof JobPayloads];
}

/** With the queue's own waits between them (e to the power of the attempt, in seconds) that is about three days. */
const ATTEMPTS = 25;
const KEY_TRIES = 3;
const AddedRow = z.object({ place: z.bigint(), id: z.bigint().nullable() });

/** A job of one transaction: it is put on the queue when that commits, or never existed. */
export function newJob<T extends keyof JobPayloads>(task: T, payload: JobPayloads[T], options: JobOptions): NewJob {
  return { task, payload, ...options };
}

/**
 * Puts jobs on the queue in this transaction, in one statement. Workers take jobs by time alone, and by default all of one
 * transaction have the same: the clock's own time, asked for each, keeps what is posted in order. What has a key (a card's
 * update) may go before: it says what is, not what came after what.
 */
export async function addJobs(
  { db, workspaceId }: { db: Prisma.TransactionClient; workspaceId: string },
  jobs: readonly NewJob[],
): Promise<void> {
  let left = jobs;
  for (let tries = 0; tries < KEY_TRIES && left.length > 0; tries++) {
    const asked = left.map(({ task, payload, queue, key = null, at = null, priority = 0 }) => ({
      ...{ task, queue, key, at, priority },
      payload: { ...payload, workspaceId },
    }));
    const added = await parseRows(
      db.$queryRaw`
        SELECT place, added.id FROM ROWS FROM (
          jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) AS (task text, payload json, queue text, key text, at timestamptz, priority int)
        ) WITH ORDINALITY AS job (task, payload, queue, key, at, priority, place)
        CROSS JOIN LATERAL graphile_worker.add_job(task, payload => payload, queue_name => queue,
          run_at => coalesce(at, CASE WHEN key IS NULL THEN clock_timestamp() ELSE now() END),
          max_attempts => ${ATTEMPTS}::int, job_key => key, job_key_mode => 'replace', priority => priority) AS added
        ORDER BY place`,
      AddedRow,
    );
    // Nothing comes back when a worker took the job with this key in the very middle of `add_job`: the next try sees it taken.
    const done = new Set(added.flatMap(({ place, id }) => (id === null ? [] : [Number(place)])));
    left = left.filter((_, index) => !done.has(index + 1));
  }
  if (left.length === 0) return;
  throw new Error(`Jobs could not be put on the queue: ${left.map(({ task, key }) => `${task} ${key}`).join(', ')}.`);
}

/**
 * The queue that keeps one subject's messages in order. Workers look at every queue's row for each job, so there is not one a
 * subject for ever, but a fixed number that subjects share.
 */
export function queueOfSubject(subjectId: string): string {
  return `subject:${sha256(subjectId).slice(0, 2)}`;
}

/** Pictures of one workflow are drawn one after the other, so that none is uploaded twice. */
export function queueOfPictures(workflowId: string): string {
  return `pictures:${sha256(workflowId).slice(0, 2)}`;
}

/** What one promotion's target has is looked at once at a time. */
export function queueOfParity(promotionId: string): string {
  return `parity:${sha256(promotionId).slice(0, 2)}`;
}

/** Runs of one workflow in one environment come one after the other; those of another environment they never wait for. */
export function queueOfSuites(environmentId: string, workflowId: string): string {
  return `suites:${environmentId}:${sha256(workflowId).slice(0, 2)}`;
}

/** One queue an address, so that a dead endpoint delays no other. */
export function queueOfEndpoint(url: string): string {
  return `webhook:${sha256(url).slice(0, 32)}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
