import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeTokenBook, type TokenBook } from '../../../src/adapters/http/token-book.ts';
import { Refusal } from '../../../src/domain/refusal.ts';
import type { KnownToken } from '../../../src/use-cases/ports/tokens.ts';

const log = { warn: () => undefined };
const token = (name: string): KnownToken => ({
  id: name,
  name,
  scopes: ['read'],
  createdBy: 'U0ADA',
  expiresAt: null,
  revokedAt: null,
  environment: null,
  isPersonal: false,
  creatorStanding: 'member',
});

let now: number;
let kept: Map<string, KnownToken>;
let asked: string[];
let isDown: boolean;
/** While set, the database's answers wait for it. */
let held: Promise<void> | null;
let recorded: string[][];
let book: TokenBook;

function open(more: { max?: number } = {}): TokenBook {
  return makeTokenBook({
    lookUp: async (hash) => {
      asked.push(hash);
      const found = kept.get(hash) ?? null;
      await held;
      if (isDown) throw new Refusal('unavailable', 'down');
      return found;
    },
    recordUses: async (ids) => void recorded.push(ids),
    log,
    now: () => now,
    ...more,
  });
}

beforeEach(() => {
  now = 1_000_000;
  kept = new Map([
    ['a', token('a')],
    ['b', token('b')],
  ]);
  asked = [];
  isDown = false;
  held = null;
  recorded = [];
  book = open();
});

describe('a token that was shown', () => {
  it('is remembered, and then there without a promise', async () => {
    expect(await book.find('a')).toEqual(token('a'));
    expect(book.find('a')).toEqual(token('a'));
    expect(asked).toEqual(['a']);
  });

  it('is looked up once for all who wait for it', async () => {
    const found = await Promise.all([book.find('a'), book.find('a'), book.find('a')]);
    expect(found).toEqual([token('a'), token('a'), token('a')]);
    expect(asked).toEqual(['a']);
  });

  it('is gone at once when it is told of', async () => {
    await book.find('a');
    kept.delete('a');
    expect(book.find('a')).not.toBeNull();
    book.forget('a');
    expect(await book.find('a')).toBeNull();
  });

  it('is read again where it is told of while it is being read', async () => {
    const gate = Promise.withResolvers<void>();
    held = gate.promise;
    const found = book.find('a');
    kept.delete('a');
    book.forget('a');
    held = null;
    gate.resolve();
    expect(await found).toBeNull();
    expect(book.find('a')).toBeNull();
  });

  it('is read again after five seconds at the latest, and waited for', async () => {
    await book.find('a');
    kept.delete('a');
    now += 5_000;
    expect(await book.find('a')).toBeNull();
  });

  it('is read again a little ahead, with nobody waiting', async () => {
    await book.find('a');
    kept.delete('a');
    now += 4_500;
    expect(book.find('a')).toEqual(token('a'));
    await vi.waitFor(() => expect(book.find('a')).toBeNull());
  });

  it('is among no more than there is room for', async () => {
    book = open({ max: 2 });
    kept.set('c', token('c'));
    for (const hash of ['a', 'b', 'c']) await book.find(hash);
    expect(book.find('c')).not.toBeInstanceOf(Promise);
    expect(book.find('b')).not.toBeInstanceOf(Promise);
    expect(await book.find('a')).toEqual(token('a'));
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('while the database is down', () => {
  it('a token counts as it was last known, without asking at each request', async () => {
    await book.find('a');
    isDown = true;
    now += 60_000;
    expect(await book.find('a')).toEqual(token('a'));
    const before = asked.length;
    expect(book.find('a')).toEqual(token('a'));
    expect(asked.length).toBe(before);
  });

  it('that also holds for one that may have changed, but not for one that was told of', async () => {
    await book.find('a');
    await book.find('b');
    isDown = true;
    book.doubtAll();
    book.forget('b');
    expect(await book.find('a')).toEqual(token('a'));
    await expect(book.find('b')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('no other token is let in, nor called unknown', async () => {
    isDown = true;
    await expect(book.find('a')).rejects.toMatchObject({ code: 'unavailable' });
    await expect(book.find('x')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a request waits only so long for one that says nothing', async () => {
    await book.find('a');
    held = new Promise(() => undefined);
    now += 60_000;
    expect(await book.find('a')).toEqual(token('a'));
    expect(book.find('a')).toEqual(token('a'));
  });

  it('and up again, what may have changed is read again', async () => {
    await book.find('a');
    isDown = true;
    now += 60_000;
    await book.find('a');
    isDown = false;
    kept.delete('a');
    book.doubtAll();
    expect(await book.find('a')).toBeNull();
  });
});

describe('a token that is not known', () => {
  it('is remembered for a moment', async () => {
    expect(await book.find('x')).toBeNull();
    expect(book.find('x')).toBeNull();
    expect(asked).toEqual(['x']);
    now += 5_000;
    kept.set('x', token('x'));
    expect(await book.find('x')).toEqual(token('x'));
  });

  it('is let in at once when it was made meanwhile', async () => {
    await book.find('x');
    kept.set('x', token('x'));
    book.forget('x');
    expect(await book.find('x')).toEqual(token('x'));
  });

  it('is looked up beside a few others only', async () => {
    const gate = Promise.withResolvers<void>();
    held = gate.promise;
    const looked = Array.from({ length: 200 }, async (_, i) => book.find(`made-up-${i}`));
    await expect(book.find('one more')).rejects.toMatchObject({ code: 'unavailable' });
    held = null;
    gate.resolve();
    await Promise.all(looked);
    expect(await book.find('a')).toEqual(token('a'));
  });

  it('pushes none that is known out, however many are made up', async () => {
    await book.find('a');
    for (let i = 0; i < 12_000; i++) await book.find(`made-up-${i}`);
    expect(book.find('a')).toEqual(token('a'));
  });
});

describe('the last use', () => {
  it('is kept once a minute for each token, all together', async () => {
    for (const id of ['a', 'b', 'a', 'a']) book.used(id);
    await book.end();
    expect(recorded).toEqual([['a', 'b']]);
    now += 59_999;
    book.used('a');
    await book.end();
    expect(recorded).toHaveLength(1);
    now += 1;
    book.used('a');
    await book.end();
    expect(recorded).toEqual([['a', 'b'], ['a']]);
  });
});
