import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/diff/change.ts';
import { diffOfPair, hasCorpus } from '../support/workflows/corpus.ts';

const told = ({ class: is, kind, stepLabel, property, path }: Change) => [is, kind, stepLabel ?? path, property];

/** What truly changed in real apps, by reading both files: more than their descriptions say. */
describe.skipIf(!hasCorpus('dify'))('Real Dify apps', () => {
  it('dify/01: one thing changed, how the agent reaches its MCP server', () => {
    const { diff, after } = diffOfPair('dify/01');
    expect(diff.changes).toHaveLength(1);
    expect(diff.changes[0]).toMatchObject({
      class: 'tools',
      kind: 'changed',
      stepLabel: 'Agent',
      after: 'https://mcp.amap.com/sse?key=',
    });
    expect(diff.functional).toBe(true);
    const agent = after.steps.find(({ label }) => label === 'Agent');
    expect(agent?.properties).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o-mini',
      tools: ['time/current_time'],
      mcpServers: ['https://mcp.amap.com/sse'],
      task: '{{#sys.query#}}',
    });
  });

  it('dify/03: a leaderboard added; places, orders and four new ids of the same nodes are not told as changes', () => {
    const { diff } = diffOfPair('dify/03');
    const functional = diff.changes.filter((change) => change.class !== 'cosmetic');
    expect(functional.map(told).sort()).toEqual(
      [
        ['logic', 'added', 'SQL查询', undefined],
        ['logic', 'added', '战绩排行', undefined],
        ['logic', 'added', 'edges', undefined],
        ['logic', 'added', 'edges', undefined],
        ['logic', 'added', '输入判断', 'condition.elseIf[1]'],
        ['logic', 'changed', '当前挑战', 'answer'],
        ['logic', 'changed', '提示点击重启和战绩', 'answer'],
        ['logic', 'added', 'conversation_variables.show_ranking_ts', undefined],
        ['logic', 'removed', 'features.retriever_resource', undefined],
        ['logic', 'added', 'features.suggested_questions[1]', undefined],
      ].sort(),
    );
    const edges = diff.changes.filter(({ path }) => path === 'edges').map(({ sentence }) => sentence);
    expect(edges).toEqual(['Edge ‘输入判断’ → ‘SQL查询’ (case 8fa9b63d) added', 'Edge ‘SQL查询’ → ‘战绩排行’ added']);
    const cosmetic = diff.changes.filter((change) => change.class === 'cosmetic');
    expect(cosmetic.map(({ kind, path, stepLabel }) => `${kind} ${stepLabel ?? path}`)).toEqual(
      expect.arrayContaining(['renamed name', 'changed description', 'renamed 提示点击重启和战绩']),
    );
    expect(diff.counts.steps).toMatchObject({ added: 2, removed: 0, moved: 0 });
  });

  it('dify/04: an input, a rewritten prompt, a code node with one more output, a template with one more variable', () => {
    const { diff } = diffOfPair('dify/04');
    expect(diff.changes.map(told).sort()).toEqual(
      [
        ['schema', 'added', 'inputs.enabled_summary', undefined],
        ['prompt', 'changed', 'LLM', 'systemPrompt'],
        ['logic', 'changed', '代码执行', 'code.source'],
        ['logic', 'added', '代码执行', 'inputs.enabled_summary'],
        ['schema', 'added', '代码执行', 'outputs.summary'],
        ['logic', 'changed', '模板转换', 'template'],
        ['logic', 'added', '模板转换', 'inputs.summary'],
      ].sort(),
    );
    expect(diff.counts.steps).toMatchObject({ added: 0, removed: 0, moved: 0, changed: 3 });
  });

  it.each(['01', '03', '04'])('dify/%s: either version against itself is nothing', (pair) => {
    expect(diffOfPair(`dify/${pair}`, 'before', 'before').diff.changes).toEqual([]);
    expect(diffOfPair(`dify/${pair}`, 'after', 'after').diff.changes).toEqual([]);
  });
});
