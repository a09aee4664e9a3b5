import { describe, expect, it } from 'vitest';
import { node, orderFlow, orderFlowWith, readLoose, to } from '../../support/workflows/n8n-flow.ts';
import { refusalOf } from '../../support/workflows/refusal-of.ts';

const flow = readLoose(orderFlow());
const labelOf = (id: string) => flow.steps.find((step) => step.id === id)?.label;

describe('An n8n workflow', () => {
  it('is known by its nodes and connections, and by nothing less', () => {
    expect(flow.format).toBe('n8n');
    expect(readLoose({ nodes: [], connections: {} }).format).toBe('n8n');
    expect(readLoose({ nodes: [{ id: 'a', type: 'x' }], edges: [] }).format).not.toBe('n8n');
    expect(readLoose({ nodes: [{ id: 'a', type: 'custom', data: { type: 'llm' } }], connections: {} }).format).not.toBe(
      'n8n',
    );
  });

  it('becomes steps of the kinds that everybody knows, without its notes', () => {
    expect(flow.steps.map(({ label, kind }) => [label, kind])).toEqual([
      ['Webhook', 'webhook'],
      ['Known customer?', 'condition'],
      ['Order agent', 'agent'],
      ['Chat model', 'llm'],
      ['Look up order', 'tool'],
      ['Memory', 'memoryBufferWindow'],
      ['Score', 'code'],
      ['Tell the team', 'slack'],
    ]);
    expect(flow).toMatchObject({ name: 'Order questions', executionMode: 'dag', layout: {} });
    expect(flow.rest).toEqual({ settings: { executionOrder: 'v1' } });
  });

  it('has arrows by id, with the way out where there are several', () => {
    const arrows = flow.edges.map(
      ({ from, to: target, port }) => `${labelOf(from)} → ${labelOf(target)}${port ? ` (${port})` : ''}`,
    );
    expect(arrows).toEqual([
      'Webhook → Known customer?',
      'Known customer? → Order agent (true)',
      'Known customer? → Tell the team (false)',
      'Order agent → Score',
      'Score → Tell the team',
      'Chat model → Order agent (ai_languageModel)',
      'Look up order → Order agent (ai_tool)',
      'Memory → Order agent (ai_memory)',
    ]);
  });

  it('gives an agent the tools attached to it, whose arrows are only drawn', () => {
    const agent = flow.steps.find(({ label }) => label === 'Order agent');
    expect(agent?.properties.tools).toEqual(['Look up order']);
    expect(flow.edges.filter(({ implied }) => implied).map(({ port }) => port)).toEqual(['ai_tool']);
  });

  it('keeps credentials apart, by step', () => {
    expect(flow.bindings).toEqual({ 'id-of-chat-model': { openAiApi: { id: 'c1', name: 'OpenAI' } } });
  });

  it('of more than 5,000 nodes is refused', () => {
    const nodes = Array.from({ length: 5_001 }, (_, index) => node(`N${index}`, 'noOp'));
    expect(refusalOf(JSON.stringify({ nodes, connections: {} })).userMessage).toContain('more than 5,000 nodes');
  });

  it('that others call says what it takes', () => {
    const values = [{ name: 'order' }, { name: 'limit', type: 'number' }];
    const trigger = node('Called', 'executeWorkflowTrigger', { workflowInputs: { values } });
    const other = node('Called too', 'executeWorkflowTrigger', { workflowInputs: { values: [{ name: 'urgent' }] } });
    const called = readLoose({ nodes: [trigger, other], connections: {} });
    expect(called.inputs).toEqual({
      type: 'object',
      properties: { order: { type: 'string' }, limit: { type: 'number' }, urgent: { type: 'string' } },
    });
    expect(called.steps[0]?.properties).not.toHaveProperty('parameters');
  });
});

describe('An n8n workflow that is not as it should be', () => {
  it('without ids keeps every node, by name, and says that its ids prove nothing', () => {
    const old = orderFlowWith((d) => {
      for (const one of d.nodes) delete one.id;
    });
    const read = readLoose(old);
    expect(read.steps.map(({ id, weakId }) => [id, weakId])).toContainEqual(['Order agent', true]);
    expect(read.steps).toHaveLength(8);
    expect(read.edges).toHaveLength(8);
  });

  it('with ids and names that come twice loses none', () => {
    const read = readLoose({
      nodes: [
        node('Send', 'slack', {}, { id: '1' }),
        node('Send', 'gmail', {}, { id: '1' }),
        node('Send', 'noOp', {}, { id: '2' }),
      ],
      connections: { Send: { main: to('Send') } },
    });
    expect(read.steps.map(({ kind }) => kind)).toEqual(['slack', 'gmail', 'noOp']);
    expect(read.edges).toEqual([{ from: read.steps[0]?.id, to: read.steps[0]?.id }]);
    expect(new Set(read.steps.map(({ id }) => id)).size).toBe(3);
    expect(read.steps.map(({ weakId }) => weakId === true)).toEqual([true, true, false]);
  });

  it('whose connections lead nowhere, or are written with ids, is read as far as it goes', () => {
    const nodes = [node('A', 'noOp'), node('B', 'noOp')];
    expect(
      readLoose({ nodes, connections: { A: { main: to(['B', 'Gone']) }, Gone: { main: to('B') } } }).edges,
    ).toHaveLength(1);
    expect(readLoose({ nodes, connections: { 'id-of-a': { main: to('id-of-b') } } }).edges).toEqual([
      { from: 'id-of-a', to: 'id-of-b' },
    ]);
    expect(readLoose({ nodes, connections: { A: null, B: { main: [null, 'x'] } } }).edges).toEqual([]);
  });
});
