import { delayBefore } from './delay-before.ts';
import { messageOf } from './message-of.ts';
import { readText } from './read-text.ts';
import type { Connection } from './request-resolved.ts';
import { isObject, type JsonObject, type JsonValue, parseJson } from './resolved-workflow.ts';

/** One run that Towpath has for this agent. */
export interface Work {
  readonly id: string;
  readonly workflow: string;
  /** Null: a file that was never pushed. */
  readonly version: number | null;
  readonly environment: string;
  /** Filled with the environment's settings. Secrets are in it by name. */
  readonly definition: JsonObject;
  readonly input: JsonValue;
  /** True: it has to have no effects. */
  readonly shadow: boolean;
  /** When an answer is not taken any more. */
  readonly until: Date;
  /** As Towpath sent it, with what is not named here. */
  readonly message: JsonObject;
}

/** What came of a run. `cost` in US dollars. */
export interface WorkAnswer {
  readonly output: JsonValue;
  readonly cost?: number;
  readonly tokens?: { readonly input?: number; readonly output?: number };
  readonly trace?: JsonValue;
}

/** Does one run. What it throws is told as why nothing came of it, so no secret may be in its message. */
export type WorkHandler = (work: Work, signal: AbortSignal) => Promise<WorkAnswer>;

export interface WorkOptions {
  /** The agent's name, unique in its environment, such as the host's. */
  readonly agent: string;
  readonly handler: WorkHandler;
  /** Runs at a time; one unless told. */
  readonly atOnce?: number;
}

/** Seconds that Towpath is asked to wait for a run, and milliseconds that it has for its answer beyond them. */
const WAIT_S = 20;
const GRACE_MS = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** Characters of why a run came to nothing. */
const LONGEST_ERROR = 4_000;

/** `stopping`: takes no more, and finishes what it has. `closing`: gives up at once. */
export interface WorkSignals {
  readonly stopping: AbortSignal;
  readonly closing: AbortSignal;
}

/** Takes runs and answers them until it is stopped. What fails on the way is told to `warn`, and tried again. */
export async function workOn(
  connection: Connection,
  { agent, handler }: WorkOptions,
  { stopping, closing }: WorkSignals,
  warn: (message: string) => void,
): Promise<void> {
  const ends = AbortSignal.any([stopping, closing]);
  let failures = 0;
  while (!ends.aborted) {
    try {
      const work = await take(connection, agent, ends);
      failures = 0;
      if (work !== null) await answer(connection, work, await resultOf(work, handler, closing), closing);
    } catch (error) {
      if (ends.aborted) return;
      failures += 1;
      warn(messageOf(error));
      await pause(delayBefore(failures), ends);
    }
  }
}

async function take(connection: Connection, agent: string, closing: AbortSignal): Promise<Work | null> {
  const path = `/api/v1/agents/${encodeURIComponent(agent)}/work`;
  const { status, text } = await post(connection, path, { wait: WAIT_S }, WAIT_S * 1_000 + GRACE_MS, closing);
  if (status === 204) return null;
  const work = status === 200 ? readWork(parseJson(text)) : null;
  if (work === null) throw new Error(`Towpath gave no run (${status}${detailOf(text)}).`);
  return work;
}

function readWork(message: unknown): Work | null {
  if (!isObject(message)) return null;
  const { id, workflow, version, environment, definition, input = null, shadow, until } = message;
  const texts = [id, workflow, environment, until];
  if (!texts.every((one) => typeof one === 'string') || !isObject(definition)) return null;
  return {
    ...{ id: id as string, workflow: workflow as string, environment: environment as string },
    version: typeof version === 'number' ? version : null,
    ...{ definition: definition as JsonObject, input: input as JsonValue, shadow: shadow === true },
    ...{ until: new Date(until as string), message: message as JsonObject },
  };
}

async function resultOf(work: Work, handler: WorkHandler, closing: AbortSignal): Promise<object> {
  const late = AbortSignal.timeout(Math.max(0, Math.min(work.until.getTime() - Date.now(), 2 ** 31 - 1)));
  try {
    const { output, cost, tokens, trace } = await handler(work, AbortSignal.any([closing, late]));
    return { output, cost, tokens, trace };
  } catch (error) {
    return { error: messageOf(error).trim().slice(0, LONGEST_ERROR) || 'It failed without a word.' };
  }
}

/** Once more where Towpath was away for a moment: what was run can't be run again for it. */
async function answer(connection: Connection, { id }: Work, result: object, closing: AbortSignal): Promise<void> {
  const path = `/api/v1/work/${encodeURIComponent(id)}/result`;
  const once = () => post(connection, path, result, connection.timeout, closing);
  const { status, text } = await once().catch(async () => {
    await pause(delayBefore(1), closing);
    return once();
  });
  if (status !== 204) throw new Error(`Towpath did not take a result (${status}${detailOf(text)}).`);
}

async function post(connection: Connection, path: string, body: object, timeout: number, closing: AbortSignal) {
  const response = await connection.fetch(`${connection.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${connection.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    // The token is meant for this address alone.
    redirect: 'manual',
    signal: AbortSignal.any([closing, AbortSignal.timeout(timeout)]),
  });
  return { status: response.status, text: (await readText(response, MOST_BYTES)) ?? '' };
}

function detailOf(text: string): string {
  const problem = parseJson(text);
  const detail = isObject(problem) ? problem['detail'] : null;
  return typeof detail === 'string' ? `: ${detail.slice(0, 500)}` : '';
}

function pause(ms: number, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      closing.removeEventListener('abort', done);
      resolve();
    }
    closing.addEventListener('abort', done);
    if (closing.aborted) done();
  });
}
