import fc from 'fast-check';
import type { Document } from './ticket-flow.ts';

const scalar = fc.oneof(
  fc.constantFrom<unknown>('a', 'b', 1, 2, true, null, 'a\nb', 'a\nc\nb', 'x'.repeat(90)),
  fc.string({ maxLength: 12 }),
);
const key = fc.constantFrom(
  'a',
  'model',
  'prompt',
  'tools',
  'position',
  'timeout',
  'source',
  'target',
  'name',
  'title',
);

/** Documents of unknown format with lists of things that have ids, names or neither, so that two of them have much in common. */
export const genericDocuments: fc.Arbitrary<Document> = fc.letrec((tie) => {
  const value = fc.oneof({ maxDepth: 2 }, scalar, tie('object'), tie('items'), tie('plain'));
  return {
    object: fc.dictionary(key, value, { maxKeys: 4 }),
    plain: fc.array(fc.oneof(fc.constantFrom(1, 2, 3), fc.record({ a: fc.constantFrom(1, 2) })), { maxLength: 7 }),
    items: fc.array(
      fc.record({ id: fc.nat({ max: 6 }), name: fc.constantFrom('A', 'B', 'C'), value }, { requiredKeys: [] }),
      { maxLength: 6 },
    ),
    document: fc.record(
      { nodes: tie('items'), list: tie('plain'), settings: tie('object'), more: value },
      { requiredKeys: ['nodes', 'list'] },
    ),
  };
}).document;

/** Values without the keys that no document may have. */
const json = (maxDepth: number) =>
  fc.jsonValue({ maxDepth }).filter((value) => !/"(?:__proto__|constructor|prototype)":/.test(JSON.stringify(value)));

const word = fc.constantFrom('one', 'two', 'three');
const text = fc.constantFrom('short', 'a\nb\nc', 'a\nx\nc', 'a\nb\nc\nd', '');
const names = fc.array(word, { maxLength: 3 });
const schema = fc.record(
  {
    type: fc.constantFrom('object', ['object', 'null']),
    required: names,
    properties: fc.dictionary(
      fc.constantFrom('p', 'q', 'properties', 'required'),
      fc.record(
        { type: word, enum: names, properties: fc.dictionary(word, fc.constant({ type: 'string' })) },
        { requiredKeys: [] },
      ),
      { maxKeys: 3 },
    ),
    items: fc.record({ type: word }),
    anyOf: fc.array(fc.record({ required: names }), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

/** What a step is besides its id and what it holds. */
const plainStep = fc.record(
  {
    type: fc.constantFrom('llm', 'agent'),
    label: word,
    description: word,
    model: word,
    provider: word,
    modelParameters: fc.record(
      {
        temperature: fc.constantFrom(0, 0.5, 1),
        maxTokens: fc.constantFrom(1, 2),
        other: json(1),
      },
      { requiredKeys: [] },
    ),
    systemPrompt: text,
    task: text,
    tools: names,
    mcpServers: names,
    inputs: fc.dictionary(word, json(2), { maxKeys: 2 }),
    outputs: schema,
    timeout: fc.constantFrom('1s', '2s'),
    retry: fc.record({ maxAttempts: fc.constantFrom(1, 2) }, { requiredKeys: [] }),
    onError: fc.constantFrom('fail', 'continue'),
  },
  { requiredKeys: ['type'] },
);

/** What to do with each of a fixed set of ids: leave it out, or put it somewhere. The same ids turn up in every document. */
const placements = fc.array(
  fc.record({
    place: fc.nat({ max: 5 }),
    order: fc.nat({ max: 100 }),
    step: plainStep,
    threshold: fc.constantFrom(0.5, 0.7),
    weights: fc.array(fc.nat({ max: 2 }), { maxLength: 3 }),
  }),
  { minLength: 8, maxLength: 8 },
);

const wholes = fc.record({
  placements,
  executionMode: fc.constantFrom('sequential', 'dag', undefined),
  inputs: fc.option(schema, { nil: undefined }),
  emits: names,
  bindings: fc.dictionary(word, json(1), { maxKeys: 2 }),
  layout: fc.dictionary(word, json(1), { maxKeys: 2 }),
  description: fc.option(word, { nil: undefined }),
});

/** A definition in Towpath's own format over the same few ids, with steps in loops, conditions and branches. */
function documentOf({ placements: places, ...whole }: Document): Document {
  const groups: Document[][] = [[], [], [], [], []];
  const sorted = places.map((place: Document, index: number) => ({ ...place, id: `s${index}` }));
  sorted.sort((a: Document, b: Document) => a.order - b.order);
  for (const { id, place, step } of sorted) groups[place]?.push({ id, ...step });
  const [top = [], then = [], otherwise = [], inLoop = [], branch = []] = groups;
  const { threshold, weights } = places[0];
  const criteria = weights.map((weight: number, index: number) => ({ id: `c${index}`, type: 'llm-rubric', weight }));
  const branches = [
    { name: 'one', steps: branch },
    { name: 'two', steps: [] },
  ];
  const steps: Document[] = [
    ...top,
    { id: 'condition', type: 'condition', condition: { if: 'x', then, else: otherwise } },
    { id: 'loop', type: 'loop', loop: { steps: inLoop } },
    { id: 'parallel', type: 'parallel', parallel: { branches } },
    { id: 'check', type: 'evaluation', evaluation: { criteria, threshold } },
  ];
  return JSON.parse(JSON.stringify({ apiVersion: 'towpath/v1', name: 'x', ...whole, steps }));
}

/** The one value with a few parts of the other: what a next version is to a version. */
function mix(a: Document, b: Document, choose: () => number): Document {
  if (choose() === 0) return b;
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.map((item, index) => mix(item, b[index], choose));
  if (!isMapping(a) || !isMapping(b)) return a;
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => name in a || choose() === 0);
  return Object.fromEntries(
    keys.map((name) => [name, name in a && name in b ? mix(a[name], b[name], choose) : (a[name] ?? b[name])]),
  );
}

function isMapping(value: Document): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Pairs of which the second is sometimes unlike the first, sometimes nearly the same, and sometimes the same. */
function pairsOf(
  values: fc.Arbitrary<Document>,
  toDocument: (value: Document) => Document,
): fc.Arbitrary<[Document, Document]> {
  return fc
    .tuple(values, values, fc.constantFrom(2, 10, 60, 300, 1_000), fc.nat({ max: 100_000 }))
    .map(([a, b, rarity, seed]) => {
      let state = seed;
      const choose = () => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return (state >> 8) % (rarity + 1);
      };
      return [toDocument(a), toDocument(mix(a, b, choose))];
    });
}

export const genericPairs = pairsOf(genericDocuments, (document) => document);
export const towpathPairs = pairsOf(wholes, documentOf);

/** The same document with the keys of every mapping in another order. */
export function withKeysReversed(value: Document): Document {
  if (Array.isArray(value)) return value.map(withKeysReversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, withKeysReversed(inner)]),
  );
}

/** Text of any code points at all, half ones included. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.nat({ max: 0x10ffff }), { maxLength: 200 })
  .map((codes) => String.fromCodePoint(...codes));
