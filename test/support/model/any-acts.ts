import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTestPersistence } from '../database/open-test-persistence.ts';
import { ask } from './acts/promotions.ts';
import { ACTS, wish } from './drawn-acts.ts';
import { asked } from './drawn-policies.ts';
import { makeMould, startCanal } from './real-canal.ts';

const FILES = 4;
/** Sequences that share a database: with many more it would grow, and every act take longer. */
const SHARED = 500;

/**
 * So many sequences of acts in each file that calls this; files run beside each other. `TOWPATH_SEQUENCES` says how many all files run
 * together, and `TOWPATH_SEED` repeats the ones of an earlier run.
 */
export function testAnyActs(part: number): void {
  const all = Math.ceil(Number(process.env['TOWPATH_SEQUENCES'] ?? 2_000) / FILES);
  const seed = Number(process.env['TOWPATH_SEED'] ?? Math.trunc(Math.random() * 1e9)) + part;
  const seen = new Map<string, number>();
  const count = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1);

  describe('whoever does what, in whatever order', () => {
    it(
      'nothing goes live without all that it needs, or twice, and what needs nothing more does',
      async () => {
        for (let done = 0; done < all; done += SHARED)
          await runSequences({ numRuns: Math.min(SHARED, all - done), seed: seed + FILES * done }, count);
        // Acts that are all refused would prove nothing.
        for (const what of ['promoted', 'deployed', 'rolled back'])
          expect(seen.get(what) ?? 0, `${what} in ${all} sequences`).toBeGreaterThan(all / 50);
      },
      Math.max(120_000, all * 2_000),
    );
  });
}

async function runSequences(which: { numRuns: number; seed: number }, count: (what: string) => void): Promise<void> {
  const db = await openTestPersistence();
  try {
    const mould = await makeMould(db);
    const sequence = fc.commands(ACTS, { maxCommands: 16, size: 'max' });
    const property = fc.asyncProperty(asked, asked, wish, sequence, async (staging, production, first, commands) => {
      const started = await startCanal(db, mould, { staging, production }, count);
      await ask(first).run(started.model, started.real);
      await fc.asyncModelRun(() => started, commands);
    });
    await fc.assert(property, which);
  } finally {
    await db.end();
  }
}
