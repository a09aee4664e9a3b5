import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import type { Definition, Step } from '../../../src/domain/workflow/definition.ts';
import { logicHash } from '../../../src/domain/workflow/hashes.ts';
import { towpathPairs, withKeysReversed } from '../../support/workflows/arbitraries.ts';
import { graph, step } from '../../support/workflows/definitions.ts';
import { type Document, read } from '../../support/workflows/ticket-flow.ts';

const RUNS = { numRuns: 60 };

const layout = fc.dictionary(fc.constantFrom('a', 's0', 's1'), fc.record({ x: fc.nat(), y: fc.nat() }));

/** A workflow on a canvas: what it is made of, without ids and without an order. */
const canvases = fc.record({
  steps: fc.uniqueArray(
    fc.record({
      label: fc.string({ minLength: 1, maxLength: 6 }).filter((label) => label.trim() === label),
      kind: fc.constantFrom('llm', 'agent', 'tool'),
      model: fc.constantFrom<string>('a', 'b'),
      prompt: fc.constantFrom('Answer kindly.', 'Translate what comes in.', 'Say\nno more.'),
    }),
    { selector: ({ label }) => label, minLength: 2, maxLength: 9 },
  ),
  arrows: fc.uniqueArray(fc.tuple(fc.nat({ max: 8 }), fc.nat({ max: 8 })), { selector: String, maxLength: 9 }),
});

type Canvas = typeof canvases extends fc.Arbitrary<infer Value> ? Value : never;

/** One way to write it down: with these ids, in this order. */
function written({ steps, arrows }: Canvas, idOf: (index: number) => string, isReversed: boolean): Definition {
  const made = steps.map(({ label, kind, model, prompt }, index): Step => {
    const properties = { model, systemPrompt: `${prompt} Ask {{#${idOf((index + 1) % steps.length)}.text#}}.` };
    return step(idOf(index), { label, kind, properties });
  });
  const edges = arrows
    .filter(([from, to]) => from < steps.length && to < steps.length)
    .map(([from, to]) => ({ from: idOf(from), to: idOf(to) }));
  return graph(isReversed ? made.reverse() : made, { edges: isReversed ? edges.reverse() : edges });
}

const oldId = (index: number) => `node-${index}00001`;
const newId = (index: number) => `${index}98765-new`;

describe('What says nothing about the logic changes nothing', () => {
  it('be it where a canvas drew it, or how the keys are ordered', () => {
    fc.assert(
      fc.property(towpathPairs, layout, ([document], drawn) => {
        const again: Document = withKeysReversed({ ...document, layout: drawn });
        expect(diffDefinitions(read(document), read(again)).changes).toEqual([]);
      }),
      RUNS,
    );
  });

  it('be it the order in which the steps of a graph are listed', () => {
    fc.assert(
      fc.property(canvases, (canvas) => {
        const diff = diffDefinitions(written(canvas, oldId, false), written(canvas, oldId, true));
        expect(diff.changes).toEqual([]);
      }),
      RUNS,
    );
  });

  it('be it new ids for all steps, which is told once and is not functional', () => {
    fc.assert(
      fc.property(canvases, fc.boolean(), (canvas, isReversed) => {
        const [before, after] = [written(canvas, oldId, false), written(canvas, newId, isReversed)];
        const diff = diffDefinitions(before, after);
        expect(diff.functional).toBe(false);
        expect(logicHash(after)).toBe(logicHash(before));
        expect(diff.changes.map(({ sentence }) => sentence)).toEqual([
          `${canvas.steps.length} steps matched by name, their ids changed`,
        ]);
      }),
      RUNS,
    );
  });
});

describe('Edits under new ids for all steps', () => {
  it('are all told, and nothing else is', () => {
    fc.assert(
      fc.property(canvases, fc.array(fc.boolean(), { maxLength: 9 }), fc.boolean(), (canvas, isEdited, isReversed) => {
        const edited = {
          ...canvas,
          steps: canvas.steps.map((one, index) => (isEdited[index] ? { ...one, model: `${one.model}2` } : one)),
        };
        const [before, after] = [written(canvas, oldId, false), written(edited, newId, isReversed)];
        const diff = diffDefinitions(before, after);
        expect(logicHash(after) !== logicHash(before)).toBe(diff.functional);
        const functional = diff.changes.filter((change) => change.class !== 'cosmetic');
        const told = functional.map(({ stepLabel, property, before, after }) => [stepLabel, property, before, after]);
        const expected = canvas.steps.flatMap(({ label, model }, index) =>
          isEdited[index] ? [[label, 'model', model, `${model}2`]] : [],
        );
        expect(told.map(String).sort()).toEqual(expected.map(String).sort());
        expect(functional.every(({ sentence }) => sentence.endsWith('(matched by name, its id changed)'))).toBe(true);
      }),
      RUNS,
    );
  });
});
