import { beforeEach, describe, expect, it } from 'vitest';
import { AnswerCache, type GivenAnswers } from '../../../src/adapters/data-plane/answer-cache.ts';
import { answerFor, type BuiltAnswers } from '../../../src/adapters/data-plane/built-answers.ts';
import { Refusal } from '../../../src/domain/refusal.ts';

const AWAY = new Refusal('unavailable', 'The database is away.');

/** An answer on its way, finished by the test. */
interface Pending {
  finish(text: string, workflowId?: string): void;
  fail(error: Error): void;
}

let cache: AnswerCache;
let pending: Pending[];
let isCurrent: boolean;
let now: number;

function builtAs(body: string, workflowId = 'W1'): BuiltAnswers {
  return { workflowId, active: { body, etag: body }, candidate: null };
}

/** Asks, with a database that answers when the test says so. */
function ask(key = 'a', environmentId = 'staging'): GivenAnswers | Promise<GivenAnswers> {
  return cache.get(
    key,
    environmentId,
    () =>
      new Promise<BuiltAnswers>((resolve, reject) => {
        pending.push({
          finish: (text, workflowId) => resolve(builtAs(text, workflowId)),
          fail: reject,
        });
      }),
  );
}

/** The nth question to the database, once it was asked. */
async function question(n: number): Promise<Pending> {
  await expect.poll(() => pending.length).toBeGreaterThanOrEqual(n);
  return pending[n - 1]!;
}

async function text(given: GivenAnswers | Promise<GivenAnswers>): Promise<string> {
  const { built, isStale } = await given;
  return `${answerFor(built, null).body}${isStale ? ' (stale)' : ''}`;
}

/** Asks and answers, so that it is kept. */
async function warm(body: string, key = 'a', workflowId = 'W1', environmentId = 'staging'): Promise<void> {
  const before = pending.length;
  const asked = ask(key, environmentId);
  (await question(before + 1)).finish(body, workflowId);
  await asked;
}

beforeEach(() => {
  pending = [];
  isCurrent = true;
  now = 0;
  cache = new AnswerCache({ maxBytes: 100_000, isCurrent: () => isCurrent, now: () => now, patience: 1_000 });
});

describe('what is kept', () => {
  it('is given at once, without a promise and without a question', async () => {
    await warm('v1');
    const given = ask();
    expect(given).not.toBeInstanceOf(Promise);
    expect(await text(given)).toBe('v1');
    expect(pending).toHaveLength(1);
  });

  it('is asked for once by many who miss it at the same time', async () => {
    const all = Array.from({ length: 50 }, () => ask());
    (await question(1)).finish('v1');
    expect(new Set(await Promise.all(all.map(text)))).toEqual(new Set(['v1']));
    expect(pending).toHaveLength(1);
  });

  it('is asked for anew after a change of its workflow, and stays after one of another workflow or environment', async () => {
    await warm('v1');
    cache.changed('staging', 'W2');
    cache.changed('production', 'W1');
    cache.changed('production', null);
    expect(await text(ask())).toBe('v1');
    cache.changed('staging', 'W1');
    const asked = ask();
    (await question(2)).finish('v2');
    expect(await text(asked)).toBe('v2');
  });

  it('is asked for anew after a change of its environment, or where anything may have changed', async () => {
    await warm('v1');
    cache.changed('staging', null);
    await warm('v2');
    cache.doubtAll();
    await warm('v3');
    expect(await text(ask())).toBe('v3');
    expect(pending).toHaveLength(3);
  });

  it('is asked for again and again while changes may be told too late', async () => {
    await warm('v1');
    isCurrent = false;
    await warm('v2');
    await warm('v3');
    isCurrent = true;
    expect(await text(ask())).toBe('v3');
    expect(pending).toHaveLength(3);
  });

  it('takes no more bytes than it may, the longest unused going first', async () => {
    for (let n = 0; n < 20; n++) await warm('x'.repeat(10_000), `key ${n}`, `W${n}`);
    expect(cache.size).toBeLessThanOrEqual(100_000);
    expect(ask('key 19')).not.toBeInstanceOf(Promise);
    expect(ask('key 0')).toBeInstanceOf(Promise);
  });

  it('is not kept where it alone is larger than all may be', async () => {
    await warm('x'.repeat(200_000));
    expect(ask()).toBeInstanceOf(Promise);
    expect(cache.size).toBe(0);
  });
});

