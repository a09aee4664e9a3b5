import { schedule } from 'node-cron';
import type { Logger } from 'pino';

/** What is done again and again, on every process. Harmless to repeat and to run on several at once. */
export interface Tick {
  name: string;
  /** Cron with seconds: `0 * * * * *` is every full minute. */
  schedule: string;
  run(): Promise<void>;
}

/** Runs every tick at its times, never twice at once here. `stop` waits for those that run. */
export function startTicks(ticks: readonly Tick[], log: Logger): { stop(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const scheduled = ticks.map((tick) => {
    const once = loggingFailures(tick, log);
    const run = () => {
      const turn = once().finally(() => running.delete(turn));
      running.add(turn);
      return turn;
    };
    return schedule(tick.schedule, run, {
      name: tick.name,
      noOverlap: true,
      suppressMissedWarning: true,
      logger: quiet(log),
    });
  });
  return {
    async stop() {
      for (const task of scheduled) await task.destroy();
      await Promise.all(running);
    },
  };
}

/** Says when a tick begins to fail and when it works again, not at every turn between. */
function loggingFailures(tick: Tick, log: Logger): () => Promise<void> {
  let failing = false;
  return async () => {
    try {
      await tick.run();
      if (failing) log.info({ tick: tick.name }, 'a tick works again');
      failing = false;
    } catch (error) {
      log[failing ? 'debug' : 'warn']({ err: error, tick: tick.name }, 'a tick failed; it runs again at its next time');
      failing = true;
    }
  };
}

/** What the clock itself has to say (a turn left out because the last one still runs) is expected. */
function quiet(log: Logger) {
  const debug = (message: string | Error) => log.debug({ clock: String(message) }, 'the clock of the ticks');
  return { info: debug, warn: debug, error: debug, debug };
}
