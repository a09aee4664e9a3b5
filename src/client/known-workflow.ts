import { delayBefore } from './delay-before.ts';
import { RecentMap } from './recent-map.ts';
import type { Reply, TaggedAnswer } from './request-resolved.ts';
import type { ResolvedWorkflow } from './resolved-workflow.ts';

/** How far the stream can be relied on. Times are milliseconds by `performance.now()`. */
export interface Trust {
  readonly live: boolean;
  readonly heardAt: number;
  readonly pollInterval: number;
}

/** A workflow has one active version and at most one candidate; one more bridges a change of them. */
const ANSWERS = 3;
const KEYS = 200;
/**
 * After a change, for longer than the 5 s in which every process of Towpath knows of it: what one behind the same address
 * says is asked for again.
 */
export const SETTLING_MS = 6_000;
const WHILE_SETTLING_MS = 1_000;
/** With a stream that tells of changes: now and then nevertheless, so that nothing stays wrong for good. */
const POLLS_SAVED = 10;

interface Confirmation {
  readonly etag: string;
  readonly at: number;
  readonly generation: number;
}

/** What is known of one workflow: its latest answers, which of them goes to whom, and since when that is certain. */
export class KnownWorkflow {
  readonly name: string;
  /** Requests on their way, by key, so that nobody asks the same at the same time. */
  readonly asking = new Map<string, Promise<boolean>>();
  /** What is being written to disk. */
  writing: Promise<void> = Promise.resolve();
  /** Whether somebody has been told that it can't be confirmed. */
  warned = false;
  #generation = 0;
  #settledAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #retryAt = Number.NEGATIVE_INFINITY;
  #latest: ResolvedWorkflow | null = null;
  readonly #answers = new RecentMap<string, ResolvedWorkflow>(ANSWERS);
  readonly #confirmed = new RecentMap<string, Confirmation>(KEYS);

  constructor(name: string) {
    this.name = name;
  }

  /** Counts how often it was said to have changed: an answer asked for before that proves nothing. */
  get generation(): number {
    return this.#generation;
  }

  answers(): TaggedAnswer[] {
    return this.#answers.keys().map((etag) => ({ etag, resolved: this.#answers.peek(etag) as ResolvedWorkflow }));
  }

  /** The last answer for a key; for one without, what goes to those without a key, which is never a candidate. */
  answerFor(key: string | null): ResolvedWorkflow | null {
    return this.#answerOf(key ?? '') ?? this.#answerOf('') ?? this.#latest;
  }

  /** The entity tag of what goes to those without a key. */
  get etag(): string | null {
    return this.#confirmed.get('')?.etag ?? null;
  }

  isFresh(key: string | null, now: number, { live, heardAt, pollInterval }: Trust): boolean {
    const confirmed = this.#confirmed.get(key ?? '');
    if (confirmed === undefined || confirmed.generation !== this.#generation) return false;
    if (this.#answers.peek(confirmed.etag) === undefined) return false;
    const age = now - confirmed.at;
    if (now < this.#settledAt) return age < WHILE_SETTLING_MS;
    if (live) return age < pollInterval * POLLS_SAVED;
    return Math.min(age, now - heardAt) < pollInterval;
  }

  /** Whether asking has failed and is left alone for now. */
  isResting(now: number): boolean {
    return now < this.#retryAt;
  }

  /** Milliseconds to wait before it is asked for again. */
  restFor(now: number): number {
    return Math.max(0, this.#retryAt - now);
  }

  change(now: number): void {
    this.#generation += 1;
    this.#settledAt = now + SETTLING_MS;
    this.#retryAt = Number.NEGATIVE_INFINITY;
  }

  /** Nothing says that it changed, but nothing that it did not. */
  doubt(): void {
    this.#generation += 1;
    this.#retryAt = Number.NEGATIVE_INFINITY;
  }

  /** `generation` and `at` are of the moment when the question was sent. */
  accept(key: string | null, { etag, resolved, stale }: Reply, sent: { generation: number; at: number }): void {
    this.#answers.set(etag, resolved);
    this.#latest = resolved;
    this.#confirmed.set(key ?? '', stale ? { etag, ...UNCONFIRMED } : { etag, ...sent });
    if (!stale) this.#failures = 0;
    this.#retryAt = Number.NEGATIVE_INFINITY;
    if (stale) this.fail(sent.at, null);
  }

  /** What was kept from an earlier life, unless something newer has come meanwhile. */
  recall({ etag, resolved }: TaggedAnswer): void {
    if (this.#latest !== null) return;
    this.#answers.set(etag, resolved);
    this.#latest = resolved;
    this.#confirmed.set('', { etag, ...UNCONFIRMED });
  }

  fail(now: number, askedFor: number | null): void {
    this.#failures += 1;
    this.#retryAt = now + delayBefore(this.#failures, askedFor);
  }

  #answerOf(slot: string): ResolvedWorkflow | null {
    const confirmed = this.#confirmed.get(slot);
    return confirmed === undefined ? null : (this.#answers.peek(confirmed.etag) ?? null);
  }
}

const UNCONFIRMED = { at: Number.NEGATIVE_INFINITY, generation: -1 };
