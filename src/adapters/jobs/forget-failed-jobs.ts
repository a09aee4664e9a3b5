import type { LifeSign } from './life-sign.ts';

/** Days for which a job that was given up can be looked at; the log told of it when it happened. */
const KEPT_FOR = 30;

/** Returns the tick that deletes jobs that failed for the last time long ago: nothing else ever would. */
export function makeForgetFailedJobs(sign: LifeSign): () => Promise<void> {
  return async () => {
    if (sign.connection.current() === null) return;
    await sign.connection.query(
      `DELETE FROM graphile_worker._private_jobs
       WHERE attempts >= max_attempts AND locked_at IS NULL AND run_at < now() - make_interval(days => $1)`,
      [KEPT_FOR],
    );
  };
}
