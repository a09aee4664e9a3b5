import { useEffect, useReducer } from 'react';
import type { SandboxEvent, SandboxState } from '../protocol.ts';
import { afterEvent, inOrder } from './sandbox-state.ts';
import { fetchState, NotDoneError } from './send.ts';

/** What the page knows: nothing yet, the workspace as the person sees it, or why it can't be had. */
export interface Sandbox {
  state: SandboxState | null;
  /** False while news does not arrive; the page goes on showing what it has. */
  connected: boolean;
  problem: string | null;
}

type Change =
  | { type: 'loaded'; state: SandboxState }
  | { type: 'news'; event: SandboxEvent }
  | { type: 'disconnected'; problem: string | null };

const EMPTY: Sandbox = { state: null, connected: false, problem: null };
const RETRY_MS = 2000;

function reduce(sandbox: Sandbox, change: Change): Sandbox {
  if (change.type === 'loaded') return { state: inOrder(change.state), connected: true, problem: null };
  if (change.type === 'disconnected')
    return { ...sandbox, connected: false, problem: change.problem ?? sandbox.problem };
  return sandbox.state === null ? sandbox : { ...sandbox, state: afterEvent(sandbox.state, change.event) };
}

/**
 * Follows the workspace as one person. News is subscribed to first and the whole state fetched when the stream is
 * open, after every reconnect too, so nothing that happened in between is missed.
 * `onUnknownPerson` is told when the address names somebody who is not in this workspace.
 */
export function useSandbox(as: string | null, onPerson: (id: string) => void): Sandbox {
  const [sandbox, change] = useReducer(reduce, EMPTY);
  useEffect(() => {
    if (as !== null) return follow(as, change, () => void firstPerson(onPerson));
    void firstPerson(onPerson, change);
    return undefined;
  }, [as, onPerson]);
  return sandbox;
}

async function firstPerson(onPerson: (id: string) => void, change?: (change: Change) => void): Promise<void> {
  try {
    onPerson((await fetchState(null)).me.id);
  } catch (error) {
    change?.({ type: 'disconnected', problem: problemOf(error) });
  }
}

function follow(as: string, change: (change: Change) => void, onUnknown: () => void): () => void {
  let stopped = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource | undefined;

  const connect = () => {
    source = new EventSource(`/sandbox/events?as=${encodeURIComponent(as)}`);
    // Null while news may be applied at once; a list while the whole state is on its way and news must wait for it.
    let waiting: SandboxEvent[] | null = [];
    source.onopen = async () => {
      waiting = [];
      try {
        const state = await fetchState(as);
        if (stopped) return;
        change({ type: 'loaded', state });
        for (const event of waiting) change({ type: 'news', event });
        waiting = null;
      } catch (error) {
        again(error);
      }
    };
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as SandboxEvent;
      if (waiting === null) change({ type: 'news', event });
      else waiting.push(event);
    };
    source.onerror = () => {
      change({ type: 'disconnected', problem: null });
      // A dropped connection is reopened by the browser; one that was refused is not.
      if (source?.readyState === EventSource.CLOSED) void refused();
    };
  };

  const refused = async () => {
    try {
      await fetchState(as);
      again(null);
    } catch (error) {
      if (error instanceof NotDoneError && error.status >= 400 && error.status < 500) onUnknown();
      else again(error);
    }
  };

  const again = (error: unknown) => {
    if (stopped) return;
    source?.close();
    change({ type: 'disconnected', problem: error === null ? null : problemOf(error) });
    clearTimeout(retry);
    retry = setTimeout(connect, RETRY_MS);
  };

  connect();
  return () => {
    stopped = true;
    clearTimeout(retry);
    source?.close();
  };
}

function problemOf(error: unknown): string {
  return error instanceof NotDoneError ? error.message : 'Something unexpected happened. Reload the page.';
}
