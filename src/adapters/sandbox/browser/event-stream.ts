import type { ServerResponse } from 'node:http';
import type { SandboxEvent } from '../protocol.ts';
import { SandboxRefusal } from '../sandbox-refusal.ts';
import type { SlackState, StandInChange } from '../state/slack-state.ts';
import { isVisibleTo, presentMessage, presentModals } from './present.ts';

const MAX_STREAMS = 64;
const HEARTBEAT_MS = 15_000;
/** A page that reads nothing is cut off before this many bytes wait for it. It reconnects and fetches the state anew. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** The open pages, each with news of what its person may see. */
export class EventStreams {
  readonly #open = new Set<ServerResponse>();
  readonly #state: SlackState;

  constructor(state: SlackState) {
    this.#state = state;
  }

  /** Keeps the response open and sends news to it until the page goes. */
  open(response: ServerResponse, as: string): void {
    if (this.#open.size >= MAX_STREAMS)
      throw new SandboxRefusal('Too many pages of this sandbox are open. Close some.', 503);
    this.#open.add(response);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.write('retry: 1000\n\n');
    const unsubscribe = this.#state.onChange((change) => {
      const event = newsFor(this.#state, as, change);
      if (event) this.#write(response, `data: ${JSON.stringify(event)}\n\n`);
    });
    const heartbeat = setInterval(() => this.#write(response, ': still here\n\n'), HEARTBEAT_MS);
    heartbeat.unref();
    response.once('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
      this.#open.delete(response);
    });
  }

  #write(response: ServerResponse, text: string): void {
    if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
    else response.write(text);
  }
}

/** What a change means to one person's page; null where it is none of their business. */
export function newsFor(state: SlackState, as: string, change: StandInChange): SandboxEvent | null {
  switch (change.type) {
    case 'put':
      return isVisibleTo(state, as, change.message)
        ? { type: 'message', message: presentMessage(state, change.message) }
        : null;
    case 'deleted':
      return isVisibleTo(state, as, change.message)
        ? { type: 'message_deleted', channel: change.message.channel, ts: change.message.ts }
        : null;
    case 'modals':
      return change.person === as ? { type: 'modals', modals: presentModals(state, as) } : null;
    case 'home':
      return homeNews(state, as, change.person);
    case 'files':
      return null;
    default:
      return change;
  }
}

function homeNews(state: SlackState, as: string, person: string): SandboxEvent | null {
  const home = person === as ? state.views.home(as) : null;
  return home && { type: 'home', home: home.view };
}
