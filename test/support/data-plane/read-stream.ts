import { waitUntil } from '../slack/wait-until.ts';
import { OPERATOR } from './start-data-plane-server.ts';

export interface StreamEvent {
  id: string | null;
  event: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  data: any;
}

/** An open stream, read as it comes. */
export interface ReadStream {
  status: number;
  headers: Headers;
  events: StreamEvent[];
  /** Everything that came, comments too. */
  text(): string;
  lastId(): string | null;
  /** Waits for an event that is wanted. */
  next(wanted: (event: StreamEvent) => boolean): Promise<StreamEvent>;
  /** Whether the server ended it. */
  isEnded(): boolean;
  close(): void;
}

/** Opens a stream and waits until it has begun. */
export async function readStream(
  url: string,
  environment: string,
  { token = OPERATOR, lastId }: { token?: string; lastId?: string } = {},
): Promise<ReadStream> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/v1/stream?environment=${environment}`, {
    headers: { authorization: `Bearer ${token}`, ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
    signal: abort.signal,
  });
  let text = '';
  let ended = false;
  const events: StreamEvent[] = [];
  const read = async () => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      rest += decoder.decode(chunk, { stream: true });
      const blocks = rest.split('\n\n');
      rest = blocks.pop() ?? '';
      events.push(...blocks.map(eventOf).filter((event) => event.id !== null || event.event !== null));
    }
    ended = true;
  };
  read().catch(() => {
    ended = true;
  });
  const opened: ReadStream = {
    status: response.status,
    headers: response.headers,
    events,
    text: () => text,
    lastId: () => events.findLast((event) => event.id !== null)?.id ?? null,
    async next(wanted) {
      await waitUntil('an event', () => events.some(wanted));
      return events.find(wanted) as StreamEvent;
    },
    isEnded: () => ended,
    close: () => abort.abort(),
  };
  if (response.status === 200) await waitUntil('a stream to begin', () => events.length > 0);
  return opened;
}

function eventOf(block: string): StreamEvent {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
  const data = field('data');
  return { id: field('id'), event: field('event'), data: data === null ? null : JSON.parse(data) };
}
