import { describe, expect, it } from 'vitest';
import { blocksView } from '../../../src/domain/diff/blocks-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { type Document, read } from '../../support/workflows/ticket-flow.ts';

function sentences(before: Document, after: Document): string[] {
  return diffDefinitions(read(before), read(after)).changes.map(({ sentence }) => sentence);
}

const http = (url: string, more: object = {}) => ({ id: 'n1', name: 'HTTP Request', parameters: { url }, ...more });

describe('Documents in a format that nobody reads', () => {
  it('are compared by the ids of what they list, and told by the names', () => {
    expect(
      sentences(
        { nodes: [http('http://a'), { id: 'n2', name: 'End' }] },
        { nodes: [{ id: 'n2', name: 'End' }, http('http://b')] },
      ),
    ).toEqual([
      'nodes put in another order',
      'nodes ‘HTTP Request’: parameters.url changed from ‘http://a’ to ‘http://b’',
    ]);
    expect(sentences({ nodes: [http('x')] }, { nodes: [http('x'), { id: 'n3', name: 'Slack' }] })).toEqual([
      'nodes ‘Slack’ added',
    ]);
    expect(sentences({ nodes: [http('x'), { id: 'n3', name: 'Slack' }] }, { nodes: [http('x')] })).toEqual([
      'nodes ‘Slack’ removed',
    ]);
  });

  it('are compared by name where every id is new', () => {
    expect(sentences({ nodes: [http('http://a')] }, { nodes: [http('http://b', { id: 'new' })] })).toEqual([
      'nodes ‘HTTP Request’: id changed from ‘n1’ to ‘new’',
      'nodes ‘HTTP Request’: parameters.url changed from ‘http://a’ to ‘http://b’',
    ]);
  });

  it('tell a new name of the same id as a rename', () => {
    const diff = diffDefinitions(read({ nodes: [http('x')] }), read({ nodes: [http('x', { name: 'Fetch' })] }));
    expect(diff.changes).toMatchObject([
      { kind: 'renamed', sentence: 'nodes ‘HTTP Request’ renamed to ‘Fetch’', path: 'nodes[0].name' },
    ]);
  });

  it('lose nothing that has a repeated id or none', () => {
    const twins = [{ id: 'x', v: 1 }, { id: 'x', v: 2 }, { v: 3 }];
    expect(sentences({ list: twins }, { list: [{ id: 'x', v: 1 }, { id: 'x', v: 5 }, { v: 4 }] })).toEqual([
      'list ‘x’: v changed from 2 to 5',
      'list[2].v changed from 3 to 4',
    ]);
  });

  it('see an insertion at the front of a list without names as one', () => {
    const after = [{ a: 0 }, { a: 1 }, { a: 2 }, { a: 3 }];
    expect(sentences({ list: after.slice(1) }, { list: after })).toEqual(['list[0] added']);
    expect(sentences({ list: ['b', 'c'] }, { list: ['a', 'b', 'c'] })).toEqual(['list: ‘a’ added']);
  });

  it('name the innermost named things on the way', () => {
    const flow = (left: string) => ({
      graph: { nodes: [{ id: '17', data: { title: 'Gate', cases: [{ id: 'c1', left }] } }] },
    });
    expect(sentences(flow('a'), flow('b'))).toEqual(['nodes ‘Gate’, cases ‘c1’: left changed from ‘a’ to ‘b’']);
  });

  it('leave out names on the way that a machine made up', () => {
    const flow = (left: string) => ({
      nodes: [{ id: '17', name: 'Gate', cases: [{ id: 'f449f8ad-94c3-4813-baeb-7ec9542192eb', left }] }],
    });
    expect(sentences(flow('a'), flow('b'))).toEqual(['nodes ‘Gate’: cases[0].left changed from ‘a’ to ‘b’']);
  });

  it('tell plain values that came, went or changed places', () => {
    expect(sentences({ kinds: ['a', 'b', 'c'] }, { kinds: ['c', 'a', 'd'] })).toEqual([
      'kinds put in another order',
      'kinds: ‘b’ removed',
      'kinds: ‘d’ added',
    ]);
    expect(sentences({ kinds: ['a', 'a', 'b'] }, { kinds: ['a', 'b', 'a'] })).toEqual(['kinds put in another order']);
    expect(sentences({ selector: ['n1', 'text'] }, { selector: ['n2', 'text'] })).toEqual([
      'selector[0] changed from ‘n1’ to ‘n2’',
    ]);
  });

  it('call arrows by what they join, and twins by their ids', () => {
    const nodes = ['a', 'b', 'c'].map((id) => ({ id, data: { label: id === 'c' ? 'Two' : 'One' } }));
    const edge = { id: 'e', source: 'a', target: 'c' };
    expect(sentences({ nodes, edges: [] }, { nodes, edges: [edge] })).toEqual(['edges ‘One → Two’ added']);
    const changed = nodes.map((node) => (node.id === 'b' ? { ...node, on: true } : node));
    expect(sentences({ nodes }, { nodes: changed })).toEqual(['nodes ‘One (b)’: on set to true']);
  });

  it('put what is likely about models, prompts and tools first', () => {
    const node = (model: string, system_prompt: string, tools: string[], timeout: number, other: number) => ({
      nodes: [{ id: 'n', name: 'N', other, timeout, parameters: { tools, system_prompt, modelId: { value: model } } }],
    });
    const { changes } = diffDefinitions(read(node('a', 'x', [], 1, 1)), read(node('b', 'y', ['t'], 2, 2)));
    expect(changes.map((change) => change.class)).toEqual(['model', 'prompt', 'tools', 'logic', 'limits']);
  });

  it('take for layout what only a canvas writes, and nothing else', () => {
    const canvas = (x: number, more: object = {}) => ({
      graph: { nodes: [{ id: 'n', position: { x, y: 1 }, ...more }], edges: [], viewport: { x, y: 1, zoom: 1 } },
    });
    const diff = diffDefinitions(
      read(canvas(1, { width: 5, selected: true })),
      read(canvas(2, { width: 6, selected: false })),
    );
    expect(diff.functional).toBe(false);
    expect(diff.changes.map(({ sentence }) => sentence)).toEqual([]);
    const isFunctional = (before: Document, after: Document) => diffDefinitions(read(before), read(after)).functional;
    const node = (position: unknown) => ({ nodes: [{ position }], connections: {} });
    expect(isFunctional(node([1, 2]), node([3, 4]))).toBe(false);
    expect(isFunctional(node({ x: 1, y: 'left' }), node({ x: 2, y: 'left' }))).toBe(true);
    expect(isFunctional(canvas(1, { data: { width: 1 } }), canvas(1, { data: { width: 2 } }))).toBe(true);
    const click = (x: number) => ({ steps: [{ action: 'click', position: { x, y: 1 }, selected: x > 1 }] });
    expect(isFunctional(click(1), click(2))).toBe(true);
    const pairs = (style: string) => ({ edges: [{ source: 'fr', target: 'en', style }] });
    expect(isFunctional(pairs('formal'), pairs('plain'))).toBe(true);
  });

  it('take a new name of the whole for cosmetic', () => {
    const diff = diffDefinitions(read({ name: 'A', a: 1 }), read({ name: 'B', a: 1 }));
    expect(diff.changes).toMatchObject([{ class: 'cosmetic', sentence: 'Workflow renamed from ‘A’ to ‘B’' }]);
    expect(diff.functional).toBe(false);
  });

  it('tell a long list of numbers as one change', () => {
    const list = (step: number) => ({ embedding: Array.from({ length: 300 }, (_, index) => index * step) });
    expect(sentences(list(1), list(2))).toEqual([
      'embedding changed from [300 items] to [300 items] (the difference is not visible here)',
    ]);
  });

  it('tell texts by their lines and other things by their size', () => {
    expect(sentences({ code: 'a\nb' }, { code: 'a\nc\nd' })).toEqual(['code modified (+2 −1 lines)']);
    expect(sentences({ a: 1 }, { a: { b: 1 } })).toEqual(['a changed from 1 to {1 field}']);
    expect(sentences({ a: 1 }, { a: 1, b: { c: 1 } })).toEqual(['b added']);
    expect(sentences({ a: '1' }, { a: 1 })).toEqual(['a changed from ‘1’ to 1']);
    expect(sentences({ a: null }, { a: '' })).toEqual(['a changed from null to empty text']);
  });
});

describe('The blocks view of a document in a format that nobody reads', () => {
  it('lists what changed under the list it stands in, and counts the rest', () => {
    const nodes = [http('a'), { id: 'n2', name: 'End' }, { id: 'n3', name: 'Old' }];
    const [before, after] = [
      read({ nodes, on: true }),
      read({ nodes: [http('b'), nodes[1], { id: 'n4', name: 'New' }], on: false }),
    ];
    const lines = blocksView(before, after, diffDefinitions(before, after));
    expect(lines.map(({ mark, depth, text }) => `${mark} ${'  '.repeat(depth)}${text}`)).toEqual([
      '  nodes',
      '~   HTTP Request: parameters.url',
      '-   Old',
      '+   New',
      '    … 1 unchanged item',
      '~ on',
    ]);
  });
});
