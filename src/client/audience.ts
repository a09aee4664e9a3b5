import type { Answer } from './resolved-workflow.ts';

/** Something that healed itself, or will: nothing has to be done at once. */
export interface ClientWarning {
  /**
   * `stale`: last known answers are given out; `stream`: changes are heard of by asking for them only; `cache`: answers
   * could not be kept on disk; `listener`: a listener threw; `work`: runs could not be taken, or not answered.
   */
  readonly code: 'stale' | 'stream' | 'cache' | 'listener' | 'work';
  /** What happened. Never holds the token. */
  readonly message: string;
  readonly workflow?: string;
}

/** What happens to a client as a whole. */
export type ClientNotice =
  | { readonly kind: 'changed'; readonly workflow: string }
  /** From now on answers are last known ones. */
  | { readonly kind: 'stale' }
  /** They are confirmed again. */
  | { readonly kind: 'fresh' };

/** Everybody who wants to hear of something. What they throw is their own, and goes no further. */
export class Audience {
  readonly #listeners = new Map<string, Set<(etag: string, answer: Answer) => void>>();
  readonly #watchers = new Set<(notice: ClientNotice) => void>();
  readonly #onWarning: (warning: ClientWarning) => void;
  #stale = false;

  constructor(onWarning: (warning: ClientWarning) => void) {
    this.#onWarning = onWarning;
  }

  /** Tells a listener each answer that differs from the one it was told before. Returns what ends it. */
  listen(workflow: string, listener: (answer: Answer) => void): () => void {
    let told: string | null = null;
    const tell = (etag: string, answer: Answer) => {
      if (etag === told) return;
      told = etag;
      this.#guarded(() => listener(answer), workflow);
    };
    const all = this.#listeners.get(workflow) ?? new Set();
    this.#listeners.set(workflow, all.add(tell));
    return () => {
      all.delete(tell);
      if (all.size === 0 && this.#listeners.get(workflow) === all) this.#listeners.delete(workflow);
    };
  }

  watch(watcher: (notice: ClientNotice) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Workflows that somebody listens to. */
  listenedTo(): string[] {
    return [...this.#listeners.keys()];
  }

  tell(etag: string, answer: Answer): void {
    for (const listener of [...(this.#listeners.get(answer.workflow) ?? [])]) listener(etag, answer);
  }

  changed(workflow: string): void {
    this.#notice({ kind: 'changed', workflow });
  }

  /** Says so when it becomes another, not each time. */
  becomes(state: 'stale' | 'fresh'): void {
    if (this.#stale === (state === 'stale')) return;
    this.#stale = state === 'stale';
    this.#notice({ kind: state });
  }

  warn(warning: ClientWarning): void {
    try {
      this.#onWarning(warning);
    } catch {
      // Nobody is left to be told.
    }
  }

  #notice(notice: ClientNotice): void {
    for (const watcher of [...this.#watchers]) this.#guarded(() => watcher(notice));
  }

  #guarded(call: () => void, workflow?: string): void {
    try {
      call();
    } catch (error) {
      const message = `A listener threw: ${error instanceof Error ? error.message : String(error)}`;
      this.warn({ code: 'listener', message, ...(workflow !== undefined && { workflow }) });
    }
  }
}
