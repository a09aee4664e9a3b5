import { describe, expect, it } from 'vitest';
import { allSteps } from '../../../src/domain/workflow/definition.ts';
import {
  dataIn,
  edge,
  idOf,
  type Loose,
  message,
  model,
  node,
  readLoose,
  ticketApp,
  ticketAppWith,
} from '../../support/workflows/dify-flow.ts';
import { refusalOf } from '../../support/workflows/refusal-of.ts';

const app = readLoose(ticketApp());
const stepCalled = (definition: ReturnType<typeof readLoose>, label: string) =>
  allSteps(definition).find((step) => step.label === label);

describe('A Dify app', () => {
  it('is known by its app and graph or settings, also without a kind, and by nothing less', () => {
    expect(app.format).toBe('dify');
    const { kind: _kind, version: _version, ...early } = ticketApp();
    expect(readLoose(early).format).toBe('dify');
    expect(readLoose({ app: { mode: 'chat' }, model_config: { pre_prompt: 'x' } }).format).toBe('dify');
    const { app: about, ...others } = ticketApp();
    expect(readLoose({ ...others, kind: 'rag_pipeline', rag_pipeline: about })).toMatchObject({
      format: 'dify',
      name: 'Tickets',
    });
    expect(readLoose({ kind: 'Deployment', app: {}, workflow: { graph: {} } }).format).toBe('generic');
    expect(readLoose({ app: { name: 'x' }, workflow: {} }).format).toBe('generic');
  });

  it('becomes steps, those of an iteration inside it, without notes and where loops begin', () => {
    const shown = allSteps(app).map(({ label, kind, path }) => [label, kind, path]);
    expect(shown).toEqual([
      ['Start', 'start', 'workflow.graph.nodes[0]'],
      ['Judge', 'llm', 'workflow.graph.nodes[1]'],
      ['Urgent?', 'condition', 'workflow.graph.nodes[2]'],
      ['Each point', 'loop', 'workflow.graph.nodes[3]'],
      ['Reply', 'llm', 'workflow.graph.nodes[5]'],
      ['Count', 'code', 'workflow.graph.nodes[6]'],
      ['Page', 'tool', 'workflow.graph.nodes[7]'],
      ['End', 'end', 'workflow.graph.nodes[8]'],
    ]);
    expect(
      stepCalled(app, 'Each point')?.children.map(({ role, steps }) => [role, steps.map(({ label }) => label)]),
    ).toEqual([['steps', ['Reply']]]);
    expect(app).toMatchObject({ name: 'Tickets', description: 'Answers tickets', executionMode: 'dag' });
  });

  it('has arrows with the way out in words', () => {
    expect(app.edges.map(({ from, to, port }) => [from, to, port])).toEqual([
      [idOf('Start'), idOf('Judge'), undefined],
      [idOf('Judge'), idOf('Urgent?'), undefined],
      [idOf('Urgent?'), idOf('Page'), 'if'],
      [idOf('Urgent?'), idOf('Count'), 'case 9ca767d9'],
      [idOf('Urgent?'), idOf('Each point'), 'else'],
      [idOf('Each point'), idOf('Reply'), 'start'],
      [idOf('Each point'), idOf('Count'), undefined],
      [idOf('Count'), idOf('End'), undefined],
    ]);
  });

  it('takes what its start asks for and gives what its end names', () => {
    expect(app.inputs).toEqual({
      type: 'object',
      required: ['ticket'],
      properties: {
        ticket: { type: 'string', format: 'paragraph', title: 'Ticket', maxLength: 4000 },
        channel: { type: 'string', title: 'Channel', enum: ['mail', 'chat'] },
      },
    });
    expect(app.outputs).toEqual({ type: 'object', properties: { count: { type: 'number' } } });
  });

  it('keeps apart what an installation brings, and drops what is switched off', () => {
    expect(app.bindings).toEqual({
      environment_variables: { BASE_URL: { type: 'string', value: 'https://test.example' } },
      dependencies: { 'langgenius/openai': '0.0.7@aaa' },
    });
    expect(app.rest).toEqual({
      mode: 'workflow',
      features: {
        file_upload: { enabled: true },
        opening_statement: 'Hello',
        suggested_questions: ['Where is it?'],
      },
      conversation_variables: { mood: { type: 'string', value: '' } },
    });
  });

  it('of more than 5,000 nodes is refused, and so are loops 21 deep', () => {
    const many = ticketAppWith(
      (d) =>
        (d.workflow.graph.nodes = Array.from({ length: 5_001 }, (_, at) => ({ id: `${at}`, data: { type: 'llm' } }))),
    );
    expect(refusalOf(JSON.stringify(many)).userMessage).toContain('more than 5,000 nodes');
    const deep = ticketAppWith((d) => {
      d.workflow.graph.nodes = Array.from({ length: 21 }, (_, at) => ({
        id: `n${at}`,
        parentId: `n${at - 1}`,
        data: { type: 'loop' },
      }));
    });
    expect(refusalOf(JSON.stringify(deep)).userMessage).toContain('nested deeper than 20');
  });
});

