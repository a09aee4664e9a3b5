import { expect } from 'vitest';
import { Refusal, type RefusalCode } from '../../src/domain/refusal.ts';

/** What `act` is refused with. Fails when it is not refused, or when a bug is thrown instead. */
export function refusalOf(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('Expected a refusal, and nothing was thrown.');
}

/** As `refusalOf`, for a promise. */
export async function refusalFrom(act: Promise<unknown>): Promise<Refusal> {
  const outcome = await act.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof Refusal) return outcome;
  if (outcome === null) throw new Error('Expected a refusal, and it was done.');
  throw outcome;
}

/** Refused with this code and one or two sentences that a person can act on. */
export function expectRefused(refusal: Refusal, code: RefusalCode): void {
  expect(refusal.code).toBe(code);
  expect(refusal.userMessage.length).toBeGreaterThan(20);
  expect(refusal.userMessage).not.toMatch(/undefined|null|\[object|NaN/);
}