describe('a change while an answer is being made', () => {
  it('keeps that answer from being kept', async () => {
    const asked = ask();
    const first = await question(1);
    cache.changed('staging', 'W1');
    first.finish('v1');
    expect(await text(asked)).toBe('v1');
    const again = ask();
    (await question(2)).finish('v2');
    expect(await text(again)).toBe('v2');
    expect(await text(ask())).toBe('v2');
  });

  it('does not, where it is one of another workflow', async () => {
    const asked = ask();
    const first = await question(1);
    cache.changed('staging', 'W2');
    first.finish('v1');
    await asked;
    expect(ask()).not.toBeInstanceOf(Promise);
  });

  it.each([
    ['of its environment', () => cache.changed('staging', null)],
    ['of anything', () => cache.doubtAll()],
  ])('keeps it from being kept where it is one %s', async (_of, change) => {
    const asked = ask();
    const first = await question(1);
    change();
    first.finish('v1');
    await asked;
    expect(ask()).toBeInstanceOf(Promise);
  });

  it('makes whoever asks after it wait for an answer that was begun after it', async () => {
    const before = ask();
    const first = await question(1);
    cache.changed('staging', 'W1');
    const after = ask();
    const second = await question(2);
    first.finish('v1');
    second.finish('v2');
    expect(await Promise.all([text(before), text(after)])).toEqual(['v1', 'v2']);
    expect(await text(ask())).toBe('v2');
  });

  it('lets never an older answer follow a newer one, whichever is made first', async () => {
    const before = ask();
    const first = await question(1);
    // Of another workflow, as far as is known then it may be one of this.
    cache.changed('staging', 'W2');
    const after = ask();
    const second = await question(2);
    second.finish('v2');
    expect(await text(after)).toBe('v2');
    first.finish('v1');
    expect(await text(before)).toBe('v1');
    expect(await text(ask())).toBe('v2');
  });
});

describe('while the database is away', () => {
  it('what was last known is given, marked as stale', async () => {
    await warm('v1');
    cache.doubtAll();
    const asked = ask();
    (await question(2)).fail(AWAY);
    expect(await text(asked)).toBe('v1 (stale)');
  });

  it('it is asked once a second, however many ask for what is known', async () => {
    await warm('v1');
    cache.doubtAll();
    const asked = ask();
    (await question(2)).fail(AWAY);
    await asked;
    for (let n = 0; n < 100; n++) expect(await text(ask())).toBe('v1 (stale)');
    expect(pending).toHaveLength(2);
    now += 1_001;
    const again = ask();
    (await question(3)).finish('v2');
    expect(await text(again)).toBe('v2');
    expect(await text(ask())).toBe('v2');
  });

  it('what was never known is refused', async () => {
    const asked = ask();
    (await question(1)).fail(AWAY);
    await expect(asked).rejects.toBe(AWAY);
  });

  it('nobody waits longer than it is worth for a database that does not answer', async () => {
    cache = new AnswerCache({ maxBytes: 100_000, isCurrent: () => isCurrent, patience: 20 });
    await warm('v1');
    cache.doubtAll();
    expect(await text(ask())).toBe('v1 (stale)');
    expect(await text(ask())).toBe('v1 (stale)');
    (await question(2)).finish('v2');
    await expect.poll(() => text(ask())).toBe('v2');
    expect(pending).toHaveLength(2);
  });

  it('what the database says is gone is not given any more', async () => {
    await warm('v1');
    cache.doubtAll();
    const asked = ask();
    const gone = new Refusal('nothing_active', 'Nothing is live.');
    (await question(2)).fail(gone);
    await expect(asked).rejects.toBe(gone);
    const again = ask();
    (await question(3)).fail(AWAY);
    await expect(again).rejects.toBe(AWAY);
  });
});

describe('in whatever order', () => {
  /** A small world that is played through at random: what is kept is never older than what was told. */
  it.each(Array.from({ length: 200 }, (_, seed) => seed))(
    'no answer is older than the changes told before it was asked for (%i)',
    async (seed) => {
      const random = randomFrom(seed);
      let version = 0;
      const asks: { atLeast: number; answer: Promise<string> }[] = [];
      const going: { began: number; finish: (body: string) => void }[] = [];
      const build = () =>
        new Promise<BuiltAnswers>((resolve) => {
          going.push({
            began: version,
            finish: (body) => resolve(builtAs(body)),
          });
        });
      for (let step = 0; step < 60; step++) {
        const choice = random();
        if (choice < 0.25) {
          version += 1;
          if (random() < 0.8) cache.changed('staging', random() < 0.8 ? 'W1' : null);
          else cache.doubtAll();
        } else if (choice < 0.65) {
          asks.push({
            atLeast: version,
            answer: Promise.resolve(cache.get('a', 'staging', build)).then((given) => text(given)),
          });
        } else if (going.length > 0) {
          const [one] = going.splice(Math.floor(random() * going.length), 1);
          // It was read at some moment between its beginning and now.
          one!.finish(String(one!.began + Math.floor(random() * (version - one!.began + 1))));
        }
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      }
      for (let round = 0; round < 10; round++) {
        for (const { finish } of going.splice(0)) finish(String(version));
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      }
      for (const { atLeast, answer } of asks) expect(Number(await answer)).toBeGreaterThanOrEqual(atLeast);
      expect(asks.length).toBeGreaterThan(5);
    },
  );
});

function randomFrom(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_507) + 0x6d2b79f5) >>> 0;
    return state / 2 ** 32;
  };
}
