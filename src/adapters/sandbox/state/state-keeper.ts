import { setTimeout as wait } from 'node:timers/promises';
import type { SlackState } from './slack-state.ts';
import { saveState } from './state-file.ts';

/** What comes together is saved together. */
const FIRST_PAUSE_MS = 50;
/** The state file is written once in this time at most. */
const PAUSE_MS = 1_000;

/** Saves what is to be kept soon after it changes, until it is stopped. */
export class StateKeeper {
  readonly #state: SlackState;
  readonly #path: string;
  readonly #stopping = new AbortController();
  readonly #unsubscribe: () => void;
  #changed = false;
  #failing = false;
  #saving: Promise<void> | null = null;

  constructor(state: SlackState, path: string) {
    this.#state = state;
    this.#path = path;
    this.#unsubscribe = state.onChange(({ type }) => {
      if (type !== 'put' && type !== 'deleted' && type !== 'files') return;
      this.#changed = true;
      this.#saving ??= this.#saveUntilUnchanged();
    });
  }

  /** Saves what was not saved yet. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort();
    await this.#saving;
    if (this.#changed) await this.#save();
  }

  async #saveUntilUnchanged(): Promise<void> {
    while (this.#changed && !this.#stopping.signal.aborted) {
      await this.#pause(FIRST_PAUSE_MS);
      await this.#save();
      await this.#pause(PAUSE_MS);
    }
    this.#saving = null;
  }

  /** A disk that is full or closed costs what would be kept, never the running sandbox. It is said once, not every second. */
  async #save(): Promise<void> {
    this.#changed = false;
    try {
      await saveState(this.#path, this.#state);
      this.#failing = false;
    } catch (error) {
      const line = `The sandbox's messages could not be kept in ${this.#path}: ${String(error)}`;
      if (!this.#failing) this.#state.settings.tell(line);
      this.#failing = true;
    }
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
