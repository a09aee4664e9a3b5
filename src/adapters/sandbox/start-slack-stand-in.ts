import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerResponseUrl } from './dispatch/answer-response-url.ts';
import type { SocketLine } from './dispatch/bot-link.ts';
import { BotLink } from './dispatch/bot-link.ts';
import { BodyTooLargeError } from './http/read-body.ts';
import { sendJson } from './http/send.ts';
import { SandboxRefusal } from './sandbox-refusal.ts';
import type { SlackStandIn } from './slack-stand-in.ts';
import type { StandInOptions } from './stand-in-options.ts';
import type { SlackState } from './state/slack-state.ts';
import { makeSlackState } from './state/slack-state.ts';
import { makeTestHands } from './test-hands.ts';
import { WebApi } from './web-api/web-api.ts';

export type { ClickExtra, Place, SlackStandIn } from './slack-stand-in.ts';
export type { StandInChannel, StandInOptions, StandInPerson } from './stand-in-options.ts';
export type { StandInMessage } from './state/messages.ts';

const HOST = '127.0.0.1';

const noSocket: SocketLine = {
  isOpen: () => false,
  deliver: () => Promise.reject(new Error('No socket is open.')),
};

/**
 * Starts a stand-in for Slack on 127.0.0.1: the Web API for the bot, signed requests to the bot, and a page for people.
 * Everything it knows lives in this process.
 */
export async function startSlackStandIn(options: StandInOptions): Promise<SlackStandIn> {
  const state = makeSlackState(options);
  const api = new WebApi(state);
  const bot = new BotLink(state, noSocket);
  const server = createServer((request, response) => {
    route({ state, api }, request, response).catch((error: unknown) => answerError(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(state.settings.port, HOST, resolve);
  });
  state.url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  const closing = new AbortController();
  const stop = async () => {
    closing.abort();
    bot.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return { url: state.url, apiUrl: `${state.url}/api/`, stop, ...makeTestHands(state, api, bot, closing.signal) };
}

async function route({ state, api }: { state: SlackState; api: WebApi }, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', state.url);
  if (url.pathname.startsWith('/api/')) return api.handle(request, response, url);
  const responseId = /^\/response\/[^/]+\/([\w-]+)$/.exec(url.pathname)?.[1];
  if (responseId && request.method === 'POST') return answerResponseUrl(state, api, request, response, responseId);
  sendJson(response, 404, { message: 'There is nothing at this address.' });
}

function answerError(response: ServerResponse, error: unknown): void {
  if (error instanceof SandboxRefusal) return sendJson(response, error.status, { message: error.message });
  if (error instanceof BodyTooLargeError) return sendJson(response, 413, { message: error.message });
  process.stderr.write(`The Slack stand-in failed: ${error instanceof Error ? error.stack : String(error)}\n`);
  sendJson(response, 500, { ok: false, error: 'internal_error', message: 'The sandbox itself failed. Its terminal says why.' });
}

