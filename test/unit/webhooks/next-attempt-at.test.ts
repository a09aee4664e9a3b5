import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  FIRST_DELAY,
  JITTER,
  LEAST_ASKED_DELAY,
  LONGEST_DELAY,
  nextAttemptAt,
  RETRY_FOR,
} from '../../../src/adapters/webhooks/next-attempt-at.ts';

const startedAt = new Date('2026-01-01T00:00:00Z');
const after = (milliseconds: number) => new Date(startedAt.getTime() + milliseconds);
const attempts = fc.integer({ min: 1, max: 100_000 });
const elapsed = fc.integer({ min: 0, max: RETRY_FOR - 1 });

test('the first retries come after about 5, 15 and 45 seconds', () => {
  const delays = [1, 2, 3].map((attempt) => {
    const at = nextAttemptAt({ id: 'msg_1', attempt, startedAt, now: startedAt });
    return ((at?.getTime() ?? 0) - startedAt.getTime()) / 1000;
  });
  for (const [index, about] of [5, 15, 45].entries()) {
    expect(delays[index]).toBeGreaterThanOrEqual(about * (1 - JITTER));
    expect(delays[index]).toBeLessThanOrEqual(about * (1 + JITTER));
  }
});

test('the same attempt of the same delivery is always retried at the same time, another one at another', () => {
  const at = (id: string) => nextAttemptAt({ id, attempt: 4, startedAt, now: startedAt });
  expect(at('msg_1')).toEqual(at('msg_1'));
  expect(at('msg_1')).not.toEqual(at('msg_2'));
});

test('a retry is never sooner than the first delay nor later than the longest, nor past the day', () => {
  fc.assert(
    fc.property(fc.string(), attempts, elapsed, (id, attempt, since) => {
      const now = after(since);
      const at = nextAttemptAt({ id, attempt, startedAt, now })?.getTime() ?? Number.NaN;
      const delay = at - now.getTime();
      expect(delay).toBeLessThanOrEqual(LONGEST_DELAY * (1 + JITTER));
      expect(at).toBeLessThanOrEqual(after(RETRY_FOR).getTime());
      if (at < after(RETRY_FOR).getTime()) expect(delay).toBeGreaterThanOrEqual(FIRST_DELAY * (1 - JITTER));
    }),
  );
});

test('what the endpoint asks for is obeyed up to the end of the day', () => {
  fc.assert(
    fc.property(fc.string(), attempts, elapsed, fc.integer({ min: 0, max: 1e12 }), (id, attempt, since, retryAfter) => {
      const now = after(since);
      const at = nextAttemptAt({ id, attempt, startedAt, now, retryAfter })?.getTime() ?? Number.NaN;
      expect(at).toBeGreaterThanOrEqual(Math.min(now.getTime() + retryAfter, after(RETRY_FOR).getTime()));
      expect(at).toBeLessThanOrEqual(
        Math.min(now.getTime() + Math.max(retryAfter, LEAST_ASKED_DELAY), after(RETRY_FOR).getTime()),
      );
    }),
  );
});

test('an endpoint that always asks to be called at once is called a bounded number of times', () => {
  let now = startedAt;
  let attempt = 0;
  for (;;) {
    attempt += 1;
    const at = nextAttemptAt({ id: 'msg_1', attempt, startedAt, now, retryAfter: 0 });
    if (at === null) break;
    now = at;
  }
  expect(now).toEqual(after(RETRY_FOR));
  expect(attempt).toBeLessThan(1500);
});

test('after a day nothing is retried', () => {
  fc.assert(
    fc.property(attempts, fc.integer({ min: RETRY_FOR, max: RETRY_FOR * 10 }), (attempt, since) => {
      expect(nextAttemptAt({ id: 'msg_1', attempt, startedAt, now: after(since), retryAfter: 1000 })).toBeNull();
    }),
  );
});

test('without being asked, a day takes more than ten attempts and fewer than twenty', () => {
  let now = startedAt;
  let attempt = 0;
  for (;;) {
    attempt += 1;
    const at = nextAttemptAt({ id: 'msg_1', attempt, startedAt, now });
    if (at === null) break;
    now = at;
  }
  expect(attempt).toBeGreaterThan(10);
  expect(attempt).toBeLessThan(20);
});
