import { describe, expect, it } from 'vitest';
import { diffOfPair, hasCorpus } from '../support/workflows/corpus.ts';

/** What truly changed in real flows, by reading both files. */
describe.skipIf(!hasCorpus('langflow'))('Real Langflow flows', () => {
  it('langflow/03: one arrow more; all else is timestamps and where the canvas stood', () => {
    const { diff, after } = diffOfPair('langflow/03');
    expect(diff.changes).toHaveLength(1);
    expect(diff.changes[0]).toMatchObject({
      class: 'logic',
      kind: 'added',
      sentence: 'Edge ‘Text Input’ → ‘OpenSearch’ (text → filter_expression) added',
    });
    expect(diff.functional).toBe(true);
    expect(diff.risk.level).toBe('medium');
    expect(after.steps).toHaveLength(7);
    expect(after.edges).toHaveLength(6);
  });

  it('langflow/06: a prompt rewritten and two tools switched off, of 227 KB', () => {
    const { diff, before, after } = diffOfPair('langflow/06');
    expect(diff.changes.map(({ class: is, kind, stepId, property }) => [is, kind, stepId, property])).toEqual([
      ['prompt', 'changed', 'Agent-crjWf', 'systemPrompt'],
      ['tools', 'removed', 'OpenSearch-iYfjf', 'tools'],
      ['tools', 'removed', 'OpenSearch-iYfjf', 'tools'],
    ]);
    expect(diff.changes.slice(1).map((change) => change.before)).toEqual(['as_dataframe', 'as_vector_store']);
    const [prompt] = diff.changes;
    expect(prompt?.before).toBe(
      'You are a helpful assistant that can use tools to answer questions and perform tasks.',
    );
    expect(String(prompt?.after)).toContain('You are part of OpenRAG');
    expect(diff.counts.steps).toEqual({ added: 0, removed: 0, changed: 2, moved: 0 });
    expect(before.bindings).toEqual(after.bindings);
  });

  it('langflow/08: a file reader replaced by five steps; versions, places and classes of the canvas are not told', () => {
    const { diff } = diffOfPair('langflow/08');
    const steps = diff.changes.filter(({ stepId, property }) => stepId !== undefined && property === undefined);
    expect(steps.map(({ kind, stepId }) => [kind, stepId]).sort()).toEqual([
      ['added', 'DataFrameOperations-1BWXB'],
      ['added', 'DataFrameOperations-9vMrp'],
      ['added', 'DataFrameOperations-N80fC'],
      ['added', 'DoclingRemote-Dp3PX'],
      ['added', 'ExportDoclingDocument-zZdRg'],
      ['removed', 'File-PSU37'],
    ]);
    const edges = diff.changes.filter(({ path }) => path === 'edges').map(({ kind }) => kind);
    expect(edges.filter((kind) => kind === 'added')).toHaveLength(5);
    expect(edges.filter((kind) => kind === 'removed')).toHaveLength(1);
    expect(diff.counts.steps).toEqual({ added: 5, removed: 1, changed: 0, moved: 0 });
    // The three new operations read file names and types from variables of the installation.
    const others = diff.changes.filter((change) => change.class !== 'logic');
    expect(others.map((change) => [change.class, change.kind])).toEqual(Array(3).fill(['binding', 'added']));
    expect(diff.changes).toHaveLength(steps.length + edges.length + others.length);
  });

  it.each(['langflow/03', 'langflow/06', 'langflow/08'])('%s: each version against itself is nothing', (pair) => {
    for (const which of ['before', 'after'] as const) {
      const { diff } = diffOfPair(pair, which, which);
      expect(diff.changes).toEqual([]);
      expect(diff.functional).toBe(false);
    }
  });
});
