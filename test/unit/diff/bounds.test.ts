import { describe, expect, it } from 'vitest';
import { blocksView } from '../../../src/domain/diff/blocks-view.ts';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { summarize } from '../../../src/domain/diff/sentences.ts';
import { type Document, read } from '../../support/workflows/ticket-flow.ts';

const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

const steps = (count: number, make: (index: number) => object) => ({
  apiVersion: 'towpath/v1',
  name: 'x',
  steps: many(count, (index) => ({ id: `s${index}`, type: 'llm', ...make(index) })),
});

/** A pair of everything that once made a diff slow or large. */
const PAIRS: [string, Document, Document][] = [
  [
    'two thousand steps of which every prompt changed',
    steps(2_000, (i) => ({ systemPrompt: `a${i}\nb` })),
    steps(2_000, (i) => ({ systemPrompt: `c${i}\nb` })),
  ],
  [
    'two thousand steps in the opposite order',
    steps(2_000, () => ({})),
    { ...steps(0, () => ({})), steps: steps(2_000, () => ({})).steps.reverse() },
  ],
  [
    'fifty rewritten prompts of 3,000 lines',
    steps(50, (i) => ({ systemPrompt: many(3_000, (l) => `a ${i} ${l}`).join('\n') })),
    steps(50, (i) => ({ systemPrompt: many(3_000, (l) => `b ${i} ${l}`).join('\n') })),
  ],
  ['one line of a million characters', { a: 'x'.repeat(1e6) }, { a: 'y'.repeat(1e6) }],
  ['a million empty lines', { a: 'x\n'.repeat(5e5) }, { a: 'y\n'.repeat(5e5) }],
  ['fifty thousand numbers', { a: many(5e4, (i) => i) }, { a: many(5e4, (i) => i * 7) }],
  ['ten thousand things with ids', { a: many(1e4, (id) => ({ id, v: 1 })) }, { a: many(1e4, (id) => ({ id, v: 2 })) }],
  [
    'ten thousand things without',
    { a: many(1e4, (v) => ({ v, w: [v] })) },
    { a: many(1e4, (v) => ({ v: v * 3, w: [v, v] })) },
  ],
  [
    'ten thousand keys',
    Object.fromEntries(many(1e4, (i) => [`a${i}`, i])),
    Object.fromEntries(many(1e4, (i) => [`b${i}`, i])),
  ],
  ['lists in lists', nested(150, (i) => many(50, (j) => i * j)), nested(150, (i) => many(50, (j) => i * j + 1))],
  ['a name of a million characters', { a: [{ id: 'x'.repeat(1e6), v: 1 }] }, { a: [{ id: 'x'.repeat(1e6), v: 2 }] }],
  ['a key of a million characters', { ['x'.repeat(1e6)]: 1 }, { ['x'.repeat(1e6)]: 2 }],
  ['a character of a million code points', { a: `e${'\u0301'.repeat(1e6)}` }, { a: `f${'\u0301'.repeat(1e6)}` }],
];

function nested(depth: number, items: (depth: number) => number[]): Document {
  let inner: Document = 1;
  for (let at = depth; at > 0; at--) inner = [items(at), inner];
  return { a: inner };
}

describe('However large two definitions are, what is said of them is bounded', () => {
  it.each(PAIRS)('%s', (_what, a, b) => {
    const [before, after] = [read(a), read(b)];
    const diff = diffDefinitions(before, after);
    expect(diff.functional).toBe(true);
    expect(diff.changes.length).toBeLessThanOrEqual(9_000);
    expect(diff.changes.length + diff.omitted).toBe(diff.counts.total);
    for (const { sentence, path } of diff.changes) {
      expect(sentence.length).toBeLessThan(2_000);
      expect(path.length).toBeLessThan(2_000);
    }
    const { lines, more } = summarize(diff, { limit: 12, maxChars: 2_400 });
    expect(lines.join('').length).toBeLessThanOrEqual(2_400);
    expect(lines.length + more).toBe(diff.counts.total);
    const blocks = blocksView(before, after, diff, { maxLines: 50 });
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const { text } of blocks) expect(text.length).toBeLessThan(2_000);
    expect(codeView(before, after, diff, { maxChars: 5_000 }).text.length).toBeLessThanOrEqual(5_000);
  });
});
