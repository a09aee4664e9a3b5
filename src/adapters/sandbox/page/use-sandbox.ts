import { useEffect, useReducer } from 'react';
import type { SandboxEvent, SandboxState } from '../protocol.ts';
import { followWorkspace, problemOf } from './follow-workspace.ts';
import { afterEvent, inOrder } from './sandbox-state.ts';
import { fetchState } from './send.ts';

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
  | { type: 'lost'; problem: string | null };

const EMPTY: Sandbox = { state: null, connected: false, problem: null };

function reduce(sandbox: Sandbox, change: Change): Sandbox {
  if (change.type === 'loaded') return { state: inOrder(change.state), connected: true, problem: null };
  if (change.type === 'lost') return { ...sandbox, connected: false, problem: change.problem };
  return sandbox.state === null ? sandbox : { ...sandbox, state: afterEvent(sandbox.state, change.event) };
}

/** The workspace as one person sees it, kept up to date. `onPerson` is told whom to be where nobody known is named. */
export function useSandbox(as: string | null, onPerson: (id: string) => void): Sandbox {
  const [sandbox, change] = useReducer(reduce, EMPTY);
  useEffect(() => {
    const onLost = (problem: string | null) => change({ type: 'lost', problem });
    const becomeFirst = () => {
      fetchState(null).then(
        ({ me }) => onPerson(me.id),
        (error: unknown) => onLost(problemOf(error)),
      );
    };
    if (as !== null) {
      return followWorkspace(as, {
        onState: (state) => change({ type: 'loaded', state }),
        onNews: (event) => change({ type: 'news', event }),
        onLost,
        onUnknownPerson: becomeFirst,
      });
    }
    becomeFirst();
    return undefined;
  }, [as, onPerson]);
  return sandbox;
}
