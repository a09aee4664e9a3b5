import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SlackState } from '../state/slack-state.ts';
import { readBody } from '../wire/read-body.ts';
import { sendJson, sendText } from '../wire/send.ts';
import { CallLog } from './call-log.ts';
import { chatMethods } from './chat-methods.ts';
import { conversationMethods } from './conversation-methods.ts';
import { fileMethods } from './file-methods.ts';
import type { PlannedFailure } from './planned-failures.ts';
import { PlannedFailures } from './planned-failures.ts';
import { RateLimits } from './rate-limits.ts';
import { SlackApiError } from './slack-api-error.ts';
import { userMethods } from './user-methods.ts';
import { viewMethods } from './view-methods.ts';
import type { WebApiMethod } from './web-api-method.ts';
import { requireScope } from './web-api-method.ts';

const MAX_BODY = 4 * 1024 * 1024;

interface Outcome {
  status: number;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

/** `POST /api/METHOD`: the methods of Slack's Web API that Towpath could use. */
export class WebApi {
  readonly log = new CallLog();
  readonly failures = new PlannedFailures();
  readonly #methods: ReadonlyMap<string, WebApiMethod>;
  readonly #limits: RateLimits;
  #limited: boolean;
  readonly #state: SlackState;

  constructor(state: SlackState, more: readonly WebApiMethod[] = []) {
    this.#state = state;
    this.#limits = new RateLimits(state.settings.clock);
    this.#limited = state.settings.rateLimits;
    const methods = [...chatMethods, ...conversationMethods, ...userMethods, ...viewMethods, ...fileMethods, ...more];
    this.#methods = new Map(methods.map((method) => [method.name, method]));
  }

  /** Whether calls are counted, and refused beyond Slack's limits, from now on. */
  limitRates(on: boolean): void {
    this.#limited = on;
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const name = url.pathname.slice('/api/'.length);
    const body = await readBody(request, MAX_BODY);
    await this.withFailures(name, response, () => {
      const parsed = parseArguments(request, body, url);
      const outcome =
        'error' in parsed
          ? refusal(new SlackApiError(parsed.error))
          : this.#outcome(name, parsed.args, tokenOf(request, parsed.args));
      const { token: _, ...args } = 'args' in parsed ? parsed.args : {};
      const answer = outcome.body['ok'] === true ? 'ok' : String(outcome.body['error']);
      return { args, answer, reply: () => sendJson(response, outcome.status, outcome.body, outcome.headers) };
    });
  }

  /** Runs one call and answers it, unless a failure was planned for it. What it did is logged either way. */
  async withFailures(
    name: string,
    response: ServerResponse,
    run: () => { args: Record<string, unknown>; answer: string; reply: () => void },
  ): Promise<void> {
    const failure = this.failures.take(name);
    const at = this.#state.settings.clock();
    if (!failure || failure.afterEffect) {
      const { args, answer, reply } = run();
      this.log.add({ method: name, at, args, answer: failure ? `${answer}, lost` : answer });
      return failure ? fail(response, failure) : reply();
    }
    this.log.add({ method: name, at, args: {}, answer: describe(failure) });
    fail(response, failure);
  }

  #outcome(name: string, args: Record<string, unknown>, token: string | null): Outcome {
    const scopes = { 'x-oauth-scopes': this.#state.settings.scopes.join(',') };
    try {
      const method = this.#methods.get(name);
      if (!method) throw new SlackApiError('unknown_method', { fields: { req_method: name } });
      this.#authorize(method, token);
      if (this.#limited) this.#limits.count(method, args);
      const accepted: Record<string, string> = method.scope ? { 'x-accepted-oauth-scopes': method.scope } : {};
      return {
        status: 200,
        body: { ok: true, ...method.answer(this.#state, args) },
        headers: { ...scopes, ...accepted },
      };
    } catch (error) {
      if (!(error instanceof SlackApiError)) throw error;
      const { status, body, headers } = refusal(error);
      return { status, body, headers: { ...scopes, ...headers } };
    }
  }

  #authorize(method: WebApiMethod, token: string | null): void {
    const { botToken, appToken } = this.#state.settings;
    if (token === null || token === '') throw new SlackApiError('not_authed');
    if (token !== botToken && token !== appToken) throw new SlackApiError('invalid_auth');
    if ((method.token === 'app') !== (token === appToken)) throw new SlackApiError('not_allowed_token_type');
    if (method.scope !== null && method.token === 'bot') requireScope(this.#state, method.scope);
  }
}

function refusal(error: SlackApiError): Outcome {
  return { status: error.status, body: { ok: false, error: error.code, ...error.fields }, headers: error.headers };
}

function describe(failure: PlannedFailure): string {
  if (failure.dropConnection) return 'connection_dropped';
  if (failure.hang) return 'hang';
  if (failure.error) return failure.error;
  return `http_${failure.status ?? (failure.retryAfter === undefined ? 500 : 429)}`;
}

function fail(response: ServerResponse, failure: PlannedFailure): void {
  // A call left hanging is cut when the stand-in stops.
  if (failure.hang) return;
  if (failure.dropConnection) {
    response.socket?.destroy();
  } else if (failure.error) {
    sendJson(response, failure.status ?? 200, { ok: false, error: failure.error });
  } else if (failure.retryAfter !== undefined) {
    const headers = { 'retry-after': String(failure.retryAfter) };
    sendJson(response, failure.status ?? 429, { ok: false, error: 'ratelimited' }, headers);
  } else {
    sendText(response, failure.status ?? 500, 'Slack is having trouble.');
  }
}

function tokenOf(request: IncomingMessage, args: Record<string, unknown>): string | null {
  const header = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return header ?? (typeof args['token'] === 'string' ? args['token'] : null);
}

type Parsed = { args: Record<string, unknown> } | { error: string };

function parseArguments(request: IncomingMessage, body: Buffer, url: URL): Parsed {
  const inQuery = Object.fromEntries(url.searchParams);
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (body.length === 0) return { args: inQuery };
  if (type === 'application/x-www-form-urlencoded')
    return { args: { ...inQuery, ...Object.fromEntries(new URLSearchParams(body.toString())) } };
  if (type !== 'application/json') return { error: type === '' ? 'missing_post_type' : 'invalid_post_type' };
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return { error: 'json_not_object' };
    return { args: { ...inQuery, ...parsed } };
  } catch {
    return { error: 'invalid_json' };
  }
}