describe('A Dify app without a graph', () => {
  const config = {
    model: model('gpt-4o'),
    pre_prompt: 'You help {{name}}.',
    prompt_type: 'simple',
    user_input_form: [
      { 'text-input': { variable: 'name', label: 'Name', required: true, max_length: 48, default: '' } },
    ],
    agent_mode: {
      enabled: true,
      strategy: 'function_call',
      max_iteration: 5,
      tools: [
        { provider_id: 'google', provider_name: 'google', tool_name: 'search', enabled: true, tool_parameters: {} },
      ],
    },
    dataset_configs: {
      retrieval_model: 'multiple',
      datasets: { datasets: [{ dataset: { enabled: true, id: 'kb1' } }] },
    },
    opening_statement: 'Hi',
    speech_to_text: { enabled: false },
  };

  it('is one step with the inputs of its form', () => {
    const chat = readLoose({ kind: 'app', app: { name: 'Helper', mode: 'agent-chat' }, model_config: config });
    expect(chat.steps).toHaveLength(1);
    expect(chat.steps[0]).toMatchObject({
      kind: 'agent',
      properties: {
        model: 'gpt-4o',
        systemPrompt: 'You help {{name}}.',
        tools: ['google/search'],
        maxIterations: 5,
        knowledge: ['kb1'],
        retrieval: { retrieval_model: 'multiple' },
      },
    });
    expect(chat.inputs).toMatchObject({ required: ['name'], properties: { name: { type: 'string', maxLength: 48 } } });
    expect(chat.rest).toEqual({ mode: 'agent-chat', features: { opening_statement: 'Hi' } });
  });

  it('reads the prompts of an advanced one by role', () => {
    const advanced = {
      ...config,
      agent_mode: { enabled: false },
      prompt_type: 'advanced',
      chat_prompt_config: { prompt: [message('system', 'S'), message('user', 'Q')] },
    };
    const chat = readLoose({ kind: 'app', app: { mode: 'chat' }, model_config: advanced });
    expect(chat.steps[0]).toMatchObject({ kind: 'llm', properties: { systemPrompt: 'S', task: 'Q' } });
  });
});

describe('A Dify app that is not as it should be', () => {
  it('with missing and repeated ids loses no node', () => {
    const odd = ticketAppWith((d) => {
      for (const one of d.workflow.graph.nodes) if (one.data.title === 'Count') delete one.id;
      d.workflow.graph.nodes.push(node('Page', 'tool', { tool_name: 'other' }));
    });
    const steps = allSteps(readLoose(odd));
    expect(steps).toHaveLength(9);
    expect(new Set(steps.map(({ id }) => id)).size).toBe(9);
    expect(steps.filter(({ weakId }) => weakId).map(({ label }) => label)).toEqual(['Count', 'Page', 'Page']);
  });

  it('whose loops stand in each other, or in nothing, keeps every node at the top', () => {
    const graph = {
      nodes: [
        node('A', 'loop', {}, { parentId: idOf('B') }),
        node('B', 'loop', {}, { parentId: idOf('A') }),
        node('C', 'llm', {}, { parentId: 'gone' }),
        node('D', 'llm', {}, { parentId: idOf('D') }),
      ],
      edges: [edge('A', 'Nobody'), edge('C', 'D')],
    };
    const read = readLoose({ kind: 'app', app: {}, workflow: { graph } });
    expect(allSteps(read)).toHaveLength(4);
    expect(read.edges).toHaveLength(1);
  });

  it('of an early version nests by data and names the first node of an iteration', () => {
    const early = ticketAppWith((d) => {
      const { nodes } = d.workflow.graph;
      d.workflow.graph.nodes = nodes.filter(({ data }: Loose) => data.type !== 'iteration-start');
      for (const one of d.workflow.graph.nodes) delete one.parentId;
      dataIn(d, 'Each point').start_node_id = idOf('Reply');
      d.workflow.graph.edges = d.workflow.graph.edges.filter(({ source }: Loose) => !source.endsWith('start'));
    });
    const read = readLoose(early);
    expect(read.steps).toEqual(app.steps.map((step) => expect.objectContaining({ id: step.id, kind: step.kind })));
    expect(new Set(read.edges.map((one) => JSON.stringify(one)))).toEqual(
      new Set(app.edges.map((one) => JSON.stringify(one))),
    );
  });
});
