import { LRUCache } from 'lru-cache';
import type { BaseLogger } from 'pino';
import { Refusal } from '../../domain/refusal.ts';
import type { KnownToken } from '../../use-cases/ports/tokens.ts';
import { noteTokenUses } from './token-uses.ts';

/** Tokens that were shown, remembered for a while, so that the database is not asked at each request. */
export interface TokenBook {
  /**
   * By the hash of its text, in whatever state it is. What is remembered comes at once, anything else by a promise.
   * @throws Refusal unavailable where it is not remembered and the database can't be asked
   */
  find(hash: string): KnownToken | null | Promise<KnownToken | null>;
  /** It was used; the time is kept some time later. */
  used(tokenId: string): void;
  /** It changed. */
  forget(hash: string): void;
  /** Any may have changed: they are read again before they count, unless the database can't be asked. */
  doubtAll(): void;
  /** Keeps the last uses. */
  end(): Promise<void>;
}

export interface TokenBookOptions {
  lookUp: (hash: string) => Promise<KnownToken | null>;
  recordUses: (tokenIds: string[]) => Promise<void>;
  log: Pick<BaseLogger, 'warn'>;
  /** Tokens remembered at most. */
  max?: number;
  /** Milliseconds after which a token is read again at the latest. */
  freshFor?: number;
  /** Milliseconds. */
  now?: () => number;
}

interface Entry {
  token: KnownToken;
  readAt: number;
  /** When the database was last asked in vain. */
  failedAt: number;
}

const MAX = 10_000;
/** Anybody can make up tokens: these push none of the good ones out. */
const MOST_UNKNOWN = 1_000;
/** Made up tokens may keep the database from other work for no longer than this many take. */
const MOST_AT_ONCE = 200;
const FRESH_FOR = 5_000;
/** Read again ahead of time, so that no request waits for it. */
const AHEAD = 0.8;
/** Milliseconds that a request waits for a database that may be down, and between two such waits. */
const PATIENCE = 1_000;

export function makeTokenBook(options: TokenBookOptions): TokenBook {
  const { lookUp, recordUses, log, max = MAX, freshFor = FRESH_FOR, now = Date.now } = options;
  const known = new LRUCache<string, Entry>({ max });
  const unknown = new LRUCache<string, number>({ max: MOST_UNKNOWN });
  const reading = new Map<string, { answer: Promise<KnownToken | null> }>();
  const uses = noteTokenUses({ recordUses, log, now });

  /** Several that wait for the same token wait for one answer. */
  function read(hash: string): Promise<KnownToken | null> {
    const going = reading.get(hash);
    if (going !== undefined) return going.answer;
    if (reading.size >= MOST_AT_ONCE) return Promise.reject(tooMany());
    const mine = { answer: Promise.resolve<KnownToken | null>(null) };
    mine.answer = ask(hash, () => reading.get(hash) === mine).finally(() => {
      if (reading.get(hash) === mine) reading.delete(hash);
    });
    reading.set(hash, mine);
    return mine.answer;
  }

  async function ask(hash: string, isStillWanted: () => boolean): Promise<KnownToken | null> {
    const readAt = now();
    const token = await lookUp(hash);
    // Told of a change meanwhile: this answer may be of before.
    if (!isStillWanted()) return read(hash);
    if (token === null) {
      known.delete(hash);
      unknown.set(hash, readAt);
    } else known.set(hash, { token, readAt, failedAt: Number.NEGATIVE_INFINITY });
    return token;
  }

  /** The token read again, or as it was last known where the database does not tell. */
  async function readAgain(hash: string, entry: Entry): Promise<KnownToken | null> {
    const failed = () => {
      entry.failedAt = now();
      return entry.token;
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<KnownToken>((resolve) => {
      timer = setTimeout(() => resolve(failed()), PATIENCE);
    });
    const answer = read(hash).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'unavailable') return failed();
      throw error;
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  return {
    find(hash) {
      const entry = known.get(hash);
      if (entry === undefined)
        return now() - (unknown.get(hash) ?? Number.NEGATIVE_INFINITY) < freshFor ? null : read(hash);
      const age = now() - entry.readAt;
      if (age < freshFor * AHEAD || now() - entry.failedAt < PATIENCE) return entry.token;
      const again = readAgain(hash, entry);
      if (age >= freshFor) return again;
      again.catch((error: unknown) => log.warn({ err: error }, 'a token could not be read again'));
      return entry.token;
    },
    used: uses.note,
    forget(hash) {
      known.delete(hash);
      unknown.delete(hash);
      reading.delete(hash);
    },
    doubtAll() {
      unknown.clear();
      reading.clear();
      for (const entry of known.values()) {
        entry.readAt = Number.NEGATIVE_INFINITY;
        entry.failedAt = Number.NEGATIVE_INFINITY;
      }
    },
    end: uses.end,
  };
}

function tooMany(): Refusal {
  return new Refusal('unavailable', 'Too many tokens are shown at once that are not known yet. Try again in a moment.');
}
