/** Pairs of at most 10 MB each that are made to be slow or large to compare. JSON texts, made anew each time. */

const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

const flow = (steps: unknown[]) => ({ apiVersion: 'towpath/v1', name: 'x', executionMode: 'dag', steps });

const keys = (count: number, name: (index: number) => string, value: (index: number) => unknown) =>
  Object.fromEntries(many(count, (index) => [name(index), value(index)]));

const words = (count: number, seed: number) => many(count, (index) => `w${(index * seed) % 9973}`).join(' ');

function nested(depth: number, make: (depth: number) => unknown): unknown {
  let inner: unknown = 1;
  for (let at = depth; at > 0; at--) inner = { a: inner, b: make(at) };
  return inner;
}

type Pair = readonly [before: unknown, after: unknown];

const both = (make: (side: number) => unknown): Pair => [make(1), make(2)];

export const HOSTILE_PAIRS: Readonly<Record<string, () => Pair>> = {
  'one prompt of 9 MB, every line different': () =>
    both((side) =>
      flow([
        { id: 's', type: 'llm', systemPrompt: many(300_000, (line) => `line ${line * side} of ${side}`).join('\n') },
      ]),
    ),
  'one prompt of 9 MB, every word different': () =>
    both((side) => flow([{ id: 's', type: 'llm', systemPrompt: words(1_400_000, side * 7) }])),
  'one prompt of 9 MB of empty lines': () =>
    both((side) => flow([{ id: 's', type: 'llm', task: `${side}\n`.repeat(3_000_000) }])),
  '5,000 prompts, all rewritten': () =>
    both((side) =>
      flow(
        many(5_000, (at) => ({
          id: `s${at}`,
          type: 'llm',
          systemPrompt: many(40, (line) => `${side} ${at} ${line} about this`).join('\n'),
        })),
      ),
    ),
  '5,000 steps, every id and name new': () =>
    both((side) =>
      flow(
        many(5_000, (at) => ({
          id: `s${side}_${at}`,
          type: 'llm',
          label: `${side} ${at}`,
          systemPrompt: words(200, at + side),
        })),
      ),
    ),
  '5,000 steps of one name, every id new': () =>
    both((side) =>
      flow(
        many(5_000, (at) => ({
          id: `s${side}_${at}`,
          type: 'llm',
          label: 'Same',
          systemPrompt: words(200, at * 3 + side),
        })),
      ),
    ),
  '5,000 steps, new ids named in every text': () =>
    both((side) =>
      flow(
        many(5_000, (at) => ({
          id: `step${side}00${at}`,
          type: 'llm',
          label: `L${at}`,
          task: many(40, (n) => `{{ steps.step${side}00${(at + n) % 5_000}.output }}`).join(' '),
        })),
      ),
    ),
  '5,000 steps in the opposite order': () => {
    const steps = many(5_000, (at) => ({ id: `s${at}`, type: 'llm', systemPrompt: words(150, at) }));
    const sequence = (list: unknown[]) => ({ ...flow(list), executionMode: 'sequential' });
    return [sequence(steps), sequence([...steps].reverse())];
  },
  '5,000 steps that depend on 50 others each': () =>
    both((side) =>
      flow(
        many(5_000, (at) => ({
          id: `s${at}`,
          type: 'llm',
          dependsOn: [...new Set(many(50, (n) => `s${(at * n * side) % Math.max(1, at)}`))].filter(
            (id) => id !== `s${at}`,
          ),
        })),
      ),
    ),
  '230,000 keys, all new': () =>
    both((side) =>
      keys(
        230_000,
        (at) => `${side === 1 ? 'old' : 'new'}_key_number_${at}`,
        (at) => `value ${at}`,
      ),
    ),
  '200,000 keys, all values new': () =>
    both((side) =>
      keys(
        200_000,
        (at) => `key_${at}`,
        (at) => `value ${at} of ${side} and more of it`,
      ),
    ),
  'half a million keys, all values new': () =>
    both((side) =>
      keys(
        500_000,
        (at) => `k${at}`,
        (at) => at * side,
      ),
    ),
  'a schema of 200,000 fields, all of another type': () =>
    both((side) => ({
      ...flow([{ id: 's', type: 'llm' }]),
      inputs: {
        type: 'object',
        required: many(200_000, (at) => `field_${at * side}`),
        properties: keys(
          200_000,
          (at) => `field_${at}`,
          () => ({ type: side === 1 ? 'string' : 'number' }),
        ),
      },
    })),
  'a list of 230,000 things with ids': () =>
    both((side) => ({ list: many(230_000, (id) => ({ id, name: `n${id}`, v: `${id} ${side}` })) })),
  'a list of 230,000 things without': () =>
    both((side) => ({ list: many(230_000, (at) => ({ v: at * side, w: [`${at} ${side}`] })) })),
  'a list of 230,000 texts': () => both((side) => ({ list: many(230_000, (at) => `text ${at * side} of the list`) })),
  'a list of a million numbers': () => both((side) => ({ list: many(1_000_000, (at) => at * side) })),
  'a million empty lists': () => both((side) => ({ list: many(1_000_000 + side, () => []) })),
  'a million lists of one number': () => both((side) => ({ list: many(1_000_000, (at) => [at * side]) })),
  'lists in lists, 150 deep': () => both((side) => nested(150, (at) => many(5_000, (n) => n * at * side))),
  'things in things, 190 deep': () =>
    both((side) =>
      nested(190, (at) =>
        keys(
          2_500,
          (n) => `k${n}`,
          (n) => n * at * side,
        ),
      ),
    ),
  'one line of 9 MB': () => both((side) => ({ text: String(side).repeat(9_000_000) })),
  'one key of 9 MB': () => both((side) => ({ [String(side).repeat(9_000_000)]: 1 })),
  'one name of 9 MB': () => both((side) => ({ list: [{ id: 'x'.repeat(9_000_000), v: side }] })),
  'one character of 4 million code points': () => both((side) => ({ text: `${side}${'\u0301'.repeat(4_000_000)}` })),
  '20,000 texts of 400 characters, each changed by a word': () =>
    both((side) => ({
      list: many(20_000, (at) => ({ id: `t${at}`, prompt: `${words(60, at + 1)} ${side} ${words(20, at + 2)}\nend` })),
    })),
  '1,500 prompts of 150 lines, each third line changed': () =>
    both((side) =>
      flow(
        many(1_500, (at) => ({
          id: `s${at}`,
          type: 'llm',
          systemPrompt: many(150, (line) => `do ${at} ${line} ${line % 3 === 0 ? side : ''} with care`).join('\n'),
        })),
      ),
    ),
  'masks by the hundred thousand': () =>
    both((side) => ({
      list: many(190_000, (at) => ({ id: at, key: `masked~api-key~${String(at * side).padStart(16, '0')}` })),
    })),
  '200,000 edges between 5,000 nodes of an unknown format': () =>
    both((side) => ({
      nodes: many(5_000, (id) => ({ id: `n${id}`, name: `N${id}` })),
      edges: many(200_000, (at) => ({ source: `n${at % 5_000}`, target: `n${(at * side * 7) % 5_000}` })),
    })),
};
