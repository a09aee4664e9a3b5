import type { SlackState } from '../state/slack-state.ts';
import type { BotAnswer } from './post-to-bot.ts';
import { postToBot } from './post-to-bot.ts';
import { signatureTimestamp, signRequest } from './sign-request.ts';

export type DeliveryKind = 'command' | 'action' | 'view' | 'event';

/** Another way to the bot than HTTP; used while it is open. */
export interface SocketLine {
  isOpen(): boolean;
  deliver(kind: DeliveryKind, payload: Record<string, unknown>, retry?: Retry): Promise<BotAnswer>;
}

export interface Retry {
  attempt: number;
  reason: string;
}

interface SentRequest {
  body: string;
  headers: Record<string, string>;
}

/** The way from Slack to the bot: signed HTTP requests, or a socket while the app holds one open. */
export class BotLink {
  readonly #state: SlackState;
  readonly #socket: SocketLine;
  readonly #closing = new AbortController();
  readonly #last = new Map<DeliveryKind, SentRequest>();

  constructor(state: SlackState, socket: SocketLine) {
    this.#state = state;
    this.#socket = socket;
  }

  /** Delivers a payload and waits for its acknowledgement, as long as Slack would. */
  async deliver(kind: DeliveryKind, payload: Record<string, unknown>, retry?: Retry): Promise<BotAnswer> {
    if (this.#socket.isOpen()) return this.#note(await this.#socket.deliver(kind, payload, retry));
    const { body, type } = encode(kind, payload);
    const headers: Record<string, string> = { 'content-type': type };
    if (retry)
      Object.assign(headers, { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason });
    return this.post(kind, body, headers);
  }

  /** Signs a body and posts it. Headers that are given win, so that a test can send a wrong one. */
  async post(kind: DeliveryKind | null, body: string, headers: Record<string, string>): Promise<BotAnswer> {
    const timestamp = headers['x-slack-request-timestamp'] ?? signatureTimestamp();
    const sent = { body, headers: { ...signRequest(body, this.#state.settings.signingSecret, timestamp), ...headers } };
    if (kind !== null) this.#last.set(kind, sent);
    return this.#note(await this.#send(sent));
  }

  /** Sends the last request of a kind once more, byte for byte, signature and timestamp included. */
  async replayLast(kind: DeliveryKind): Promise<BotAnswer> {
    const sent = this.#last.get(kind);
    if (!sent) throw new Error(`No ${kind} was sent over HTTP yet.`);
    return this.#send(sent);
  }

  close(): void {
    this.#closing.abort();
  }

  #send({ body, headers }: SentRequest): Promise<BotAnswer> {
    const { eventsUrl, ackTimeoutMs } = this.#state.settings;
    const url = typeof eventsUrl === 'function' ? eventsUrl() : eventsUrl;
    return postToBot(url, body, headers, ackTimeoutMs, this.#closing.signal);
  }

  #note(answer: BotAnswer): BotAnswer {
    const reachable = answer.failure !== 'unreachable';
    if (reachable !== this.#state.botReachable) {
      this.#state.botReachable = reachable;
      this.#state.announce({ type: 'bot_reachable', reachable });
    }
    return answer;
  }
}

function encode(kind: DeliveryKind, payload: Record<string, unknown>): { body: string; type: string } {
  if (kind === 'event') return { body: JSON.stringify(payload), type: 'application/json' };
  const fields = kind === 'command' ? (payload as Record<string, string>) : { payload: JSON.stringify(payload) };
  return { body: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' };
}
