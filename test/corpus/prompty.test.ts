import { describe, expect, it } from 'vitest';
import { diffOfPair, hasCorpus } from '../support/workflows/corpus.ts';

describe.skipIf(!hasCorpus('prompty'))('Real Prompty files', () => {
  it('prompty/01: a rule is added to the system prompt, and nothing else differs', () => {
    const { before, after, diff } = diffOfPair('prompty/01');
    expect(after.format).toBe('prompt');
    expect(after.name).toBe('Coherence');
    expect(diff.changes.map(({ class: is, property, kind }) => [is, property, kind])).toEqual([
      ['prompt', 'systemPrompt', 'changed'],
    ]);
    const added = 'You should return a single integer value between 1 to 5 representing the evaluation metric.';
    expect(diff.changes[0]?.before).not.toContain(added);
    expect(diff.changes[0]?.after).toContain(added);
    expect(diff.functional).toBe(true);
    const [step] = before.steps;
    expect(step?.properties).toMatchObject({
      model: '${env:AZURE_DEPLOYMENT}',
      provider: 'azure_openai',
      modelParameters: { temperature: 0, maxTokens: 1, topP: 1, response_format: { type: 'text' } },
      systemPrompt: expect.stringMatching(/^You are an AI assistant\. .*evaluation metric\.$/),
      task: expect.stringMatching(/^Coherence of an answer(?:.|\n)*answer: \{\{answer\}\}\nstars:$/),
    });
    // How the model is reached differs from environment to environment.
    expect(before.bindings).toEqual({
      prompt: { api_key: '${env:AZURE_OPENAI_API_KEY}', azure_endpoint: '${env:AZURE_OPENAI_ENDPOINT}' },
    });
    expect(Object.keys(before.inputs?.['properties'] ?? {})).toEqual(['question', 'answer']);
  });

  it('prompty/03: another model, no JSON any more, two inputs and both outputs gone, a shorter prompt; the sample says nothing', () => {
    const { diff } = diffOfPair('prompty/03');
    expect(diff.changes.map(({ class: is, kind, property, path }) => [is, kind, property ?? path]).sort()).toEqual(
      [
        ['model', 'changed', 'model'],
        ['model', 'removed', 'modelParameters.response_format'],
        ['prompt', 'changed', 'systemPrompt'],
        ['schema', 'removed', 'inputs.first_name'],
        ['schema', 'removed', 'inputs.last_name'],
        ['schema', 'removed', 'outputs.answer'],
        ['schema', 'removed', 'outputs.name'],
      ].sort(),
    );
    expect(diff.changes[0]).toMatchObject({ before: 'gpt-35-turbo-0125', after: 'gpt-35-turbo' });
    expect(diff.changes.find(({ property }) => property === 'systemPrompt')?.lines).toEqual({ added: 1, removed: 5 });
    expect(JSON.stringify(diff.changes)).not.toContain('most famous person');
    expect(diff.risk.level).toBe('high');
  });

  it('prompty/04: one deployment for another, and that is all', () => {
    const { diff } = diffOfPair('prompty/04');
    expect(diff.changes.map(({ sentence }) => sentence)).toEqual([
      'Model of ‘prompt’ changed from ‘gpt-35-turbo’ to ‘gpt-4o’',
    ]);
    expect(diffOfPair('prompty/04', 'after', 'after').diff.changes).toEqual([]);
  });

  it('prompty/03 and 04: the same file, later on, is found to be the same', () => {
    const { after } = diffOfPair('prompty/03');
    const { before } = diffOfPair('prompty/04');
    expect(before).toEqual(after);
  });
});
