import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { SlackState } from '../state/slack-state.ts';
import { SlackApiError } from '../web-api/slack-api-error.ts';
import type { WebApiMethod } from '../web-api/web-api-method.ts';
import { webApiMethod } from '../web-api/web-api-method.ts';
import { parseJsonOrNull } from '../wire/parse-json-or-null.ts';
import { WebSocketConnection } from '../wire/websocket-connection.ts';
import type { DeliveryKind, Retry, SocketLine } from './bot-link.ts';
import type { BotAnswer } from './post-to-bot.ts';

/** Slack lets one app hold up to ten. */
const MAX_CONNECTIONS = 10;
const MAX_TICKETS = 100;
/** A client that hears nothing for half a minute reconnects. */
const PING_MS = 10_000;

const ENVELOPE_TYPES: Record<DeliveryKind, string> = {
  command: 'slash_commands',
  action: 'interactive',
  view: 'interactive',
  event: 'events_api',
};

const acknowledgement = z.object({ envelope_id: z.string(), payload: z.record(z.string(), z.unknown()).optional() });

/** Socket Mode: `apps.connections.open` and the sockets it leads to. Each envelope goes to one of them, any one. */
export class SocketMode implements SocketLine {
  readonly #state: SlackState;
  readonly #tickets = new Set<string>();
  readonly #connections = new Set<WebSocketConnection>();
  readonly #waiting = new Map<string, (answer: BotAnswer) => void>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(state: SlackState) {
    this.#state = state;
    this.#heartbeat = setInterval(() => {
      for (const connection of this.#connections) connection.ping();
    }, PING_MS);
    this.#heartbeat.unref();
  }

  /** `apps.connections.open`, for the app-level token. */
  method(): WebApiMethod {
    return webApiMethod('apps.connections.open', { tier: 'none', token: 'app', args: z.object({}) }, () => {
      if (this.#connections.size >= MAX_CONNECTIONS) throw new SlackApiError('too_many_websockets');
      const ticket = randomBytes(16).toString('hex');
      this.#tickets.add(ticket);
      const [oldest] = this.#tickets;
      if (this.#tickets.size > MAX_TICKETS && oldest !== undefined) this.#tickets.delete(oldest);
      return {
        url: `${this.#state.url.replace('http:', 'ws:')}/socket-mode?ticket=${ticket}&app_id=${this.#state.settings.bot.appId}`,
      };
    });
  }

  /** Takes an upgrade request that brings a ticket, which is good once; every other one is cut. */
  accept(request: IncomingMessage, socket: Duplex): void {
    const url = new URL(request.url ?? '/', this.#state.url);
    const isWelcome = url.pathname === '/socket-mode' && this.#tickets.delete(url.searchParams.get('ticket') ?? '');
    if (!isWelcome || this.#connections.size >= MAX_CONNECTIONS) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    const connection = new WebSocketConnection(request, socket);
    connection.onMessage = (text) => this.#acknowledge(text);
    connection.onClose = () => this.#connections.delete(connection);
    this.#connections.add(connection);
    const { appId } = this.#state.settings.bot;
    connection.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#connections.size,
        connection_info: { app_id: appId },
        debug_info: { host: 'stand-in' },
      }),
    );
  }

  isOpen(): boolean {
    return this.#connections.size > 0;
  }

  deliver(kind: DeliveryKind, payload: Record<string, unknown>, retry?: Retry): Promise<BotAnswer> {
    const connection = this.#next();
    if (!connection) return Promise.resolve({ status: 0, body: '', headers: {}, failure: 'unreachable' });
    const id = randomUUID();
    return new Promise((resolve) => {
      const patience = setTimeout(
        () => this.#settle(id, { status: 0, body: '', headers: {}, failure: 'timeout' }),
        this.#state.settings.ackTimeoutMs,
      );
      this.#waiting.set(id, (answer) => {
        clearTimeout(patience);
        resolve(answer);
      });
      connection.send(
        JSON.stringify({
          envelope_id: id,
          type: ENVELOPE_TYPES[kind],
          accepts_response_payload: kind !== 'event',
          payload,
          ...(kind === 'event' ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' } : {}),
        }),
      );
    });
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const connection of this.#connections) connection.close();
    for (const id of this.#waiting.keys())
      this.#settle(id, { status: 0, body: '', headers: {}, failure: 'unreachable' });
  }

  /** Takes turns, so that an app with two sockets gets its envelopes on both. */
  #next(): WebSocketConnection | undefined {
    const [connection] = this.#connections;
    if (!connection) return undefined;
    this.#connections.delete(connection);
    this.#connections.add(connection);
    return connection;
  }

  #acknowledge(text: string): void {
    const parsed = acknowledgement.safeParse(parseJsonOrNull(text));
    if (!parsed.success) return;
    const { envelope_id, payload = {} } = parsed.data;
    const body = Object.keys(payload).length === 0 ? '' : JSON.stringify(payload);
    this.#settle(envelope_id, { status: 200, body, headers: { 'content-type': 'application/json' } });
  }

  #settle(id: string, answer: BotAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}
