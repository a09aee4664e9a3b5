import type { WorkerEvents, WorkerPool } from 'graphile-worker';

const SECOND_LOOK = 25;

/**
 * Lets one worker of a pool look for a job at a time, and another one when it has found some. Left to themselves as many look as
 * there are new jobs, and again while they do: they hide the queues from each other (see `CUSTOM_PLANS`) and keep the database
 * busy with it, just when the first job should start. What a worker of another process hid would wait for the next poll, so one
 * looks again a little after each notice of a new job.
 */
export function lookOneAtATime(events: WorkerEvents, workerPool: WorkerPool): void {
  const nudge = workerPool.nudge.bind(workerPool);
  let looking = 0;
  let isAsked = false;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    if (isOver) return;
    if (looking > 0) {
      isAsked = true;
      return;
    }
    isAsked = false;
    nudge(1);
  };
  const looked = (found: boolean) => (): void => {
    looking -= 1;
    if (found || isAsked) setImmediate(look);
  };
  workerPool.nudge = look;
  events.on('worker:getJob:start', () => {
    looking += 1;
  });
  events.on('worker:getJob:empty', looked(false));
  events.on('worker:getJob:error', looked(false));
  events.on('job:start', looked(true));
  events.on('pool:listen:notification', () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      look();
    }, SECOND_LOOK);
  });
  events.on('pool:gracefulShutdown', () => {
    isOver = true;
    clearTimeout(timer);
  });
}
