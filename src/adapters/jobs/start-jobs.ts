import type { Logger } from 'pino';
import { makeForgetFailedJobs } from './forget-failed-jobs.ts';
import { type LifeSign, openLifeSign } from './life-sign.ts';
import { startTicks, type Tick } from './start-ticks.ts';
import { startWorkers, type Workers } from './start-workers.ts';
import { TASK_GROUPS, type Task, type TaskGroup, type TaskName, tasksOf } from './task-groups.ts';
import { makeUnlockDeadPools } from './unlock-dead-pools.ts';

export interface JobsOptions {
  connectionString: string;
  tasks: Readonly<Record<TaskName, Task>>;
  ticks: readonly Tick[];
  log: Logger;
  /** How many jobs of a group run at once here, where not as `TASK_GROUPS` says. */
  concurrency?: Partial<Record<TaskGroup, number>>;
  /** Milliseconds that `stop` waits for what runs. */
  patience?: number;
}

export interface Jobs {
  /** Takes no more work and waits, up to its patience, for what runs. What runs on then is given back to the queue. */
  stop(): Promise<void>;
  /** Whether jobs are being taken now. */
  ready(): boolean;
}

/**
 * Starts doing what stands in the queue, and what is due by the clock. A job added in a transaction starts milliseconds after
 * the commit. PostgreSQL going away pauses it; killing the process gives its jobs to the other processes within seconds.
 * @throws Error when the database can't be reached at the start
 */
export async function startJobs(options: JobsOptions): Promise<Jobs> {
  const { connectionString, log, patience = 8000 } = options;
  const sign = openLifeSign(connectionString, log);
  const groups: Workers[] = [];
  try {
    for (const group of Object.keys(TASK_GROUPS) as TaskGroup[]) groups.push(await startGroup(group, options, sign));
  } catch (error) {
    await Promise.all([...groups.map((group) => group.stop()), sign.end()]);
    throw error;
  }
  const ownTicks: Tick[] = [
    { name: 'unlock-dead-pools', schedule: '* * * * * *', run: makeUnlockDeadPools(sign, log) },
    { name: 'forget-failed-jobs', schedule: '0 23 * * * *', run: makeForgetFailedJobs(sign) },
  ];
  const ticks = startTicks([...options.ticks, ...ownTicks], log);

  let stopping: Promise<void> | undefined;
  return {
    ready: () => stopping === undefined && sign.pools().every(sign.isHeld) && groups.every((group) => group.ready()),
    stop() {
      stopping ??= stopAll([ticks, ...groups], sign, patience, log);
      return stopping;
    },
  };
}

function startGroup(
  group: TaskGroup,
  { connectionString, tasks, log, concurrency }: JobsOptions,
  sign: LifeSign,
): Promise<Workers> {
  return startWorkers({
    connectionString,
    tasks: tasksOf(group, tasks),
    concurrency: concurrency?.[group] ?? TASK_GROUPS[group].concurrency,
    pollInterval: TASK_GROUPS[group].pollInterval,
    sign,
    log: log.child({ group }),
  });
}

async function stopAll(
  parts: readonly { stop(): Promise<void> }[],
  sign: LifeSign,
  patience: number,
  log: Logger,
): Promise<void> {
  const over = Symbol('over');
  let timer: NodeJS.Timeout | undefined;
  const patienceOver = new Promise<typeof over>((resolve) => {
    timer = setTimeout(() => resolve(over), patience);
  });
  const stopped = Promise.all(parts.map((part) => part.stop()));
  if ((await Promise.race([stopped, patienceOver])) === over) await giveBack(sign, log);
  clearTimeout(timer);
  await sign.end();
}

/** For another process to take up at once; this one is about to end. */
async function giveBack(sign: LifeSign, log: Logger): Promise<void> {
  log.warn('jobs still run though this process ends; giving them back to the queue');
  await sign.connection
    .query('SELECT graphile_worker.force_unlock_workers($1)', [sign.pools()])
    .catch((error: unknown) =>
      log.warn({ err: error }, 'the jobs could not be given back; others take them when this process is gone'),
    );
}
