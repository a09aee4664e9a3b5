import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BrowserRoutes } from './browser/browser-routes.ts';
import { BotLink } from './dispatch/bot-link.ts';
import { SocketMode } from './dispatch/socket-mode.ts';
import { answerError, routeRequest } from './route-request.ts';
import type { SlackStandIn } from './slack-stand-in.ts';
import { type StandInOptions, type StandInSettings, withDefaults } from './stand-in-options.ts';
import { makeSlackState, type SlackState } from './state/slack-state.ts';
import { loadState } from './state/state-file.ts';
import { StateKeeper } from './state/state-keeper.ts';
import { makeTestHands } from './test-hands.ts';
import { WebApi } from './web-api/web-api.ts';

export type { ClickExtra, Place, SlackStandIn } from './slack-stand-in.ts';
export type { StandInChannel, StandInOptions, StandInPerson } from './stand-in-options.ts';
export type { StandInMessage } from './state/messages.ts';

/** The stand-in believes whoever says who they are: it must never be reachable from another machine. */
const HOST = '127.0.0.1';

/**
 * Starts a stand-in for Slack on 127.0.0.1: the Web API for the bot, signed requests (or a socket) to the bot, and a page for
 * people. With a `stateFile` messages and files are kept between starts. Rejects when the port is taken.
 */
export async function startSlackStandIn(options: StandInOptions): Promise<SlackStandIn> {
  const state = await startState(options);
  const closing = new AbortController();
  const sockets = new SocketMode(state);
  const api = new WebApi(state, [sockets.method()]);
  const bot = new BotLink(state, sockets);
  const pages = new BrowserRoutes(state, bot, closing.signal);
  const server = createServer((request, response) => {
    routeRequest({ state, api, pages }, request, response).catch((error: unknown) => answerError(response, error));
  });
  server.on('upgrade', (request, socket) => sockets.accept(request, socket));
  state.url = `http://${HOST}:${await listenAnyway(server, state.settings)}`;
  const keeper = options.stateFile === undefined ? null : new StateKeeper(state, options.stateFile);
  const stop = async () => {
    closing.abort();
    bot.close();
    sockets.close();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
    await keeper?.stop();
  };
  return { url: state.url, apiUrl: `${state.url}/api/`, stop, ...makeTestHands(state, api, bot, closing.signal) };
}

async function startState(options: StandInOptions): Promise<SlackState> {
  if (options.stateFile === undefined) return makeSlackState(options);
  return makeSlackState(options, await loadState(options.stateFile, withDefaults(options).tell));
}

async function listenAnyway(server: Server, settings: StandInSettings): Promise<number> {
  try {
    return await listen(server, settings.port);
  } catch (error) {
    if (!settings.otherPortIfTaken || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return listen(server, 0);
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return (server.address() as AddressInfo).port;
}
