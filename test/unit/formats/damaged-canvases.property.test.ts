import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { allSteps } from '../../../src/domain/workflow/definition.ts';
import { InvalidDefinitionError } from '../../../src/domain/workflow/invalid-definition-error.ts';
import { isList, isObject, type Json } from '../../../src/domain/workflow/json.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { ticketApp } from '../../support/workflows/dify-flow.ts';
import { orderFlow } from '../../support/workflows/n8n-flow.ts';

/** A document with some of its values replaced by something that nobody expects there. */
function damaged(document: Json): fc.Arbitrary<Json> {
  const places = placesIn(document);
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(...places.slice(0, 200).map((at) => valueAt(document, at))),
  );
  const damage = fc.tuple(fc.constantFrom(...places), value);
  return fc.array(damage, { minLength: 1, maxLength: 6 }).map((all) => {
    const copy = structuredClone(document);
    for (const [at, now] of all) replaceAt(copy, at, structuredClone(now) as Json);
    return copy;
  });
}

type Place = readonly (string | number)[];

function placesIn(value: Json, at: Place = []): Place[] {
  const inner = isList(value)
    ? value.map((item, index) => [index, item] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  return inner.flatMap(([key, item]) => [[...at, key], ...placesIn(item, [...at, key])]);
}

function valueAt(value: Json, at: Place): Json {
  return at.reduce<Json>((inside, key) => (inside as { [key: string]: Json } | null)?.[key] ?? null, value);
}

function replaceAt(value: Json, at: Place, now: Json): void {
  const holder = valueAt(value, at.slice(0, -1));
  const key = at.at(-1);
  if (typeof holder === 'object' && holder !== null && key !== undefined)
    (holder as { [key: string]: Json })[key] = now;
}

function readOrRefused(document: Json, format: string) {
  try {
    return readDefinition(JSON.stringify(document), { format });
  } catch (error) {
    if (error instanceof InvalidDefinitionError) return null;
    throw error;
  }
}

describe.each([
  ['n8n', orderFlow()],
  ['dify', ticketApp()],
])('A damaged %s document', (format, document) => {
  const whole = readDefinition(JSON.stringify(document), { format });

  it('is read or refused, keeps its ids unique, and compares with itself and with the whole one', () => {
    fc.assert(
      fc.property(damaged(document), (broken) => {
        const read = readOrRefused(broken, format);
        if (read === null) return;
        const ids = allSteps(read).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(diffDefinitions(read, readDefinition(JSON.stringify(broken), { format })).changes).toEqual([]);
        expect(diffDefinitions(whole, read).counts.total).toBeGreaterThanOrEqual(0);
        expect(diffDefinitions(read, whole).counts.total).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});
