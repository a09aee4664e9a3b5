import { describe, expect, it } from 'vitest';
import { allSteps } from '../../../src/domain/workflow/definition.ts';
import { diffOfEdit } from '../../support/workflows/diff-of-edit.ts';
import {
  component,
  type Document,
  edge,
  field,
  nodeOf,
  read,
  supportFlow,
  templateOf,
  tool,
} from '../../support/workflows/langflow-flow.ts';

const afterEdit = (edit: (document: Document) => void) => diffOfEdit(supportFlow, edit);
const agent = (document: Document) => templateOf(document, 'Agent-bbbbb');

/** One edit of the flow, and all that may be said of it. */
const EDITS: readonly [what: string, edit: (document: Document) => void, sentences: string[], classes: string[]][] = [
  [
    'a model',
    (d) => (agent(d).model_name.value = 'gpt-4.1'),
    ['Model of ‘Support agent’ changed from ‘gpt-4o-mini’ to ‘gpt-4.1’'],
    ['model'],
  ],
  [
    'a provider',
    (d) => (agent(d).agent_llm.value = 'Anthropic'),
    ['Provider of ‘Support agent’ changed from ‘OpenAI’ to ‘Anthropic’'],
    ['model'],
  ],
  [
    'a temperature',
    (d) => (agent(d).temperature.value = 0.9),
    ['Temperature of ‘Support agent’ changed from 0.1 to 0.9'],
    ['model'],
  ],
  [
    'a limit of tokens',
    (d) => (agent(d).max_tokens.value = 500),
    ['Max tokens of ‘Support agent’ set to 500'],
    ['model'],
  ],
  [
    'a system prompt',
    (d) => (agent(d).system_prompt.value += '\nCite the page.'),
    ['System prompt of ‘Support agent’ modified (+1 −0 lines)'],
    ['prompt'],
  ],
  [
    'a tool that is switched off',
    (d) => (templateOf(d, 'Search-ccccc').tools_metadata.value[1].status = false),
    ['Tool ‘as_dataframe’ removed from ‘Handbook’'],
    ['tools'],
  ],
  [
    'what a tool is said to do',
    (d) => (templateOf(d, 'Search-ccccc').tools_metadata.value[0].description = 'Ask me first'),
    ['Tool description of ‘Handbook’: search_handbook changed from ‘Does search_handbook’ to ‘Ask me first’'],
    ['tools'],
  ],
  [
    'the steps an agent may take',
    (d) => (agent(d).max_iterations.value = 40),
    ['Max iterations of ‘Support agent’ changed from 15 to 40'],
    ['limits'],
  ],
  [
    'a field of a component',
    (d) => (templateOf(d, 'Search-ccccc').index_name.value = 'archive'),
    ['‘index_name’ of ‘Handbook’ changed from ‘handbook’ to ‘archive’'],
    ['logic'],
  ],
  [
    'a node that answers from a stored result',
    (d) => (nodeOf(d, 'Search-ccccc').data.node.frozen = true),
    ['‘frozen’ of ‘Handbook’ set to true'],
    ['logic'],
  ],
  [
    'an arrow',
    (d) => d.data.edges.push(edge('ChatInput-aaaaa', 'message', 'Search-ccccc', 'search_query')),
    ['Edge ‘Chat Input’ → ‘Handbook’ (message → search_query) added'],
    ['logic'],
  ],
  [
    'an arrow to another field of the same node',
    (d) => (d.data.edges[0] = edge('ChatInput-aaaaa', 'message', 'Agent-bbbbb', 'system_prompt')),
    [
      'Edge ‘Chat Input’ → ‘Support agent’ (message → input_value) removed',
      'Edge ‘Chat Input’ → ‘Support agent’ (message → system_prompt) added',
    ],
    ['logic'],
  ],
  [
    'a step',
    (d) =>
      d.data.nodes.push(component('Calc-fffff', 'CalculatorComponent', 'Calculator', { expression: field('1+1') })),
    ['Step ‘Calculator’ added (CalculatorComponent)'],
    ['logic'],
  ],
  [
    'a name',
    (d) => (nodeOf(d, 'Agent-bbbbb').data.node.display_name = 'Helpdesk'),
    ['Step ‘Support agent’ renamed to ‘Helpdesk’'],
    ['cosmetic'],
  ],
  [
    'a variable that a key is taken from',
    (d) => (agent(d).api_key.value = 'OPENAI_STAGING'),
    ['Binding ‘Support agent’: api_key changed from ‘OPENAI_API_KEY’ to ‘OPENAI_STAGING’'],
    ['binding'],
  ],
];

