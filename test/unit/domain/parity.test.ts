import { describe, expect, it } from 'vitest';
import { parityOf } from '../../../src/domain/parity.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { Definition } from '../../../src/domain/workflow/definition.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

const READ = readDefinition(
  JSON.stringify({
    ...{ apiVersion: 'towpath/v1', name: 'f' },
    steps: [
      { id: 'summarize', type: 'llm', model: '${MODEL:claude-sonnet}', task: 'Use ${API_KEY}', mcpServers: ['slack'] },
      { id: 'refine', type: 'agent', task: '{{ env.TONE }}' },
    ],
  }),
);
/** Formats keep keys of their own in what they read. */
const FLOW: Definition = {
  ...READ,
  steps: READ.steps.map((step) =>
    step.id === 'refine' ? { ...step, properties: { ...step.properties, dataSources: ['tickets'] } } : step,
  ),
};
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

  it('takes a model that is said of a single step', () => {
    const { model: _, ...rest } = COMPLETE;
    expect(missing({ ...rest, steps: { refine: { model: 'x' } } })).toEqual([]);
  });
});
