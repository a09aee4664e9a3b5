import type { Dispatcher } from 'undici';
import { request } from 'undici';
import { ForbiddenAddressError } from '../../outbound/guarded-agent.ts';
import { type Decision, decide } from './decide.ts';

export interface Attempt {
  /** Null when no answer came. */
  status: number | null;
  durationMs: number;
  decision: Decision;
}

/** Bytes of the answer that are read, for the endpoint to end in peace, and thrown away. */
const READ_AT_MOST = 4096;
/** Milliseconds that the answer's body may take once its status is known. */
const BODY_PATIENCE = 1000;

/** Posts a webhook once and says what follows. Never throws: whatever goes wrong is the attempt's outcome. */
export async function sendWebhook(
  url: URL,
  message: { headers: Record<string, string>; body: string },
  { agent, timeout }: { agent: Dispatcher; timeout: number },
): Promise<Attempt> {
  const begun = performance.now();
  const durationMs = () => Math.round(performance.now() - begun);
  try {
    const answer = await request(url, {
      ...message,
      method: 'POST',
      dispatcher: agent,
      reset: true,
      signal: AbortSignal.timeout(timeout),
    });
    const attempt = {
      status: answer.statusCode,
      durationMs: durationMs(),
      decision: decide(answer.statusCode, only(answer.headers['retry-after']), new Date()),
    };
    await answer.body.dump({ limit: READ_AT_MOST, signal: AbortSignal.timeout(BODY_PATIENCE) }).catch(() => undefined);
    return attempt;
  } catch (error) {
    return { status: null, durationMs: durationMs(), decision: decideFailure(error, timeout) };
  }
}

/** Errors are told by their code alone: their messages may carry the address, and an address may carry a token. */
function decideFailure(error: unknown, timeout: number): Decision {
  if (error instanceof ForbiddenAddressError) {
    return { kind: 'give-up', error: `${error.message} Set allowPrivate: true on this webhook if that is meant.` };
  }
  const { name, code } = error as { name?: string; code?: unknown };
  if (name === 'TimeoutError') return { kind: 'retry', error: `No answer within ${timeout / 1000} seconds.` };
  return { kind: 'retry', error: `No answer (${String(code ?? name ?? 'unknown error').slice(0, 60)}).` };
}

function only(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
