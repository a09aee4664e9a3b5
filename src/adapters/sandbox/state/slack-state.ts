import type { StandInOptions, StandInSettings } from '../stand-in-options.ts';
import { withDefaults } from '../stand-in-options.ts';
import { Directory } from './directory.ts';
import { FileStore } from './files.ts';
import { type KeptState, NOTHING_KEPT } from './kept-state.ts';
import type { MessageChange } from './messages.ts';
import { MessageStore } from './messages.ts';
import { Tickets } from './tickets.ts';
import { makeTimestamps } from './timestamps.ts';
import type { ViewChange } from './views.ts';
import { ViewStore } from './views.ts';

/** Something a page would want to show at once. */
export type StandInChange =
  | MessageChange
  | ViewChange
  | { type: 'bot_reachable'; reachable: boolean }
  | { type: 'files' };

/** Everything the stand-in knows. It lives in this process; what goes into the state file outlives it. */
export interface SlackState {
  settings: StandInSettings;
  directory: Directory;
  messages: MessageStore;
  views: ViewStore;
  tickets: Tickets;
  files: FileStore;
  nextTs: () => string;
  /** `http://127.0.0.1:PORT`, known once the server listens. */
  url: string;
  botReachable: boolean;
  /** Calls the listener at each change until the returned function is called. */
  onChange(listener: (change: StandInChange) => void): () => void;
  announce(change: StandInChange): void;
}

export function makeSlackState(options: StandInOptions, kept: KeptState = NOTHING_KEPT): SlackState {
  const settings = withDefaults(options);
  const listeners = new Set<(change: StandInChange) => void>();
  const announce = (change: StandInChange) => {
    for (const listener of listeners) listener(change);
  };
  const nextTs = makeTimestamps(settings.clock, kept.lastTs);
  return {
    settings,
    directory: new Directory({ ...options, bot: settings.bot }),
    messages: new MessageStore(nextTs, announce, kept.messages),
    views: new ViewStore(settings.clock, announce),
    tickets: new Tickets(settings.clock),
    files: new FileStore(settings.clock, () => announce({ type: 'files' }), kept.files),
    nextTs,
    url: '',
    botReachable: true,
    announce,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
