import { describe, expect, it } from 'vitest';
import { diffOfPair, hasCorpus } from '../support/workflows/corpus.ts';

/** What truly changed in a real flow, by reading both files: more than its description says. */
describe.skipIf(!hasCorpus('flowise'))('Real Flowise flows', () => {
  it('flowise/03: four models swapped and three prompts rewritten; sizes, places and empty settings are not told', () => {
    const { diff, before, after } = diffOfPair('flowise/03');
    expect(diff.changes.map(({ class: is, kind, stepLabel, property }) => [is, kind, stepLabel, property])).toEqual([
      ['model', 'changed', 'Software Engineer', 'model'],
      ['model', 'changed', 'Software Engineer', 'provider'],
      ['model', 'changed', 'Code Reviewer', 'model'],
      ['model', 'added', 'Code Reviewer', 'modelParameters.reasoningEffort'],
      ['model', 'changed', 'Code Reviewer', 'modelParameters.temperature'],
      ['model', 'changed', 'Code Reviewer', 'provider'],
      ['model', 'changed', 'Generate Final Answer', 'model'],
      ['model', 'changed', 'Generate Final Answer', 'provider'],
      ['model', 'changed', 'Supervisor', 'model'],
      ['prompt', 'changed', 'Software Engineer', 'systemPrompt'],
      ['prompt', 'changed', 'Code Reviewer', 'systemPrompt'],
      ['prompt', 'changed', 'Generate Final Answer', 'task'],
    ]);
    const swaps = diff.changes.filter(({ property }) => property === 'model' || property === 'provider');
    expect(swaps.map((change) => [change.before, change.after])).toEqual([
      ['gpt-4.1', 'gpt-4o-mini'],
      ['azureChatOpenAI', 'chatOpenAI'],
      ['deepseek-reasoner', 'gpt-4o-mini'],
      ['chatDeepseek', 'chatOpenAI'],
      ['claude-3-7-sonnet-latest', 'gemini-2.5-flash-preview-05-20'],
      ['chatAnthropic', 'chatGoogleGenerativeAI'],
      ['gpt-4o-mini', 'gpt-4.1'],
    ]);
    expect(diff.functional).toBe(true);
    expect(diff.risk.level).toBe('high');
    expect(diff.counts.steps).toEqual({ added: 0, removed: 0, changed: 4, moved: 0 });
    expect(before.edges).toEqual(after.edges);
  });

  it('flowise/03: prompts are compared as the words that people read', () => {
    const prompts = diffOfPair('flowise/03').diff.changes.filter((change) => change.class === 'prompt');
    for (const { before, after } of prompts)
      expect(`${before}${after}`).not.toMatch(/<\/?(?:p|li|ol|br|strong|span)\b/);
    expect(String(prompts[0]?.before)).toContain('Use your understanding of {technology} to build');
    expect(String(prompts[0]?.after)).toContain('Use your understanding of React, Tailwindcss, NodeJS to build');
  });

  it('flowise/03: loops lead back to the supervisor, and branches to their workers', () => {
    const { edges, steps } = diffOfPair('flowise/03').after;
    expect(steps.map(({ kind }) => kind).sort()).toEqual(
      ['agent', 'agent', 'agent', 'condition', 'llm', 'loop', 'loop', 'startAgentflow'].sort(),
    );
    expect(edges.filter(({ port }) => port === 'loop back').map(({ to }) => to)).toEqual([
      'llmAgentflow_0',
      'llmAgentflow_0',
    ]);
    const branches = edges.filter(({ from }) => from === 'conditionAgentflow_0');
    expect(branches.map(({ port, to }) => [port, to])).toEqual([
      ['case 1', 'agentAgentflow_1'],
      ['case 2', 'agentAgentflow_2'],
      ['else', 'agentAgentflow_3'],
    ]);
  });

  it.each(['before', 'after'] as const)('flowise/03: the version %s against itself is nothing', (which) => {
    expect(diffOfPair('flowise/03', which, which).diff.changes).toEqual([]);
  });
});
