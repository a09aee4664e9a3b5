import { describe, expect, it } from 'vitest';
import { diffOfPair, hasCorpus } from '../support/workflows/corpus.ts';

describe.skipIf(!hasCorpus('promptflow'))('Real flows of prompt flow', () => {
  it('promptflow/06: another model and another deployment of one node, for OpenAI and for Azure', () => {
    const { after, diff } = diffOfPair('promptflow/06');
    expect(diff.changes.map(({ sentence }) => sentence).sort()).toEqual([
      'Deployment of ‘gpt_groundedness’ changed from ‘gpt-35-turbo’ to ‘gpt-4’',
      'Model of ‘gpt_groundedness’ changed from ‘gpt-3.5-turbo’ to ‘gpt-4’',
    ]);
    expect(diff.changes.every(({ class: is, stepId }) => is === 'model' && stepId === 'gpt_groundedness')).toBe(true);
    expect(diff.risk).toMatchObject({ level: 'high', reasons: [expect.stringContaining('model swapped')] });
    expect(after.format).toBe('promptflow');
    expect(after.steps.map(({ id, kind }) => [id, kind])).toEqual([
      ['parse_score', 'code'],
      ['aggregate', 'code'],
      ['gpt_groundedness', 'llm'],
    ]);
    expect(after.edges).toEqual([
      { from: 'gpt_groundedness', to: 'parse_score' },
      { from: 'parse_score', to: 'aggregate' },
    ]);
    expect(after.bindings).toEqual({ gpt_groundedness: { connection: 'open_ai_connection' } });
    expect(after.outputs).toEqual({
      properties: { groundedness: { type: 'string', reference: '${parse_score.output}' } },
    });
    expect(Object.keys(after.inputs?.['properties'] ?? {})).toEqual(['question', 'answer', 'context']);
  });
});
