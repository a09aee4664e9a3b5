import { describe, expect, it } from 'vitest';
import { isTrue, type Loose, node, readLoose, to } from '../../support/workflows/n8n-flow.ts';

/** The one step that a workflow of one node is read into. */
function stepOf(one: Loose) {
  const [step] = readLoose({ nodes: [one], connections: {} }).steps;
  if (step === undefined) throw new Error('no step was read');
  return step;
}

const propertiesOf = (type: string, parameters: Loose, more: Loose = {}) =>
  stepOf(node('X', type, parameters, more)).properties;
const LANGCHAIN = '@n8n/n8n-nodes-langchain.';

describe('What a node is made of', () => {
  it('a model, written in any of the ways of several years', () => {
    const model = (parameters: Loose) => propertiesOf(`${LANGCHAIN}lmChatAnthropic`, parameters).model;
    expect(model({ model: 'claude' })).toBe('claude');
    expect(model({ model: { __rl: true, mode: 'list', value: 'claude', cachedResultName: 'Claude' } })).toBe('claude');
    expect(model({ model: { mode: 'id', value: 'claude' } })).toBe('claude');
    expect(model({ modelName: 'claude' })).toBe('claude');
    expect(model({ options: {} })).toBeUndefined();
    expect(
      propertiesOf(`${LANGCHAIN}openAi`, { modelId: { __rl: true, mode: 'list', value: 'gpt-4o' } }),
    ).toMatchObject({
      model: 'gpt-4o',
      provider: 'openAi',
    });
    expect(propertiesOf(`${LANGCHAIN}lmChatAzureOpenAi`, { model: 'prod' }).provider).toBe('azureOpenAi');
  });

  it('the settings of a model, apart from its limits', () => {
    const options = { temperature: 0.1, maxTokensToSample: 500, timeout: 60_000, maxRetries: 2 };
    expect(propertiesOf(`${LANGCHAIN}lmChatAnthropic`, { model: 'claude', options })).toMatchObject({
      modelParameters: { temperature: 0.1, maxTokens: 500 },
      timeout: 60_000,
      retry: { maxRetries: 2 },
    });
  });

  it.each([
    ['an agent', 'agent', { text: 'Q', options: { systemMessage: 'S' } }],
    ['a chain', 'chainLlm', { text: 'Q', messages: { messageValues: [{ message: 'S' }] } }],
    [
      'a chain without a text',
      'chainLlm',
      { messages: { messageValues: [{ message: 'S' }, { type: 'HumanMessagePromptTemplate', message: 'Q' }] } },
    ],
    ['messages', 'openAi', { messages: { values: [{ role: 'system', content: 'S' }, { content: 'Q' }] } }],
    [
      'responses',
      'openAi',
      { responses: { values: [{ role: 'system', content: 'S', type: 'text' }, { content: 'Q' }] } },
    ],
    [
      'an early prompt',
      'openAi',
      {
        prompt: {
          messages: [
            { role: 'system', content: 'S' },
            { role: 'user', content: 'Q' },
          ],
        },
      },
    ],
  ])('what it says to a model: %s', (_what, type, parameters) => {
    const properties = propertiesOf(`${LANGCHAIN}${type}`, parameters);
    expect(properties).toMatchObject({ systemPrompt: 'S', task: 'Q' });
    expect(properties).not.toHaveProperty('parameters');
  });

  it('a longer conversation, each message headed by its role', () => {
    const values = [{ content: 'Q' }, { role: 'assistant', content: 'A' }, { role: 'system', content: 'late' }];
    expect(propertiesOf(`${LANGCHAIN}openAi`, { messages: { values } }).task).toBe(
      'user:\nQ\n\nassistant:\nA\n\nsystem:\nlate',
    );
  });

  it('what it asks, in words', () => {
    expect(propertiesOf('if', isTrue('={{ $json.ok }}')).condition).toEqual({ if: '{{ $json.ok }} boolean true' });
    const early = {
      conditions: {
        number: [
          { value1: '={{ $json.n }}', operation: 'larger', value2: 3 },
          { value1: 1, value2: 2 },
        ],
      },
      combineOperation: 'any',
    };
    expect(propertiesOf('if', early).condition).toEqual({ if: '{{ $json.n }} number larger 3 or 1 number equal 2' });
    const clause = (value: string) => ({
      leftValue: '={{ $json.kind }}',
      rightValue: value,
      operator: { type: 'string', operation: 'equals' },
    });
    const rules = {
      values: ['bug', 'idea'].map((kind) => ({
        outputKey: kind,
        renameOutput: true,
        conditions: { combinator: 'and', conditions: [clause(kind)] },
      })),
    };
    expect(propertiesOf('switch', { rules }).condition).toEqual({
      cases: [
        { name: 'bug', if: '{{ $json.kind }} equals "bug"' },
        { name: 'idea', if: '{{ $json.kind }} equals "idea"' },
      ],
    });
  });

  it('what happens when it fails; what is as everywhere is not said', () => {
    const said = {
      onError: 'continueErrorOutput',
      retryOnFail: true,
      maxTries: 4,
      waitBetweenTries: 500,
      disabled: true,
    };
    expect(propertiesOf('slack', {}, said)).toMatchObject({
      onError: 'continueErrorOutput',
      retry: { onFail: true, maxAttempts: 4, delay: '500 ms' },
      disabled: true,
    });
    expect(propertiesOf('slack', {}, { continueOnFail: true })).toMatchObject({ onError: 'continueRegularOutput' });
    const usual = {
      onError: 'stopWorkflow',
      retryOnFail: false,
      disabled: false,
      executeOnce: false,
      continueOnFail: false,
    };
    expect(propertiesOf('slack', {}, usual)).toEqual({ typeVersion: 1 });
  });

  it('code, requests, called workflows, MCP servers and the shape of an answer', () => {
    expect(propertiesOf('code', { jsCode: 'return 1', mode: 'runOnceForEachItem' })).toMatchObject({
      code: { source: 'return 1' },
      parameters: { mode: 'runOnceForEachItem' },
    });
    const headerParameters = { parameters: [{ name: 'Accept', value: 'text/plain' }] };
    expect(
      propertiesOf('httpRequest', { url: 'https://a.example', method: 'POST', headerParameters, jsonBody: '{}' })[
        'http'
      ],
    ).toEqual({
      url: 'https://a.example',
      method: 'POST',
      headers: { Accept: 'text/plain' },
      body: '{}',
    });
    expect(
      propertiesOf('executeWorkflow', { workflowId: { __rl: true, mode: 'list', value: 'w9' } })['workflow'],
    ).toEqual({ name: 'w9' });
    expect(propertiesOf(`${LANGCHAIN}mcpClientTool`, { endpointUrl: 'https://mcp.example' }).mcpServers).toEqual([
      'https://mcp.example',
    ]);
    const inputSchema = '{"type":"object","properties":{"score":{"type":"number"}}}';
    expect(propertiesOf(`${LANGCHAIN}outputParserStructured`, { schemaType: 'manual', inputSchema })).toMatchObject({
      outputs: { properties: { score: { type: 'number' } } },
    });
    expect(stepOf(node('Ask', 'slack', { operation: 'sendAndWait' })).kind).toBe('approval');
  });

  it('ways out with names of their own', () => {
    const named = (from: Loose, outputs: Loose) => {
      const names = ['A', 'B', 'C'];
      const found = readLoose({
        nodes: [from, ...names.map((name) => node(name, 'noOp'))],
        connections: { [from.name]: { main: outputs } },
      });
      return found.edges.map(({ port }) => port);
    };
    expect(named(node('S', 'splitInBatches', {}, { typeVersion: 3 }), to('A', 'B'))).toEqual(['done', 'loop']);
    expect(named(node('S', 'splitInBatches', {}, { typeVersion: 2 }), to('A', 'B'))).toEqual(['loop', 'done']);
    expect(named(node('S', 'slack', {}, { onError: 'continueErrorOutput' }), to('A', 'B'))).toEqual([
      undefined,
      'error',
    ]);
    expect(named(node('S', 'compare'), to('A', null, ['B', 'C']))).toEqual([undefined, 'output 3', 'output 3']);
    const merge = [[{ node: 'A', type: 'main', index: 1 }]];
    expect(named(node('S', 'noOp'), merge)).toEqual(['input 2']);
    expect(named(node('S', 'noOp'), [[{ node: 'A', type: 'ai_tool', index: 0 }]])).toEqual(['ai_tool']);
  });

  it('takes what was chosen from a list as what was typed, and says where it was chosen otherwise', () => {
    const channel = (mode: string) =>
      propertiesOf('slack', { channelId: { __rl: true, mode, value: 'C1', cachedResultName: 'shop' } })['parameters'];
    expect(channel('list')).toEqual({ channelId: 'C1' });
    expect(channel('id')).toEqual({ channelId: 'C1' });
    expect(channel('name')).toEqual({ channelId: { mode: 'name', value: 'C1' } });
  });

  it('keeps what it does not know, so that it is compared', () => {
    const odd = stepOf({ ...node('X', 'slack'), rewireOutputLogTo: 'ai_tool', parameters: { blocks: [{ a: 1 }] } });
    expect(odd.properties).toMatchObject({
      node: { rewireOutputLogTo: 'ai_tool' },
      parameters: { blocks: [{ a: 1 }] },
    });
  });
});
