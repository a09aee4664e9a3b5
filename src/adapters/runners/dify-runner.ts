import type { JsonObject } from '../../domain/workflow/json.ts';
import { isObject } from '../../domain/workflow/json.ts';
import { type RunAnswer, RunnerFailure, type RunRequest } from '../../use-cases/ports/runners.ts';
import { type Agents, callEndpoint } from './call-endpoint.ts';
import { makeDifyReading } from './dify-events.ts';
import type { KindOf } from './kind-of.ts';
import { assertPlain } from './read-answer.ts';
import { parseEvent, readEvents } from './read-events.ts';

const PLACES = { workflow: 'workflows/run', chat: 'chat-messages', completion: 'completion-messages' } as const;
const STOP_PLACES = { workflow: 'workflows/tasks', chat: 'chat-messages', completion: 'completion-messages' } as const;
/** Dify asks who it is for, and counts by that; apps read it as `sys.user_id`, and so know a replay, which is to have no effects. */
const userOf = ({ shadow }: Pick<RunRequest, 'shadow'>): string => (shadow ? 'towpath-shadow' : 'towpath');
const STOP_PATIENCE_MS = 5_000;

/**
 * Runs an app of Dify by its API. Always streamed: agents answer in no other way, and a blocking call is cut off by proxies after a
 * hundred seconds. A run that is given up is stopped there too.
 */
export async function runByDify(request: RunRequest, runner: KindOf<'dify'>, agents: Agents): Promise<RunAnswer> {
  const begun = performance.now();
  const reading = makeDifyReading(runner.app);
  const key = await request.secrets.read(runner.secret);
  const headers = { authorization: `Bearer ${key}` };
  try {
    const answer = await callEndpoint(agents, {
      url: placeOf(runner.url, PLACES[runner.app]),
      headers,
      body: JSON.stringify(bodyOf(runner.app, request)),
      signal: request.signal,
      answerBytes: request.limits.answerBytes,
    });
    if (!answer.contentType.includes('event-stream'))
      throw new RunnerFailure('malformed', 'Dify answered no stream of events. Does its address end in /v1?');
    for await (const text of readEvents(answer.pieces)) if (reading.take(parseEvent(text)) === 'done') break;
    const result = reading.result();
    assertPlain(result.output, 'Dify’s answer');
    return { ...result, latencyMs: performance.now() - begun };
  } catch (error) {
    if (request.signal.aborted && reading.task !== null)
      stop(runner, reading.task, { headers, user: userOf(request) }, agents);
    throw error;
  }
}

function placeOf(base: string, place: string): string {
  return new URL(place, base.endsWith('/') ? base : `${base}/`).href;
}

/** A chat is asked a `query`, which may stand among the inputs or be all of them. */
function bodyOf(app: KindOf<'dify'>['app'], { input, shadow }: Pick<RunRequest, 'input' | 'shadow'>): JsonObject {
  const shared = { response_mode: 'streaming', user: userOf({ shadow }) };
  if (app === 'chat') {
    const { query, ...inputs } = isObject(input) ? input : { query: input };
    if (typeof query !== 'string')
      throw new RunnerFailure(
        'unsupported',
        'A chat of Dify is asked a text: give the input as text, or as a mapping with `query`.',
      );
    return { ...shared, query, inputs };
  }
  if (app === 'completion' && typeof input === 'string') return { ...shared, inputs: { query: input } };
  if (!isObject(input))
    throw new RunnerFailure('unsupported', 'An app of Dify takes its inputs by name: give the input as a mapping.');
  return { ...shared, inputs: input };
}

/** As far as it goes: whoever waits for the run has gone by now. */
function stop(
  runner: KindOf<'dify'>,
  task: string,
  { headers, user }: { headers: Record<string, string>; user: string },
  agents: Agents,
): void {
  const url = placeOf(runner.url, `${STOP_PLACES[runner.app]}/${encodeURIComponent(task)}/stop`);
  const call = { url, headers, body: JSON.stringify({ user }) };
  callEndpoint(agents, { ...call, signal: AbortSignal.timeout(STOP_PATIENCE_MS), answerBytes: 65_536 })
    .then(({ pieces }) => pieces.return())
    .catch(() => undefined);
}
