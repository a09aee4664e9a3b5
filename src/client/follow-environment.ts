import { delayBefore } from './delay-before.ts';
import { makeEventParser, type StreamEvent } from './parse-events.ts';
import { type Connection, retryAfterOf } from './request-resolved.ts';
import { isObject, parseJson } from './resolved-workflow.ts';
import { unrefStream } from './unref-stream.ts';

/** What the stream of an environment tells. */
export interface Told {
  /** The stream is open. `whole`: nothing can have been missed since it was open the last time. */
  opened(whole: boolean): void;
  /** What the workflow resolves to has changed. */
  changed(workflow: string): void;
  /** Events were missed, or one made no sense: anything may have changed. */
  reset(): void;
  /** It can't be opened. `forbidden`: Towpath answers, but has no stream for this token. */
  failed(reason: { forbidden: boolean; message: string }): void;
}

export interface Following {
  /** Whether changes are being told right now. */
  isLive(): boolean;
  /** When something was heard last, by `performance.now()`; minus infinity: never. */
  heardAt(): number;
  close(): void;
}

/** Three of the comments that Towpath sends in silence, every 15 s. */
const SILENCE_MS = 45_000;
/** A token that may not read the stream may be given that right one day. */
const FORBIDDEN_MS = 300_000;
/** A stream that breaks off sooner counts as one more failure, so that the next attempts are further apart. */
const LASTING_MS = 10_000;

/**
 * Follows the stream of an environment, resuming where it broke off, until closed. Attempts never end, but are half a
 * minute apart at most, and five minutes where the stream is forbidden. Nothing of it keeps the process alive.
 */
export function followEnvironment(connection: Connection, told: Told): Following {
  const closing = new AbortController();
  let live = false;
  let lastId = '';
  let heardAt = Number.NEGATIVE_INFINITY;

  const listen = async (response: Response): Promise<void> => {
    live = true;
    told.opened(lastId !== '');
    const parser = makeEventParser(lastId);
    try {
      for await (const text of textOf(response, closing.signal)) {
        heardAt = performance.now();
        for (const event of parser.push(text)) tell(event, told);
        lastId = parser.lastId();
      }
    } finally {
      live = false;
    }
  };

  const follow = async (): Promise<void> => {
    let failures = 0;
    while (!closing.signal.aborted) {
      const openedAt = performance.now();
      const outcome = await open(connection, lastId, closing.signal);
      if (outcome.response !== null) await listen(outcome.response).catch(() => undefined);
      else if (!closing.signal.aborted) told.failed(outcome);
      failures = outcome.response !== null && performance.now() - openedAt > LASTING_MS ? 1 : failures + 1;
      await pause(waitAfter(outcome, failures), closing.signal);
    }
  };

  // It rejects only if a listener of ours throws, which then must not end the process.
  follow().catch(() => undefined);
  return { isLive: () => live, heardAt: () => heardAt, close: () => closing.abort() };
}

type Opened =
  | { readonly response: Response }
  | {
      readonly response: null;
      readonly forbidden: boolean;
      readonly message: string;
      readonly retryAfter: number | null;
    };

function waitAfter(outcome: Opened, failures: number): number {
  if (outcome.response !== null) return delayBefore(failures);
  return outcome.forbidden ? FORBIDDEN_MS * (0.8 + Math.random() * 0.4) : delayBefore(failures, outcome.retryAfter);
}

async function open(connection: Connection, lastId: string, closing: AbortSignal): Promise<Opened> {
  const address = `${connection.url}/api/v1/stream?environment=${encodeURIComponent(connection.environment)}`;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), connection.timeout).unref();
  const listening = await unrefStream(address);
  try {
    const response = await connection.fetch(address, {
      headers: {
        authorization: `Bearer ${connection.token}`,
        accept: 'text/event-stream',
        ...(lastId !== '' && { 'last-event-id': lastId }),
      },
      redirect: 'manual',
      signal: AbortSignal.any([closing, late.signal]),
    });
    if (response.status === 200 && isStream(response)) return { response };
    await response.body?.cancel().catch(() => undefined);
    return notOpened(response);
  } catch {
    return { response: null, forbidden: false, message: 'The stream could not be opened.', retryAfter: null };
  } finally {
    clearTimeout(timer);
    listening();
  }
}

function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.toLowerCase().startsWith('text/event-stream') === true;
}

function notOpened(response: Response): Opened {
  const passing = response.status >= 500 || response.status === 429;
  const what = response.status === 200 ? 'something that is no stream' : String(response.status);
  const message = `Asked for its stream, Towpath answered ${what}.`;
  return { response: null, forbidden: !passing, message, retryAfter: retryAfterOf(response) };
}

/** Ends when the server ends it, when nothing at all came for too long, or with `closing`. */
async function* textOf(response: Response, closing: AbortSignal): AsyncGenerator<string> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const stop = () => void reader.cancel().catch(() => undefined);
  closing.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const timer = setTimeout(stop, SILENCE_MS).unref();
      const part = await reader.read().finally(() => clearTimeout(timer));
      if (part.done) return;
      yield decoder.decode(part.value, { stream: true });
    }
  } finally {
    closing.removeEventListener('abort', stop);
    stop();
  }
}

function tell({ event, data }: StreamEvent, told: Told): void {
  if (event !== 'resolved-changed' && event !== 'reset') return;
  const change = event === 'reset' ? null : parseJson(data);
  const workflow = isObject(change) ? change['workflow'] : null;
  if (typeof workflow === 'string' && workflow !== '') told.changed(workflow);
  else told.reset();
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds).unref();
    signal.addEventListener('abort', done, { once: true });
  });
}
