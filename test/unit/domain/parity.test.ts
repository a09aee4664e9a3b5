import { describe, expect, it } from 'vitest';
import { parityOf } from '../../../src/domain/parity.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

const FLOW = readDefinition(
  JSON.stringify({
    ...{ apiVersion: 'towpath/v1', name: 'f' },
    steps: [
      { id: 'summarize', type: 'llm', model: '${MODEL:claude-sonnet}', task: 'Use ${API_KEY}', mcpServers: ['slack'] },
      { id: 'refine', type: 'agent', task: '{{ env.TONE }}', dataSources: ['tickets'] },
    ],
  }),
);
const COMPLETE: Settings = {
  variables: { MODEL: 'claude-opus', TONE: 'kind' },
  secrets: { API_KEY: { env: 'API_KEY' } },
  model: 'claude-haiku',
  mcpServers: { slack: { url: 'https://mcp.example', transport: 'http' } },
  dataSources: { tickets: { url: 'x' } },
};
const missing = (settings: Settings) =>
  parityOf(FLOW, settings).flatMap(({ what, name, isThere }) => (isThere ? [] : [`${what} ${name}`]));

describe('parity of a version with settings', () => {
  it('is whole where they have all that it names', () => {
    expect(missing(COMPLETE)).toEqual([]);
    expect(parityOf(FLOW, COMPLETE)).toContainEqual({ what: 'secret', name: 'API_KEY', isThere: true });
  });

  it('lacks what is not there, and a name with a default, too', () => {
    expect(missing({}).sort()).toEqual([
      ...['data source tickets', 'mcp server slack', 'model refine'],
      ...['variable API_KEY', 'variable MODEL', 'variable TONE'],
    ]);
  });

  it.each([
    ['model refine', { ...COMPLETE, model: undefined, steps: {} }],
    ['mcp server slack', { ...COMPLETE, mcpServers: {} }],
    ['data source tickets', { ...COMPLETE, dataSources: {} }],
    ['variable TONE', { ...COMPLETE, variables: { MODEL: 'x' } }],
  ])('lacks %s alone', (name, settings) => {
    expect(missing(JSON.parse(JSON.stringify(settings)))).toEqual([name]);
  });

  describe('where the runner asks models itself', () => {
    const endpoint = { protocol: 'openai' as const, url: 'https://models.example/v1' };
    const withProviders = (...names: string[]): Settings => ({
      ...COMPLETE,
      runner: { kind: 'ai', providers: Object.fromEntries(names.map((name) => [name, endpoint])) },
      steps: { summarize: { provider: 'a' } },
    });

    it('lacks the model of a step whose provider it does not have', () => {
      expect(missing({ ...withProviders('a', 'b'), provider: 'b' })).toEqual([]);
      expect(missing({ ...withProviders('a', 'b'), provider: 'c' })).toEqual(['model refine']);
      expect(missing(withProviders('a', 'b'))).toEqual(['model refine']);
      expect(missing({ ...withProviders('b', 'c'), provider: 'b' })).toEqual(['model summarize']);
    });

    it('has those of all steps in its only provider', () => {
      expect(missing({ ...withProviders('d'), provider: 'c' })).toEqual([]);
    });
  });

  it('takes a model that is said of a single step', () => {
    const { model: _, ...rest } = COMPLETE;
    expect(missing({ ...rest, steps: { refine: { model: 'x' } } })).toEqual([]);
  });
});
