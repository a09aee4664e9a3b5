import { App, type AuthorizeResult, ErrorCode, HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { SlackAppOptions } from './create-slack-app.ts';
import type { SlackWorkspace } from './identify-workspace.ts';
import type { RequestListener } from './request-listener.ts';
import type { SlackContext } from './slack-context.ts';
import { slackLogger } from './slack-logger.ts';
import { clientOptions, socketClientOptions } from './web-client.ts';

/** Takes Slack's requests over HTTP, or over a socket where there is an app token. */
export function makeReceiver(slack: SlackAppOptions['slack'], log: Logger): HTTPReceiver | SocketModeReceiver {
  const logger = slackLogger(log);
  if (slack.appToken !== null) {
    const installerOptions = { clientOptions: socketClientOptions({ ...slack, log }) };
    return new SocketModeReceiver({ appToken: slack.appToken, logger, installerOptions });
  }
  if (slack.signingSecret === null) throw new Error('Without an app token, Slack’s requests need the signing secret.');
  return new HTTPReceiver({ signingSecret: slack.signingSecret, logger });
}

/** Bolt itself, for one workspace; its listeners are still to come. */
export function makeBolt(
  receiver: Receiver,
  context: Pick<SlackContext, 'workspace' | 'botToken' | 'apiUrl' | 'log'>,
): App {
  const { workspace, botToken, apiUrl, log } = context;
  const app = new App({
    receiver,
    authorize: onlyWorkspace(workspace, botToken),
    clientOptions: clientOptions({ log, ...(apiUrl !== null && { apiUrl }) }),
    logger: slackLogger(log),
    convoStore: false,
    ...(receiver instanceof SocketModeReceiver ? { socketMode: true } : {}),
  });
  app.error((error) => {
    // Listeners answer for themselves; what comes here is a request of another workspace, or one that no schema fits.
    if (error.code !== ErrorCode.AuthorizationError)
      log.error({ err: error }, 'A request from Slack could not be read');
    return Promise.reject(error);
  });
  return app;
}

/** Serves requests while `isOpen`; after that Slack is told that nothing happened, and repeats an event elsewhere. */
export function whileOpen(receiver: HTTPReceiver, isOpen: () => boolean): RequestListener {
  return (request, response) => {
    if (!isOpen()) return void response.writeHead(503).end();
    try {
      receiver.requestListener(request, response);
    } catch {
      // Bolt throws for an address that is not its own.
      response.writeHead(404).end();
    }
  };
}

/** One token for one workspace: a request of any other runs no listener and is answered 401. */
function onlyWorkspace(
  workspace: SlackWorkspace,
  botToken: string,
): (source: { teamId?: string | undefined }) => Promise<AuthorizeResult> {
  return ({ teamId }) =>
    teamId === workspace.id
      ? Promise.resolve({ botToken, botId: workspace.botId, botUserId: workspace.botUserId, teamId })
      : Promise.reject(new Error('This request is of another workspace.'));
}
