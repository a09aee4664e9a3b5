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
/**
 * After a change, for longer than the 5 s in which every process of Towpath knows of it: what one behind the same address
 * says is asked for again.
 */
export const SETTLING_MS = 6_000;
const WHILE_SETTLING_MS = 1_000;
/** With a stream that tells of changes: now and then nevertheless, so that nothing stays wrong for good. */
const POLLS_SAVED = 10;

/** Stands for the time from one change to the next. Each is another one, also after a workflow was forgotten meanwhile. */
export type Generation = object;

/** That an answer went to a key, and as of when that is certain. */
export interface Confirmation {
  readonly etag: string;
  readonly at: number;
  readonly generation: Generation | null;
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
  #generation: Generation = {};
  #settledAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #retryAt = Number.NEGATIVE_INFINITY;
  #latest: ResolvedWorkflow | null = null;
  readonly #answers = new RecentMap<string, ResolvedWorkflow>(ANSWERS);
  #unkeyed: Confirmation | null = null;
  readonly #keyed: RecentMap<string, Confirmation>;

  /** `keyed`: what went to the keys of all workflows. */
  constructor(name: string, keyed: RecentMap<string, Confirmation>) {
    this.name = name;
    this.#keyed = keyed;
  }

  /** Another one each time that it was said to have changed: an answer asked for before that proves nothing. */
  get generation(): Generation {
    return this.#generation;
  }

  answers(): TaggedAnswer[] {
    return this.#answers.keys().map((etag) => ({ etag, resolved: this.#answers.peek(etag) as ResolvedWorkflow }));
  }

  /**
   * Whether a canary runs, as far as is known: only then may an answer be another one for another key. While none does, what goes
   * to those without a key goes to everybody.
   */
  get isRolledOut(): boolean {
    return (this.#answerOf(null)?.rollout ?? null) !== null;
  }

  /** The last answer for a key; for one never seen what goes to those without a key: the active version. */
  answerFor(key: string | null): ResolvedWorkflow | null {
    return this.#answerOf(key) ?? this.#answerOf(null) ?? this.#latest;
  }

  /** The entity tag of what goes to those without a key. */
  get etag(): string | null {
    return this.#unkeyed?.etag ?? null;
  }

  isFresh(key: string | null, now: number, { live, heardAt, pollInterval }: Trust): boolean {
    const confirmed = this.#confirmationOf(key);
    if (confirmed?.generation !== this.#generation) return false;
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
    this.#generation = {};
    this.#settledAt = now + SETTLING_MS;
    this.#retryAt = Number.NEGATIVE_INFINITY;
  }

  /** Nothing says that it changed, but nothing that it did not. */
  doubt(): void {
    this.#generation = {};
    this.#retryAt = Number.NEGATIVE_INFINITY;
  }

  /** `generation` and `at` are of the moment when the question was sent. */
  accept(key: string | null, { etag, resolved, stale }: Reply, sent: { generation: Generation; at: number }): void {
    this.#answers.set(etag, resolved);
    this.#latest = resolved;
    const confirmation = stale ? { etag, ...UNCONFIRMED } : { etag, ...sent };
    if (key === null) this.#unkeyed = confirmation;
    else this.#keyed.set(this.#slotOf(key), confirmation);
    if (!stale) this.#failures = 0;
    this.#retryAt = Number.NEGATIVE_INFINITY;
    if (stale) this.fail(sent.at, null);
  }

  /** What was kept from an earlier life, unless something newer has come meanwhile. */
  recall({ etag, resolved }: TaggedAnswer): void {
    if (this.#latest !== null) return;
    this.#answers.set(etag, resolved);
    this.#latest = resolved;
    this.#unkeyed = { etag, ...UNCONFIRMED };
  }

  fail(now: number, askedFor: number | null): void {
    this.#failures += 1;
    this.#retryAt = now + delayBefore(this.#failures, askedFor);
  }

  #answerOf(key: string | null): ResolvedWorkflow | null {
    const confirmed = this.#confirmationOf(key);
    return confirmed === null ? null : (this.#answers.peek(confirmed.etag) ?? null);
  }

  #confirmationOf(key: string | null): Confirmation | null {
    return key === null || !this.isRolledOut ? this.#unkeyed : (this.#keyed.get(this.#slotOf(key)) ?? null);
  }

  /** No name of a workflow holds a line break. */
  #slotOf(key: string): string {
    return `${this.name}\n${key}`;
  }
}

const UNCONFIRMED = { at: Number.NEGATIVE_INFINITY, generation: null };
