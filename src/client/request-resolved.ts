import { TowpathClientError, type TowpathClientErrorCode } from './client-error.ts';
import { readText } from './read-text.ts';
import { isObject, parseJson, parseResolved, type ResolvedWorkflow } from './resolved-workflow.ts';

/** Where to ask, and as whom. `fetch` is the platform's, or what stands in for it. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly environment: string;
  readonly token: string;
  readonly fetch: typeof fetch;
  /** Milliseconds until an answer is given up. */
  readonly timeout: number;
}

export interface Question {
  readonly workflow: string;
  readonly key: string | null;
  /** Answers had before, one of which may still be the right one. */
  readonly known: readonly TaggedAnswer[];
  readonly signal: AbortSignal;
}

/** An answer and its entity tag. */
export interface TaggedAnswer {
  readonly etag: string;
  readonly resolved: ResolvedWorkflow;
}

/** `stale`: Towpath itself could only say what it last knew. */
export interface Reply extends TaggedAnswer {
  readonly stale: boolean;
}

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_PROBLEM_BYTES = 64 * 1024;

/**
 * Asks once what is live.
 * @throws TowpathClientError
 */
export async function requestResolved(connection: Connection, question: Question): Promise<Reply> {
  const reply = await ask(connection, question);
  // A 304 that does not say which of several answers it means: ask for the whole.
  return reply ?? (await ask(connection, { ...question, known: [] })) ?? raise(malformed(304));
}

async function ask(connection: Connection, question: Question): Promise<Reply | null> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), connection.timeout);
  try {
    const response = await connection.fetch(addressOf(connection, question), {
      headers: headersFor(connection, question),
      // The token is meant for this address alone.
      redirect: 'manual',
      signal: AbortSignal.any([question.signal, late.signal]),
    });
    return await replyFrom(response, question);
  } catch (error) {
    if (error instanceof TowpathClientError) throw error;
    if (question.signal.aborted) throw new TowpathClientError('closed', 'This client is closed.');
    const what = late.signal.aborted
      ? `did not answer within ${connection.timeout} ms`
      : `could not be reached${causeOf(error)}`;
    throw new TowpathClientError('unavailable', `Towpath at ${connection.url} ${what}.`);
  } finally {
    clearTimeout(timer);
  }
}

function addressOf({ url, environment }: Connection, { workflow, key }: Question): string {
  const path = `/api/v1/workflows/${encodeURIComponent(workflow)}/environments/${encodeURIComponent(environment)}/resolved`;
  return `${url}${path}${key === null ? '' : `?key=${encodeURIComponent(key)}`}`;
}

function headersFor({ token }: Connection, { known }: Question): Record<string, string> {
  const tags = known.map(({ etag }) => etag).filter((etag) => ENTITY_TAG.test(etag));
  return {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    ...(tags.length > 0 && { 'if-none-match': tags.join(', ') }),
  };
}

/** Null: unchanged, but since which answer is not to be seen. */
async function replyFrom(response: Response, question: Question): Promise<Reply | null> {
  const stale = response.headers.get('towpath-stale') === 'true';
  const etag = response.headers.get('etag');
  if (response.status === 304) {
    await response.body?.cancel();
    const meant = meantBy(etag, question.known);
    return meant === null ? null : { ...meant, stale };
  }
  if (response.status !== 200) throw await errorFrom(response);
  const text = await readText(response, MOST_BYTES);
  const resolved = parseResolved(text ?? '');
  if (resolved?.workflow !== question.workflow) throw malformed(200);
  // Without a tag it is told apart by what decides it, and asked for whole each time.
  return { etag: etag ?? `none ${resolved.deployment.id} ${resolved.settingsRevision}`, resolved, stale };
}

const ENTITY_TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** Proxies that compress weaken a tag on its way: `W/"a"` means `"a"`. */
function meantBy(etag: string | null, known: readonly TaggedAnswer[]): TaggedAnswer | null {
  if (etag === null) return known.length === 1 ? (known[0] ?? null) : null;
  const bare = (tag: string) => tag.replace(/^W\//, '');
  return known.find((answer) => bare(answer.etag) === bare(etag)) ?? null;
}

function malformed(status: number): TowpathClientError {
  const message = 'What answered is not Towpath, or is another version of it. Check the address.';
  return new TowpathClientError('malformed', message, { status });
}

function raise(error: Error): never {
  throw error;
}

const CODES: Readonly<Record<number, TowpathClientErrorCode>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  429: 'unavailable',
};

async function errorFrom(response: Response): Promise<TowpathClientError> {
  const { status } = response;
  const code = CODES[status] ?? (status >= 500 ? 'unavailable' : status < 300 ? 'malformed' : 'refused');
  const detail = await detailOf(response);
  return new TowpathClientError(code, `Towpath answered ${status}${detail === '' ? '.' : `: ${detail}`}`, {
    status,
    retryAfter: retryAfterOf(response),
  });
}

/** The sentence for people in a problem document, which says what to do. */
async function detailOf(response: Response): Promise<string> {
  const text = await readText(response, MOST_PROBLEM_BYTES).catch(() => null);
  const problem = parseJson(text ?? '');
  const detail = isObject(problem) ? (problem['detail'] ?? problem['title']) : null;
  return typeof detail === 'string' ? detail.slice(0, 500) : '';
}

/** Milliseconds. The form with a date is not used by Towpath, and is passed over. */
export function retryAfterOf(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

/** The system's word for what went wrong, such as ECONNREFUSED. Not the message, which may repeat what was sent. */
function causeOf(error: unknown): string {
  const code = isObject(error) && isObject(error['cause']) ? error['cause']['code'] : undefined;
  return typeof code === 'string' ? ` (${code.slice(0, 50)})` : '';
}
