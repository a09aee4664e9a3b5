import type { Logger } from 'pino';
import { signal } from './embedded-process.ts';
import { endServer, type Server } from './embedded-server.ts';

const LONGEST_DELAY = 30_000;

/**
 * Keeps a server running: one that ends though nobody stopped it (out of memory, killed) is started again on its port, so that
 * its address stays good, after a second, then two, four, up to half a minute.
 */
export function supervise(
  first: Server,
  restart: (port: number) => Promise<Server>,
  log: Logger,
): { stop(): Promise<void> } {
  let server = first;
  let timer: NodeJS.Timeout | undefined;
  let restarting: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;
  // A process that ends without `stop` can't wait any more, but it can still send a signal.
  const atExit = () => signal(server.pid, 'SIGINT');
  process.once('exit', atExit);

  function watch(): void {
    void server.ended.then(() => {
      if (stopping !== undefined) return;
      log.error({ said: server.tail() }, 'the embedded PostgreSQL server ended by itself; starting it again');
      again(1000);
    });
  }
  function again(delay: number): void {
    timer = setTimeout(() => {
      restarting = restart(server.port).then(
        (next) => {
          server = next;
          log.info({ pid: next.pid }, 'the embedded PostgreSQL server runs again');
          watch();
        },
        (error: unknown) => {
          log.error({ err: error }, 'the embedded PostgreSQL server could not be started again yet');
          if (stopping === undefined) again(Math.min(delay * 2, LONGEST_DELAY));
        },
      );
    }, delay);
  }
  async function end(): Promise<void> {
    clearTimeout(timer);
    await restarting;
    process.removeListener('exit', atExit);
    if (!server.hasEnded()) await endServer(server.pid);
  }

  watch();
  return {
    stop() {
      stopping ??= end();
      return stopping;
    },
  };
}
