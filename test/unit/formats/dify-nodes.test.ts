import { describe, expect, it } from 'vitest';
import { allSteps } from '../../../src/domain/workflow/definition.ts';
import {
  condition,
  type Loose,
  message,
  model,
  node,
  readLoose,
  ref,
  selector,
  ticketApp,
} from '../../support/workflows/dify-flow.ts';

const app = readLoose(ticketApp());
const stepCalled = (definition: ReturnType<typeof readLoose>, label: string) =>
  allSteps(definition).find((step) => step.label === label);

/** What a node of some data is read into, alone in an app. */
function propertiesOf(type: string, data: Loose): Loose {
  const graph = { nodes: [node('X', type, data)], edges: [] };
  return readLoose({ kind: 'app', app: { mode: 'workflow' }, workflow: { graph } }).steps[0]?.properties;
}

describe('What a Dify node is made of', () => {
  it('a model, with the provider’s name before and after it became a plugin', () => {
    expect(propertiesOf('llm', { model: model('gpt-4o', 'openai', { max_tokens: 50 }) })).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o',
      modelParameters: { maxTokens: 50 },
    });
    expect(propertiesOf('llm', { model: model('gpt-4o') }).provider).toBe('openai');
    expect(propertiesOf('llm', { model: model('m', 'somebody/openai/openai') }).provider).toBe(
      'somebody/openai/openai',
    );
  });

  it('prompts by role, as one text, and in Jinja where that is what is used', () => {
    const roles = [message('system', 'S'), message('user', 'Q'), message('assistant', 'A')];
    expect(propertiesOf('llm', { prompt_template: roles })).toEqual({
      systemPrompt: 'S',
      task: 'user:\nQ\n\nassistant:\nA',
    });
    expect(propertiesOf('llm', { prompt_template: { text: 'Q' } })).toEqual({ task: 'Q' });
    const jinja = { edition_type: 'jinja2', text: 'old', jinja2_text: 'new', role: 'user' };
    expect(propertiesOf('llm', { prompt_template: [jinja] })).toEqual({ task: 'new', jinja: { on: true } });
    const basic = { ...jinja, edition_type: 'basic' };
    expect(propertiesOf('llm', { prompt_template: [basic] })).toEqual({ task: 'old' });
    expect(
      propertiesOf('question-classifier', { instruction: 'I', query_variable_selector: selector('Start', 'q') }),
    ).toEqual({
      systemPrompt: 'I',
      query: ref('Start', 'q'),
    });
  });

  it('what it asks, also as the earliest exports said it', () => {
    const conditions = [
      condition('Judge', 'text', 'is', 'a'),
      { ...condition('Judge', 'n', '>', '3'), varType: 'number' },
    ];
    const asked = `${ref('Judge', 'text')} is "a" or ${ref('Judge', 'n')} number > "3"`;
    expect(propertiesOf('if-else', { conditions, logical_operator: 'or' }).condition).toEqual({ if: asked });
    const cases = [{ case_id: 'true', conditions, logical_operator: 'or' }];
    expect(propertiesOf('if-else', { cases }).condition).toEqual({ if: asked });
    expect(stepCalled(app, 'Urgent?')?.properties.condition).toEqual({
      if: `${ref('Judge', 'text')} contains "urgent"`,
      elseIf: [{ id: '9ca767d9', if: `${ref('Judge', 'text')} contains "spam"` }],
    });
  });

  it('loops, their limits and what ends them', () => {
    const loop = {
      loop_count: 10,
      break_conditions: [condition('Judge', 'score', '≥', '2')],
      error_handle_mode: 'continue-on-error',
    };
    expect(propertiesOf('loop', loop)).toMatchObject({
      loop: { maxIterations: 10, breakWhen: `${ref('Judge', 'score')} ≥ "2"` },
      onError: 'continue-on-error',
    });
    expect(stepCalled(app, 'Each point')?.properties).toMatchObject({
      nodeType: 'iteration',
      loop: { over: ref('Judge', 'points') },
    });
  });

  it('code, tools, requests, knowledge and what is extracted', () => {
    expect(stepCalled(app, 'Count')?.properties).toMatchObject({
      code: { language: 'python3' },
      inputs: { points: ref('Each point', 'output') },
      outputs: { properties: { count: { type: 'number' } } },
    });
    expect(stepCalled(app, 'Page')?.properties).toEqual({
      tool: 'pager/page',
      arguments: { text: ref('Judge', 'text') },
    });
    const request = {
      method: 'get',
      url: 'https://a.example',
      headers: '',
      authorization: { type: 'no-auth', config: null },
      body: { type: 'none', data: [] },
      timeout: { max_connect_timeout: 10 },
    };
    expect(propertiesOf('http-request', request)).toEqual({ http: { method: 'get', url: 'https://a.example' } });
    expect(propertiesOf('knowledge-retrieval', { dataset_ids: ['b', 'a'] }).knowledge).toEqual(['a', 'b']);
    const parameters = [{ name: 'city', type: 'string', description: 'Where', required: true }];
    expect(propertiesOf('parameter-extractor', { parameters }).outputs).toEqual({
      type: 'object',
      required: ['city'],
      properties: { city: { type: 'string', description: 'Where' } },
    });
    expect(
      propertiesOf('variable-aggregator', { variables: [selector('Judge', 'text'), selector('Reply', 'text')] }).inputs,
    ).toEqual([ref('Judge', 'text'), ref('Reply', 'text')]);
    const structured = {
      structured_output_enabled: true,
      structured_output: { schema: { type: 'object', properties: { a: { type: 'string' } } } },
    };
    expect(propertiesOf('llm', structured).outputs).toEqual(structured.structured_output.schema);
    expect(propertiesOf('llm', { ...structured, structured_output_enabled: false })).toEqual({});
  });

  it('an agent with its model, tools and MCP servers', () => {
    const constant = (value: Loose) => ({ type: 'constant', value });
    const tool = {
      enabled: true,
      provider_name: 'time',
      tool_name: 'current_time',
      settings: { zone: { value: 'UTC' } },
      schemas: [{ name: 'zone' }],
      tool_label: 'Zeit',
    };
    const agent = (mcp: Loose) => ({
      agent_strategy_name: 'function_calling',
      agent_strategy_provider_name: 'langgenius/agent/agent',
      agent_parameters: {
        model: constant({
          type: 'model-selector',
          model_type: 'llm',
          ...{ provider: 'langgenius/openai/openai', model: 'gpt-4o' },
        }),
        instruction: constant('Help.'),
        query: constant('{{#sys.query#}}'),
        maximum_iterations: constant(4),
        tools: constant([tool, { ...tool, tool_name: 'off', enabled: false }]),
        ...mcp,
      },
    });
    const servers = '{"mcpServers": {"maps": {"url": "https://maps.example/sse?key=1"}}}';
    expect(propertiesOf('agent', agent({ mcp_servers: constant(servers) }))).toEqual({
      provider: 'openai',
      model: 'gpt-4o',
      systemPrompt: 'Help.',
      task: '{{#sys.query#}}',
      maxIterations: 4,
      tools: ['time/current_time'],
      toolSettings: { 'time/current_time': { zone: { value: 'UTC' } } },
      mcpServers: ['maps'],
      mcpServerConfig: { maps: { url: 'https://maps.example/sse?key=1' } },
      strategy: 'agent: function_calling',
    });
    expect(propertiesOf('agent', agent({ mcp_server: constant('https://maps.example/sse?key=1') })).mcpServers).toEqual(
      ['https://maps.example/sse'],
    );
  });

  it('what happens when it fails', () => {
    const data = {
      error_strategy: 'fail-branch',
      retry_config: { retry_enabled: true, max_retries: 3, retry_interval: 1000 },
    };
    expect(propertiesOf('llm', data)).toEqual({ onError: 'fail-branch', retry: { maxAttempts: 3, delay: '1000 ms' } });
    expect(
      propertiesOf('llm', { error_strategy: 'none', retry_config: { retry_enabled: false, max_retries: 3 } }),
    ).toEqual({});
  });
});
