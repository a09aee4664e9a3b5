import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { BotLink } from '../dispatch/bot-link.ts';
import { operateElement } from '../dispatch/operate-element.ts';
import { actingPerson } from '../dispatch/payload-parts.ts';
import { say } from '../dispatch/say.ts';
import { homeOpened, isSubscribed, sendEvent } from '../dispatch/send-event.ts';
import { closeView, submitView } from '../dispatch/submit-view.ts';
import { typeCommand } from '../dispatch/type-command.ts';
import { SandboxRefusal } from '../sandbox-refusal.ts';
import type { SlackState } from '../state/slack-state.ts';
import { readBody } from '../wire/read-body.ts';
import { receiveUpload } from '../wire/receive-upload.ts';
import { send, sendJson } from '../wire/send.ts';
import { EventStreams } from './event-stream.ts';
import { PAGE_HEADERS } from './guard.ts';
import { presentFile, presentMessage, presentState } from './present.ts';
import {
  actionRequest,
  closeRequest,
  commandRequest,
  homeRequest,
  messageRequest,
  submitRequest,
} from './request-schemas.ts';

const MAX_BODY = 1024 * 1024;

/** What the page asks for, below `/sandbox/`; the shapes are those of protocol.ts. */
export class BrowserRoutes {
  readonly #state: SlackState;
  readonly #bot: BotLink;
  readonly #closing: AbortSignal;
  readonly #streams: EventStreams;

  constructor(state: SlackState, bot: BotLink, closing: AbortSignal) {
    this.#state = state;
    this.#bot = bot;
    this.#closing = closing;
    this.#streams = new EventStreams(state);
  }

  /** Answers one request. Throws `SandboxRefusal` with what the person at the page should read. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const state = this.#state;
    const fileId = /^\/sandbox\/files\/(\w+)$/.exec(url.pathname)?.[1];
    if (request.method === 'GET' && fileId !== undefined) return sendFile(state, response, fileId);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /sandbox/state':
        return sendJson(response, 200, presentState(state, this.#viewer(url)));
      case 'GET /sandbox/events':
        return this.#streams.open(response, this.#viewer(url).id);
      case 'POST /sandbox/files':
        return this.#upload(request, response);
      default:
        return sendJson(response, 200, await this.#act(url.pathname, request));
    }
  }

  async #act(path: string, request: IncomingMessage): Promise<unknown> {
    if (request.method !== 'POST') throw new SandboxRefusal('There is nothing at this address.', 404);
    const state = this.#state;
    switch (path) {
      case '/sandbox/commands':
        await typeCommand(state, this.#bot, await readJson(request, commandRequest));
        return {};
      case '/sandbox/messages':
        return presentMessage(state, say(state, await readJson(request, messageRequest)));
      case '/sandbox/actions':
        return this.#use(await readJson(request, actionRequest));
      case '/sandbox/views/submit':
        return submitView(state, this.#bot, await readJson(request, submitRequest));
      case '/sandbox/views/close':
        await closeView(state, this.#bot, await readJson(request, closeRequest));
        return {};
      case '/sandbox/home':
        return this.#openHome((await readJson(request, homeRequest)).as);
      default:
        throw new SandboxRefusal('There is nothing at this address.', 404);
    }
  }

  async #use(used: Parameters<typeof operateElement>[2]): Promise<unknown> {
    const answer = await operateElement(this.#state, this.#bot, used);
    if (answer.status >= 200 && answer.status < 300) return {};
    throw new SandboxRefusal('The app did not answer. Try again in a moment.', 424);
  }

  /** The page does not wait for the event: the bot publishes the tab when it is ready. */
  #openHome(as: string): unknown {
    actingPerson(this.#state, as);
    if (isSubscribed(this.#state, 'app_home_opened')) {
      sendEvent(this.#state, this.#bot, homeOpened(this.#state, as), this.#closing).catch(() => undefined);
    }
    return {};
  }

  async #upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { fields, file } = await receiveUpload(request);
    const owner = actingPerson(this.#state, fields['as'] ?? '').id;
    sendJson(response, 200, presentFile(this.#state.files.add({ ...file, owner, readyAfterMs: 0 })));
  }

  /** The person named in the address; without one, the first that may sit at a page. */
  #viewer(url: URL) {
    const as = url.searchParams.get('as');
    if (as !== null) return actingPerson(this.#state, as);
    const first = [...this.#state.directory.people.values()].find(({ deleted, isBot }) => !deleted && !isBot);
    if (!first) throw new SandboxRefusal('Nobody is in this workspace.', 404);
    return first;
  }
}

async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new SandboxRefusal('The page sends JSON.', 415);
  const body = (await readBody(request, MAX_BODY)).toString();
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new SandboxRefusal('That was no JSON.');
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new SandboxRefusal(
      `That request is not complete: ${parsed.error.issues[0]?.path.join('.')} is missing or wrong.`,
    );
  return parsed.data;
}

/** Pictures are shown; everything else is downloaded, so that no uploaded page runs here. */
function sendFile(state: SlackState, response: ServerResponse, id: string): void {
  const file = state.files.find(id);
  if (!file) throw new SandboxRefusal('That file is not there any more.', 404);
  const isPicture = ['image/png', 'image/jpeg', 'image/gif'].includes(file.mimetype);
  const name = encodeURIComponent(file.name);
  send(response, 200, isPicture ? file.mimetype : 'application/octet-stream', file.content, {
    ...PAGE_HEADERS,
    'content-disposition': `${isPicture ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
  });
}
