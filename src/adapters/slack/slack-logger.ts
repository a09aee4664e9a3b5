import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from 'pino';

/**
 * Bolt's and the client's own words, in Towpath's log. Their errors and warnings are one level milder here: whatever
 * matters of them is thrown as well, and judged where it is caught.
 */
export function slackLogger(log: Logger): BoltLogger {
  const own = log.child({ part: 'slack' });
  const words = (message: unknown[]) =>
    message
      .map((m) => (m instanceof Error ? m.message : String(m)))
      .join(' ')
      .slice(0, 2_000);
  return {
    // Debug would write whole requests, with what people typed.
    debug: () => undefined,
    info: (...message) => own.debug(words(message)),
    warn: (...message) => own.info(words(message)),
    error: (...message) => own.warn(words(message)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
