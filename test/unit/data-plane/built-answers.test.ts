import { describe, expect, it } from 'vitest';
import { AnswerCache } from '../../../src/adapters/data-plane/answer-cache.ts';
import { answerFor, type BuiltAnswers } from '../../../src/adapters/data-plane/built-answers.ts';

const side = (body: string) => ({ body, etag: `"${body}"` });
const rolledOut = (share: number, candidate = 'candidate'): BuiltAnswers => ({
  workflowId: 'W1',
  active: side('active'),
  candidate: { answer: side(candidate), deploymentId: 'D2', share },
});
const keys = Array.from({ length: 1_000 }, (_, nth) => `user-${nth}`);
const bodies = (share: number) => keys.map((key) => answerFor(rolledOut(share), key).body);

describe('which of both answers is given', () => {
  it('is the active one to everybody where nothing is rolled out, or to nobody yet', () => {
    const alone = { ...rolledOut(10_000), candidate: null };
    expect(keys.map((key) => answerFor(alone, key).body)).toEqual(keys.map(() => 'active'));
    expect(bodies(0)).toEqual(keys.map(() => 'active'));
  });

  it('is the candidate to all at 100 %, with a key or without', () => {
    expect([...bodies(10_000), answerFor(rolledOut(10_000), null).body]).toEqual(
      [...keys, null].map(() => 'candidate'),
    );
  });

  it('is the active one without a key as long as not all have the candidate', () => {
    for (const share of [1, 5_000, 9_999]) expect(answerFor(rolledOut(share), null).body).toBe('active');
  });

  it('stays the candidate for all who have it when the share grows', () => {
    const [few, more] = [bodies(1_000), bodies(5_000)];
    expect(few).toContain('candidate');
    expect(more.filter((body) => body === 'candidate').length).toBeGreaterThan(300);
    for (const [nth, body] of few.entries()) if (body === 'candidate') expect(more[nth]).toBe('candidate');
  });
});

it('both sides count as remembered bytes, and neither is kept where they are too large together', async () => {
  const cache = new AnswerCache({ maxBytes: 100_000, isCurrent: () => true });
  await cache.get('a', 'staging', async () => rolledOut(1_000, 'y'.repeat(60_000)));
  expect(cache.size).toBeGreaterThan(60_000);
  await cache.get('b', 'staging', async () => rolledOut(1_000, 'y'.repeat(150_000)));
  expect([cache.peek('a') === null, cache.peek('b') === null]).toEqual([false, true]);
});
