import type { JobHelpers } from 'graphile-worker';
import type { Logger } from 'pino';
import { RetryAt } from '../../use-cases/retry-at.ts';
import { endQueuedJob, putBack } from './end-job.ts';
import type { Task } from './task-groups.ts';

/** A task as the queue wants it: put back on `RetryAt`, else failed; a failure is a warning, the last one an error. */
export function graphileTask(
  name: string,
  task: Task,
  log: Logger,
): (payload: unknown, helpers: JobHelpers) => Promise<void> {
  return async (payload, helpers) => {
    const { id, attempts, max_attempts: most } = helpers.job;
    try {
      await task(payload);
    } catch (error) {
      if (error instanceof RetryAt) {
        await putBack(helpers, error.at);
        log.info({ task: name, job: id, at: error.at, why: error.message }, 'put a job back until then');
        return;
      }
      const fields = { err: error, task: name, job: id, attempts, most };
      if (attempts < most) log.warn(fields, 'a job failed and will be tried again');
      else log.error(fields, 'a job failed for the last time and is given up');
      throw error;
    }
    // Not a failure of the task: graphile-worker ends the job once more.
    await endQueuedJob(helpers).catch((error: unknown) =>
      log.debug({ err: error, job: id }, 'the job could not be ended yet'),
    );
  };
}
