import { EventEmitter } from 'node:events';
import { type Runner, run, type WorkerEvents } from 'graphile-worker';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { graphileLogger } from './graphile-logger.ts';
import { graphileTask } from './graphile-task.ts';
import type { LifeSign } from './life-sign.ts';
import { lookOneAtATime } from './look-one-at-a-time.ts';
import type { Task } from './task-groups.ts';

export interface Workers {
  ready(): boolean;
  /** Takes no more jobs and waits for those that run, however long. */
  stop(): Promise<void>;
}

interface WorkersOptions {
  connectionString: string;
  tasks: readonly (readonly [string, Task])[];
  concurrency: number;
  pollInterval: number;
  sign: LifeSign;
  log: Logger;
}

/** Queries of the workers are short, so that a few connections serve many of them; one of these listens for new jobs. */
const CONNECTIONS = 6;
const RESTART_AFTER = 1000;

/**
 * While a worker looks for a job it locks every free queue, and others see none meanwhile. A plan made without the values does
 * so even when all there is are jobs of another group; one made with them looks at the task first.
 */
const CUSTOM_PLANS = 'SET plan_cache_mode = force_custom_plan';

/**
 * Starts the workers of one group. They end by themselves when a job's end could not be written (PostgreSQL away for longer):
 * then others take their place at once, while they finish what they have.
 */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { log } = options;
  const pool = openPool(options.connectionString, log);
  let stopping = false;
  let current: Crew | null = await startCrew(options, pool);

  async function replace(): Promise<void> {
    current = null;
    while (!stopping) {
      log.warn('the workers of a group ended; starting others');
      await new Promise((resolve) => setTimeout(resolve, RESTART_AFTER));
      const next = await startCrew(options, pool).catch((error: unknown) =>
        log.warn({ err: error }, 'no workers could be started yet'),
      );
      if (next) return watch(next);
    }
  }
  function watch(crew: Crew): void {
    current = crew;
    void crew.leaving.then(() => (stopping ? undefined : replace()));
  }
  watch(current);

  return {
    ready: () => current !== null,
    async stop() {
      stopping = true;
      await current?.stop();
      await pool.end();
    },
  };
}

/** A connection lost is made anew at the next use; without these listeners it would end the process. */
function openPool(connectionString: string, log: Logger): Pool {
  const pool = new Pool({
    connectionString,
    max: CONNECTIONS,
    application_name: 'towpath jobs',
    connectionTimeoutMillis: 10_000,
    // Awaited, though the type does not say so.
    onConnect: (client) => client.query(CUSTOM_PLANS) as unknown as undefined,
  });
  const note = (error: Error) => log.debug({ err: error }, 'a connection of the job queue was lost');
  pool.on('error', note);
  pool.on('connect', (client) => client.on('error', note));
  return pool;
}

/** One run of graphile-worker, from its start until it has ended. */
interface Crew {
  /** Settled when it takes no more jobs, asked to or not. */
  leaving: Promise<void>;
  stop(): Promise<void>;
}

async function startCrew({ tasks, concurrency, pollInterval, sign, log }: WorkersOptions, pgPool: Pool): Promise<Crew> {
  const leaving = Promise.withResolvers<void>();
  let poolId = '';
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => {
    poolId = workerPool.id;
    sign.add(poolId);
    lookOneAtATime(events, workerPool);
  });
  events.on('pool:gracefulShutdown', () => leaving.resolve());
  const runner = await run({
    pgPool,
    schema: 'graphile_worker',
    taskList: Object.fromEntries(tasks.map(([name, task]) => [name, graphileTask(name, task, log)])),
    parsedCronItems: [],
    concurrency,
    pollInterval,
    events,
    logger: graphileLogger(log),
    noHandleSignals: true,
    // Asked before each job: the place to hold the workers while nobody could see that they live.
    forbiddenFlags: () =>
      sign.isHeld(poolId) ? null : Promise.race([sign.held(poolId), leaving.promise]).then(() => null),
    // Not batched (-1), an end that can't be written is a rejection that nobody handles, and ends the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  });
  void ended(runner, log).then(() => sign.remove(poolId));
  return { leaving: leaving.promise, stop: () => stop(runner) };
}

async function ended(runner: Runner, log: Logger): Promise<void> {
  await runner.promise.catch((error: unknown) => log.warn({ err: error }, 'the workers of a group ended badly'));
}

async function stop(runner: Runner): Promise<void> {
  await runner.stop().catch(() => undefined);
  await runner.promise.catch(() => undefined);
}
