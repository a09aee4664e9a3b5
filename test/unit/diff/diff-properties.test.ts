import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksView } from '../../../src/domain/diff/blocks-view.ts';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { type Change, diffDefinitions, type WorkflowDiff } from '../../../src/domain/diff/diff-definitions.ts';
import { matchSteps } from '../../../src/domain/diff/match-steps.ts';
import { logicHash } from '../../../src/domain/workflow/hashes.ts';
import { genericPairs, towpathPairs, withKeysReversed } from '../../support/workflows/arbitraries.ts';
import { EDITS } from '../../support/workflows/edits.ts';
import { read, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const PAIRS = [
  ['Towpath’s own', towpathPairs],
  ['unknown', genericPairs],
] as const;
const RUNS = { numRuns: 60 };

const OPPOSITE = {
  added: 'removed',
  removed: 'added',
  changed: 'changed',
  moved: 'moved',
  renamed: 'renamed',
} as const;

/** What the diff the other way round must hold for a change, in a form that can be sorted. Positions in lists differ by nature. */
function reversed({ kind, lines, before, after, ...change }: Change): string {
  return comparable({
    ...change,
    kind: OPPOSITE[kind],
    ...(before !== undefined && { after: before }),
    ...(after !== undefined && { before: after }),
    ...(lines !== undefined && { lines: { added: lines.removed, removed: lines.added } }),
  });
}

function comparable({ class: changeClass, kind, stepId, property, before, after, lines }: Partial<Change>): string {
  return String(
    canonicalize({ changeClass, kind, stepId, property: property?.replaceAll(/\[\d+\]/g, '[]'), before, after, lines }),
  );
}

describe.each(PAIRS)('The diff of documents in a format that is %s', (_format, pairs) => {
  it('is empty for a document and itself', () => {
    fc.assert(
      fc.property(pairs, ([, document]) => {
        const [before, after] = [read(document), read(document)];
        const diff = diffDefinitions(before, after);
        expect(diff.changes).toEqual([]);
        expect(diff.functional).toBe(false);
        expect(codeView(before, after, diff).text).toBe('');
        expect(blocksView(before, after, diff).every(({ mark }) => mark === ' ')).toBe(true);
      }),
      RUNS,
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const plain = diffDefinitions(read(a), read(b));
        const mixed = diffDefinitions(read(withKeysReversed(a)), read(withKeysReversed(b)));
        expect(mixed.changes.map(({ sentence }) => sentence)).toEqual(plain.changes.map(({ sentence }) => sentence));
      }),
      RUNS,
    );
  });

  it('mirrors the diff the other way round', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const [before, after] = [read(a), read(b)];
        const there = diffDefinitions(before, after);
        const back = diffDefinitions(after, before);
        // A step that was found again by less than its id is called by the id of the version after.
        const { idAfter } = matchSteps(before, after);
        const renamed = back.changes.map(({ stepId, ...change }) => ({
          ...change,
          ...(stepId !== undefined && {
            stepId: change.kind === 'added' && change.property === undefined ? stepId : idAfter(stepId),
          }),
        }));
        expect(renamed.map(comparable).sort()).toEqual(there.changes.map(reversed).sort());
        expect(back.risk.level === 'none').toBe(there.risk.level === 'none');
        expect(back.functional).toBe(there.functional);
      }),
      RUNS,
    );
  });

  it('is functional exactly where the logic hashes differ', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const [before, after] = [read(a), read(b)];
        const { functional } = diffDefinitions(before, after);
        expect(functional).toBe(logicHash(before) !== logicHash(after));
      }),
      RUNS,
    );
  });

  it('is the same every time, and so are its views', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const render = () => {
          const [before, after] = [read(a), read(b)];
          const diff = diffDefinitions(before, after);
          return [diff, blocksView(before, after, diff), codeView(before, after, diff)];
        };
        expect(render()).toEqual(render());
      }),
      RUNS,
    );
  });

  it('is counted as it is listed, in sentences of one line', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const diff: WorkflowDiff = diffDefinitions(read(a), read(b));
        expect(diff.counts.total).toBe(diff.changes.length);
        for (const { sentence } of diff.changes) {
          expect(sentence).toMatch(/^[^\p{Cc}\u202A-\u202E\u2066-\u2069]+$/u);
          expect(sentence.length).toBeLessThan(1_000);
        }
      }),
      RUNS,
    );
  });
});

describe('Several edits at once', () => {
  it('are all told, and nothing else is', () => {
    const base = read(ticketFlow());
    fc.assert(
      fc.property(fc.subarray([...EDITS]), (edits) => {
        const after = ticketFlowWith((document) => {
          for (const { edit } of edits) edit(document);
        });
        const told = diffDefinitions(base, after).changes.map(({ sentence }) => sentence);
        expect(told.sort()).toEqual(edits.flatMap(({ sentences }) => sentences).sort());
      }),
      RUNS,
    );
  });
});