describe('A Langflow flow', () => {
  it('is known by its content, with or without the outer ‘data’', () => {
    const { data, ...others } = supportFlow();
    expect(read(supportFlow()).format).toBe('langflow');
    const flat = read({ ...others, ...data });
    expect(flat.format).toBe('langflow');
    expect(flat.steps.map(({ id }) => id)).toEqual(read(supportFlow()).steps.map(({ id }) => id));
    expect(read({ data: { nodes: [{ id: 'a', data: { label: 'A' } }], edges: [] } }).format).toBe('generic');
  });

  it('is read without notes, each component as a step', () => {
    const { steps, edges, executionMode, bindings } = read(supportFlow());
    expect(steps.map(({ id, kind, label }) => [id, kind, label])).toEqual([
      ['ChatInput-aaaaa', 'ChatInput', 'Chat Input'],
      ['Agent-bbbbb', 'agent', 'Support agent'],
      ['Search-ccccc', 'HandbookSearch', 'Handbook'],
      ['ChatOutput-ddddd', 'ChatOutput', 'Chat Output'],
    ]);
    expect(edges[1]).toEqual({ from: 'Search-ccccc', to: 'Agent-bbbbb', port: 'component_as_tool → tools' });
    expect(executionMode).toBe('dag');
    expect(bindings).toEqual({ 'Agent-bbbbb': { api_key: 'OPENAI_API_KEY' } });
  });

  it.each(EDITS)('says one edit and nothing else: %s', (_what, edit, sentences, classes) => {
    const diff = afterEdit(edit);
    expect(diff.sentences).toEqual(sentences);
    expect(diff.classes).toEqual(classes);
    expect(diff.functional).toBe(!['binding', 'cosmetic'].includes(classes[0] ?? ''));
    expect(diff.hashesDiffer).toBe(diff.functional);
  });

  it('says once that the code of a component is another one, and quotes none of it', () => {
    const diff = afterEdit((d) => {
      templateOf(d, 'Search-ccccc').code.value = 'class Search:\n    limit = 40\n    secret_word = 1\n';
      nodeOf(d, 'Search-ccccc').data.node.metadata = { code_hash: 'bbbbbbbbbbbb' };
    });
    expect(diff.sentences).toEqual([
      expect.stringMatching(
        /^Component code of ‘Handbook’ changed from ‘3 lines, [0-9a-f]{12}’ to ‘4 lines, [0-9a-f]{12}’$/,
      ),
    ]);
    expect(JSON.stringify(diff.changes)).not.toContain('secret_word');
  });

  it('says nothing of what the editor and a newer version write by themselves', () => {
    const diff = afterEdit((d) => {
      d.last_tested_version = '1.6.0';
      d.id = 'ffff';
      d.tags = [];
      d.data.viewport.zoom = 2;
      d.data.nodes.reverse();
      d.data.edges.reverse();
      for (const node of d.data.nodes) {
        Object.assign(node, { position: { x: 5, y: 5 }, selected: true, measured: { width: 1, height: 1 } });
        if (node.type === 'noteNode') node.data.node.description = 'Done';
        else Object.assign(node.data.node, { lf_version: '1.6.0', last_updated: 'now', outputs: [{ name: 'x' }] });
        node.data.showNode = false;
      }
      nodeOf(d, 'Agent-bbbbb').data.node.metadata.code_hash = 'cccccccccccc';
      for (const key of ['show', 'advanced', 'info', 'options', 'required']) agent(d).system_prompt[key] = 'other';
      agent(d).new_field = field('', { load_from_db: false });
      d.data.edges[0].data.sourceHandle.output_types = ['Data'];
      d.data.edges[0].className = 'running';
    });
    expect(diff.sentences).toEqual([]);
    expect(diff.hashesDiffer).toBe(false);
  });

  it('reads arrows of old versions, whose handles are no JSON', () => {
    const definition = read({
      data: {
        nodes: [
          component('llm-1', 'OpenAI', 'OpenAI', { model_name: field('gpt-3.5-turbo') }),
          component('chain-1', 'LLMChain', 'Chain', {}),
        ],
        edges: [
          {
            source: 'llm-1',
            target: 'chain-1',
            sourceHandle: 'OpenAI|llm-1|BaseLLM',
            targetHandle: 'BaseLLM|llm|chain-1',
          },
        ],
      },
    });
    expect(definition.edges).toEqual([{ from: 'llm-1', to: 'chain-1', port: 'llm' }]);
    expect(definition.steps[0]?.properties.model).toBe('gpt-3.5-turbo');
  });

  it('reads model and provider where newer versions choose both in one field', () => {
    const choice = {
      name: 'claude-sonnet-4',
      provider: 'Anthropic',
      icon: 'Anthropic',
      metadata: { context: 200_000 },
    };
    const { steps } = read({
      data: {
        nodes: [component('Agent-1', 'Agent', 'Agent', { model: field([choice], { type: 'model' }) })],
        edges: [],
      },
    });
    expect(steps[0]?.properties).toEqual({ model: 'claude-sonnet-4', provider: 'Anthropic' });
  });

  it('reads an MCP server by its name, and how it is reached', () => {
    const server = { name: 'crm', config: { command: 'uvx', args: ['mcp-proxy', 'http://localhost/crm'] } };
    const tools = field([tool('find_customer', true)], { type: 'tools' });
    const { steps } = read({
      data: {
        nodes: [
          component('MCP-1', 'MCPTools', 'CRM', { mcp_server: field(server, { type: 'mcp' }), tools_metadata: tools }),
        ],
        edges: [],
      },
    });
    expect(steps[0]).toMatchObject({
      kind: 'tool',
      properties: { mcpServers: ['crm'], mcpServerConfig: server.config, tools: ['find_customer'] },
    });
  });

  it('never loses a step that has no id of its own', () => {
    const document = supportFlow();
    delete document.data.nodes[0].id;
    delete document.data.nodes[0].data.id;
    document.data.nodes.push(component('Agent-bbbbb', 'Agent', 'Second agent', {}));
    const steps = allSteps(read(document));
    expect(steps).toHaveLength(5);
    expect(new Set(steps.map(({ id }) => id)).size).toBe(5);
    expect(steps.filter(({ weakId }) => weakId).map(({ label }) => label)).toEqual([
      'Chat Input',
      'Support agent',
      'Second agent',
    ]);
  });

  it('refuses more steps than a workflow may have', () => {
    const nodes = Array.from({ length: 5_001 }, (_, index) => component(`A-${index}`, 'A', 'A', {}));
    expect(() => read({ data: { nodes, edges: [] } })).toThrow('there are more than 5,000 steps');
  });
});
