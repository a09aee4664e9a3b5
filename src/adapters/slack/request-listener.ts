import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** Slack's own bound on how far two clocks may be apart. */
const MOST_SECONDS_APART = 300;

/**
 * Refuses what claims to be sent more than five minutes before or after now, before it reaches Bolt: Bolt's own check looks
 * at old timestamps only, and one from the future could be replayed until it comes.
 */
export function refusingOtherTimes(
  listener: RequestListener,
  log: Logger,
  now: () => number = Date.now,
): RequestListener {
  return (request, response) => {
    const sent = request.headers['x-slack-request-timestamp'];
    const apart = typeof sent === 'string' && /^\d{1,15}$/.test(sent) ? Math.abs(now() / 1_000 - Number(sent)) : null;
    // Without a readable timestamp there is no valid signature either: Bolt refuses it, and lets `ssl_check` through.
    if (apart === null || apart <= MOST_SECONDS_APART) return listener(request, response);
    log.warn({ secondsApart: Math.round(apart) }, 'Refused a request of Slack for its timestamp; check the clock');
    request.resume();
    response.writeHead(401).end();
  };
}
