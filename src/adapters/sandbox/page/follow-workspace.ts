import type { SandboxEvent, SandboxState } from '../protocol.ts';
import { fetchState, NotDoneError } from './send.ts';

/** Who is told what while a workspace is followed. */
export interface Follower {
  /** The whole state: at the start and after every reconnect. */
  onState: (state: SandboxState) => void;
  onNews: (event: SandboxEvent) => void;
  /** News does not arrive at the moment; `problem` says why where that is known. It is tried again. */
  onLost: (problem: string | null) => void;
  /** The server does not know the person. It is not tried again. */
  onUnknownPerson: () => void;
}

const RETRY_MS = 2000;
/** A browser keeps few connections to one server: a page that nobody has looked at for so long gives its own back. */
const ASLEEP_AFTER_MS = 60_000;

/**
 * Follows the workspace as one person until the returned function is called. News is subscribed to first and the
 * state fetched when the stream is open, so nothing that happens in between is missed.
 */
export function followWorkspace(as: string, follower: Follower): () => void {
  let source: EventSource | null = null;
  let stopped = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let sleep: ReturnType<typeof setTimeout> | undefined;

  const connect = () => {
    disconnect();
    source = openStream(as, follower, again);
  };
  const disconnect = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const again = (problem: string | null) => {
    if (stopped) return;
    disconnect();
    follower.onLost(problem);
    retry = setTimeout(connect, RETRY_MS);
  };
  const noticeVisibility = () => {
    clearTimeout(sleep);
    if (document.hidden) sleep = setTimeout(disconnect, ASLEEP_AFTER_MS);
    else if (source === null) connect();
  };

  connect();
  document.addEventListener('visibilitychange', noticeVisibility);
  return () => {
    stopped = true;
    document.removeEventListener('visibilitychange', noticeVisibility);
    clearTimeout(sleep);
    disconnect();
  };
}

function openStream(as: string, follower: Follower, again: (problem: string | null) => void): EventSource {
  const source = new EventSource(`/sandbox/events?as=${encodeURIComponent(as)}`);
  const isOpen = () => source.readyState === EventSource.OPEN;
  // Null while news may be passed on at once; a list while the whole state is on its way and news must wait for it.
  let waiting: SandboxEvent[] | null = [];
  source.onopen = async () => {
    waiting = [];
    try {
      const state = await fetchState(as);
      if (!isOpen()) return;
      follower.onState(state);
      for (const event of waiting) follower.onNews(event);
      waiting = null;
    } catch (error) {
      if (isOpen()) again(problemOf(error));
    }
  };
  source.onmessage = ({ data }: MessageEvent<string>) => {
    const event = JSON.parse(data) as SandboxEvent;
    if (waiting === null) follower.onNews(event);
    else waiting.push(event);
  };
  source.onerror = () => {
    follower.onLost(null);
    // A dropped connection is reopened by the browser; one that was refused is not.
    if (source.readyState === EventSource.CLOSED) void whyRefused(as, follower, again);
  };
  return source;
}

/** A stream tells no reason for its refusal; the same question about the state does. */
async function whyRefused(as: string, follower: Follower, again: (problem: string | null) => void): Promise<void> {
  try {
    await fetchState(as);
    again(null);
  } catch (error) {
    const isUnknown = error instanceof NotDoneError && error.status >= 400 && error.status < 500;
    if (isUnknown) follower.onUnknownPerson();
    else again(problemOf(error));
  }
}

/** What to tell the person about a failed request. */
export function problemOf(error: unknown): string {
  return error instanceof NotDoneError ? error.message : 'Something unexpected happened. Reload the page.';
}
