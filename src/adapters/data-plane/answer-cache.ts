import { LRUCache } from 'lru-cache';
import { Refusal } from '../../domain/refusal.ts';
import { type BuiltAnswers, bytesOf } from './built-answers.ts';

/** `isStale`: the database could not be asked whether they still hold. */
export interface GivenAnswers {
  readonly built: BuiltAnswers;
  readonly isStale: boolean;
}

export interface AnswerCacheOptions {
  /** Of all bodies together. */
  maxBytes: number;
  /** Whether every change up to a few seconds ago was told here. */
  isCurrent: () => boolean;
  /** Milliseconds that a request waits for a new answer where there is an older one; 1,000 unless told. */
  patience?: number;
  /** Milliseconds. */
  now?: () => number;
}

interface Entry {
  readonly environmentId: string;
  readonly built: BuiltAnswers;
  isSuspect: boolean;
}

/** Answers on their way. */
interface Build {
  readonly environmentId: string;
  readonly startedAt: number;
  /** Workflows that were told of as changed since it began; `all`: every one of its environment. */
  heard: Set<string> | 'all';
  built: Promise<BuiltAnswers>;
}

const PATIENCE = 1_000;
/** Bytes of an entry beside its bodies. */
const OVERHEAD = 1_000;
const MOST_HEARD = 1_000;

/**
 * Answers, kept until a change is told of. What is told while an answer is being made keeps that answer from being kept: it may be
 * of before. Of several that are made for one key only the one begun last is kept, so that never an older one follows a newer one.
 */
export class AnswerCache {
  readonly #entries: LRUCache<string, Entry>;
  /** Keys by environment and workflow. */
  readonly #keys = new Map<string, Map<string, string>>();
  readonly #building = new Map<string, Build>();
  readonly #options: Required<AnswerCacheOptions>;
  /** Until when the database counts as away. */
  #awayUntil = Number.NEGATIVE_INFINITY;

  constructor(options: AnswerCacheOptions) {
    this.#options = { patience: PATIENCE, now: () => performance.now(), ...options };
    this.#entries = new LRUCache({
      maxSize: options.maxBytes,
      sizeCalculation: ({ built }, key) => bytesOf(built) + key.length + OVERHEAD,
      dispose: (entry, key) => this.#forgetKey(entry, key),
    });
  }

  /** Bytes that are kept. */
  get size(): number {
    return this.#entries.calculatedSize;
  }

  /** At once where it is kept and holds. `build` is asked for it otherwise, once for all who wait. */
  get(key: string, environmentId: string, build: () => Promise<BuiltAnswers>): GivenAnswers | Promise<GivenAnswers> {
    const kept = this.#entries.get(key);
    if (kept !== undefined && !kept.isSuspect && this.#options.isCurrent())
      return { built: kept.built, isStale: false };
    return this.#ask(key, environmentId, kept, build);
  }

  /** What is kept and holds, or null. */
  peek(key: string): BuiltAnswers | null {
    const kept = this.#entries.get(key);
    return kept !== undefined && !kept.isSuspect && this.#options.isCurrent() ? kept.built : null;
  }

  /** `workflowId` null: every workflow of the environment. */
  changed(environmentId: string, workflowId: string | null): void {
    for (const build of this.#building.values()) if (build.environmentId === environmentId) hear(build, workflowId);
    const keys = this.#keys.get(environmentId);
    if (keys === undefined) return;
    for (const key of workflowId === null ? keys.values() : [keys.get(workflowId)]) {
      const entry = key === undefined ? undefined : this.#entries.peek(key);
      if (entry !== undefined) entry.isSuspect = true;
    }
  }

  /** Anything may have changed. */
  doubtAll(): void {
    for (const build of this.#building.values()) build.heard = 'all';
    for (const entry of this.#entries.values()) entry.isSuspect = true;
  }

  async #ask(
    key: string,
    environmentId: string,
    kept: Entry | undefined,
    build: () => Promise<BuiltAnswers>,
  ): Promise<GivenAnswers> {
    const { now, patience } = this.#options;
    const stale = kept && { built: kept.built, isStale: true };
    if (stale !== undefined && now() < this.#awayUntil) return stale;
    const going = this.#building.get(key);
    const mine = going !== undefined && !mayConcern(going, kept) ? going : this.#begin(key, environmentId, build);
    const given = mine.built.then((built): GivenAnswers => ({ built, isStale: false }));
    if (stale === undefined) return given;
    const orStale = given.catch((error: unknown) => {
      if (!isUnavailable(error)) throw error;
      this.#awayUntil = now() + patience;
      return stale;
    });
    return within(mine.startedAt + patience - now(), orStale, stale);
  }

  #begin(key: string, environmentId: string, build: () => Promise<BuiltAnswers>): Build {
    const mine: Build = {
      environmentId,
      startedAt: this.#options.now(),
      heard: new Set(),
      built: Promise.resolve().then(build),
    };
    const isLast = () => this.#building.get(key) === mine;
    mine.built = mine.built
      .then(
        (built) => {
          if (isLast() && !concerns(mine, built.workflowId)) this.#keep(key, environmentId, built);
          return built;
        },
        (error: unknown) => {
          // The database itself says that there is nothing to answer any more.
          if (isLast() && !isUnavailable(error) && error instanceof Refusal) this.#entries.delete(key);
          throw error;
        },
      )
      .finally(() => {
        if (isLast()) this.#building.delete(key);
      });
    this.#building.set(key, mine);
    return mine;
  }

  #keep(key: string, environmentId: string, built: BuiltAnswers): void {
    this.#entries.set(key, { built, environmentId, isSuspect: false });
    if (!this.#entries.has(key)) return;
    const keys = this.#keys.get(environmentId) ?? new Map<string, string>();
    this.#keys.set(environmentId, keys.set(built.workflowId, key));
  }

  #forgetKey({ environmentId, built: { workflowId } }: Entry, key: string): void {
    const keys = this.#keys.get(environmentId);
    if (keys?.get(workflowId) === key) keys.delete(workflowId);
    if (keys?.size === 0) this.#keys.delete(environmentId);
  }
}

function hear(build: Build, workflowId: string | null): void {
  if (build.heard === 'all') return;
  if (workflowId === null || build.heard.size >= MOST_HEARD) build.heard = 'all';
  else build.heard.add(workflowId);
}

function concerns({ heard }: Build, workflowId: string): boolean {
  return heard === 'all' || heard.has(workflowId);
}

/** Whether a change was told since the answer was begun that may be one of its workflow, as far as that is known yet. */
function mayConcern(build: Build, kept: Entry | undefined): boolean {
  if (kept !== undefined) return concerns(build, kept.built.workflowId);
  return build.heard === 'all' || build.heard.size > 0;
}

function isUnavailable(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'unavailable';
}

/** The work's outcome, or `otherwise` where it takes longer than these milliseconds. */
async function within<T>(milliseconds: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), Math.max(0, milliseconds));
  });
  // Nobody may be left who waits for it.
  work.catch(() => undefined);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
