import { ForbiddenAddressError } from '../../outbound/guarded-agent.ts';
import { RunnerFailure } from '../../use-cases/ports/runners.ts';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const TOO_SLOW = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/**
 * What a failed connection means. Told by class and code alone: messages may carry the address, and an address a token.
 * @param phase of the answer: a connection that is cut during it leaves half a piece behind, which is no HTTP either
 */
export function connectionFailure(
  error: unknown,
  phase: 'before' | 'during' = 'before',
  who = 'runner',
): RunnerFailure {
  if (error instanceof RunnerFailure) return error;
  const forbidden = causeOf(error, (cause) => cause instanceof ForbiddenAddressError);
  if (forbidden !== null) {
    const advice = 'The operator can allow it in Towpath’s own configuration.';
    return new RunnerFailure('refused', `${(forbidden as Error).message} ${advice}`);
  }
  const code = codeOf(error);
  if (TOO_SLOW.has(code)) return new RunnerFailure('timeout', `The ${who} fell silent.`);
  if (UNREACHABLE.has(code) || /CERT|TLS|SSL|SELF_SIGNED/.test(code))
    return new RunnerFailure(
      'unreachable',
      `The ${who} can’t be reached (${code}). See that it runs and its address is right.`,
    );
  const isUnreadable = causeOf(error, (cause) => (cause as { name?: unknown }).name === 'HTTPParserError') !== null;
  if ((isUnreadable && phase === 'before') || code === 'UND_ERR_HEADERS_OVERFLOW')
    return new RunnerFailure('malformed', `The ${who}’s answer is no HTTP that can be read.`);
  if (code === 'UND_ERR_INVALID_ARG')
    return new RunnerFailure(
      'refused',
      'The request can’t be sent: a secret for a header holds line breaks or control characters.',
    );
  return new RunnerFailure(
    'died',
    `The connection to the ${who} ended in the middle (${code === '' ? 'no code' : code}).`,
  );
}

function codeOf(error: unknown): string {
  const found = causeOf(error, (cause) => typeof (cause as { code?: unknown }).code === 'string');
  return found === null ? '' : String((found as { code: string }).code).slice(0, 60);
}

/** Errors wrap each other; a few levels say it all. */
function causeOf(error: unknown, isWanted: (cause: object) => boolean): object | null {
  let one: unknown = error;
  for (let depth = 0; depth < 6 && typeof one === 'object' && one !== null; depth++) {
    if (isWanted(one)) return one;
    one = (one as { cause?: unknown }).cause;
  }
  return null;
}
