import { Logger as GraphileLogger } from 'graphile-worker';
import type { Logger } from 'pino';

/**
 * The queue's own log, a level down: what it calls an error (a failed attempt, a lost connection) it goes on to heal. A
 * failed task is left out, as `graphileTask` says it better.
 */
export function graphileLogger(log: Logger): GraphileLogger {
  return new GraphileLogger((scope) => (level, message, meta) => {
    const error = meta['error'];
    const fields = { ...scope, ...(error === undefined ? {} : { err: error }) };
    if (level === 'error' && meta['failure'] !== true) log.warn(fields, message);
    else log.debug(fields, message);
  });
}
