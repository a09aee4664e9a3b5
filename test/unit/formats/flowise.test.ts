import { describe, expect, it } from 'vitest';
import { diffOfEdit } from '../../support/workflows/diff-of-edit.ts';
import {
  agentEdge,
  chatflow,
  type Document,
  inputsOf,
  node,
  nodeOf,
  read,
  ticketAgentflow,
} from '../../support/workflows/flowise-flow.ts';

const agent = (document: Document) => inputsOf(document, 'agentAgentflow_0');
const sorter = (document: Document) => inputsOf(document, 'llmAgentflow_0');

/** One edit of the agentflow, and all that may be said of it. */
const EDITS: readonly [what: string, edit: (document: Document) => void, sentences: string[], classes: string[]][] = [
  [
    'a model',
    (d) => (agent(d).agentModelConfig.modelName = 'claude-opus-4'),
    ['Model of ‘Answer’ changed from ‘claude-sonnet-4’ to ‘claude-opus-4’'],
    ['model'],
  ],
  [
    'a provider, which its settings repeat',
    (d) => {
      sorter(d).llmModel = 'azureChatOpenAI';
      sorter(d).llmModelConfig.llmModel = 'azureChatOpenAI';
    },
    ['Provider of ‘Sort’ changed from ‘chatOpenAI’ to ‘azureChatOpenAI’'],
    ['model'],
  ],
  [
    'a temperature',
    (d) => (agent(d).agentModelConfig.temperature = '0.1'),
    ['Temperature of ‘Answer’ changed from 0.7 to 0.1'],
    ['model'],
  ],
  [
    'a word of a prompt',
    (d) => (sorter(d).llmMessages[0].content = '<p>You sort <strong>tickets</strong>.</p><p>Be careful.</p>'),
    ['System prompt of ‘Sort’ modified (+1 −1 lines)'],
    ['prompt'],
  ],
  [
    'a tool',
    (d) => agent(d).agentTools.push({ agentSelectedTool: 'calculator', agentSelectedToolConfig: {} }),
    ['Tool ‘calculator’ added to ‘Answer’'],
    ['tools'],
  ],
  [
    'a built-in tool',
    (d) => (agent(d).agentToolsBuiltInAnthropic = '["web_search","web_fetch"]'),
    ['Tool ‘web_fetch’ added to ‘Answer’'],
    ['tools'],
  ],
  [
    'an action of an MCP server',
    (d) => (agent(d).agentTools[0].agentSelectedToolConfig.mcpActions = '["list_channels","post"]'),
    ['Tool settings of ‘Answer’: slackMCP.mcpActions: ‘post’ added'],
    ['tools'],
  ],
  [
    'a tool that no longer asks a person',
    (d) => (agent(d).agentTools[0].agentSelectedToolRequiresHumanInput = ''),
    ['Tool settings of ‘Answer’: slackMCP.requiresHumanInput removed (was true)'],
    ['tools'],
  ],
  [
    'what is known',
    (d) => (agent(d).agentKnowledgeDocumentStores[0].docStoreDescription = 'How we worked'),
    ['Knowledge of ‘Answer’: [0].docStoreDescription changed from ‘How we work’ to ‘How we worked’'],
    ['tools'],
  ],
  [
    'a condition',
    (d) => (inputsOf(d, 'conditionAgentflow_0').conditions[0].value2 = '<p>invoices</p>'),
    [
      'Condition ‘Which queue’: cases: [0] changed from ‘{{ $flow.state.queue }} equal billing’ to ‘{{ $flow.state.queue }} equal invoices’',
    ],
    ['logic'],
  ],
  [
    'where a loop goes back to',
    (d) => (inputsOf(d, 'loopAgentflow_0').loopBackToNode = 'llmAgentflow_0-Sort'),
    ['Edge ‘Again’ → ‘Answer’ (loop back) removed', 'Edge ‘Again’ → ‘Sort’ (loop back) added'],
    ['logic'],
  ],
  [
    'how often a loop may go back',
    (d) => (inputsOf(d, 'loopAgentflow_0').maxLoopCount = 9),
    ['Loop ‘Again’: max iterations changed from 3 to 9'],
    ['logic'],
  ],
  [
    'what a person is asked',
    (d) => (inputsOf(d, 'humanInputAgentflow_0').humanInputDescription = '<p>Really send it?</p>'),
    ['Approval message of ‘Check’ changed from ‘Send it?’ to ‘Really send it?’'],
    ['logic'],
  ],
  [
    'the output of a model',
    (d) => sorter(d).llmStructuredOutput.push({ key: 'urgent', type: 'boolean', enumValues: '', description: '' }),
    ['Output field ‘urgent’ of ‘Sort’ added (boolean)'],
    ['schema'],
  ],
  [
    'what a form asks for',
    (d) => (inputsOf(d, 'startAgentflow_0').formInputTypes = []),
    ['Input field ‘ticket’ removed (string)'],
    ['schema'],
  ],
  [
    'the turns of an agent',
    (d) => (agent(d).agentMaxIterations = 8),
    ['Max iterations of ‘Answer’ changed from 5 to 8'],
    ['limits'],
  ],
  [
    'a step',
    (d) => d.nodes.push(node('httpAgentflow_0', 'Fetch', { method: 'GET', url: '<p>https://example.org</p>' })),
    ['Step ‘Fetch’ added (http)'],
    ['logic'],
  ],
  [
    'an arrow',
    (d) => d.edges.push(agentEdge('llmAgentflow_0', 'agentAgentflow_0')),
    ['Edge ‘Sort’ → ‘Answer’ added'],
    ['logic'],
  ],
  [
    'a name',
    (d) => (nodeOf(d, 'llmAgentflow_0').data.label = 'Triage'),
    ['Step ‘Sort’ renamed to ‘Triage’'],
    ['cosmetic'],
  ],
  [
    'the credential of a tool',
    (d) => (agent(d).agentTools[0].agentSelectedToolConfig.FLOWISE_CREDENTIAL_ID = 'c-9'),
    [expect.stringMatching(/^Binding ‘Answer’: .*FLOWISE_CREDENTIAL_ID.* changed from ‘c-1’ to ‘c-9’$/)],
    ['binding'],
  ],
  [
    'the id of a document store',
    (d) => (agent(d).agentKnowledgeDocumentStores[0].documentStore = '33-44:Handbook'),
    [expect.stringMatching(/^Binding ‘Answer’: .* changed from ‘11-22’ to ‘33-44’$/)],
    ['binding'],
  ],
];

describe('A Flowise agentflow', () => {
  it('is read without notes, each node as a step in the common words', () => {
    const { format, steps, inputs, executionMode } = read(ticketAgentflow());
    expect([format, executionMode]).toEqual(['flowise', 'dag']);
    expect(steps.map(({ kind, label }) => [kind, label])).toEqual([
      ['startAgentflow', 'Start'],
      ['llm', 'Sort'],
      ['condition', 'Which queue'],
      ['agent', 'Answer'],
      ['approval', 'Check'],
      ['loop', 'Again'],
    ]);
    expect(inputs).toEqual({ properties: { ticket: { type: 'string', title: 'Ticket' } } });
    expect(steps[1]?.properties).toMatchObject({
      provider: 'chatOpenAI',
      model: 'gpt-4o-mini',
      modelParameters: { temperature: 0.2, streaming: true },
      systemPrompt: 'You sort tickets.\n\nBe quick.',
      task: '{{ $form.ticket }}',
    });
    expect(steps[3]?.properties).toMatchObject({ tools: ['web_search', 'gmail'], mcpServers: ['slackMCP'] });
  });

  it('is read from what the API gives, where the canvas is text', () => {
    const { nodes, edges } = ticketAgentflow();
    const document = {
      id: 'x',
      name: 'Tickets',
      type: 'AGENTFLOW',
      flowData: JSON.stringify({ nodes, edges }),
      deployed: true,
    };
    const definition = read(document);
    expect([definition.format, definition.name]).toEqual(['flowise', 'Tickets']);
    expect(definition.steps).toEqual(read(ticketAgentflow()).steps.map((s) => ({ ...s, path: `flowData.${s.path}` })));
    expect(definition.rest).toEqual({});
  });

  it.each(EDITS)('says one edit and nothing else: %s', (_what, edit, sentences, classes) => {
    const diff = diffOfEdit(ticketAgentflow, edit);
    expect(diff.sentences).toEqual(sentences);
    expect(diff.classes).toEqual(classes);
    expect(diff.functional).toBe(!['binding', 'cosmetic'].includes(classes[0] ?? ''));
    expect(diff.hashesDiffer).toBe(diff.functional);
  });

  it('says nothing of what the editor and a newer version write by themselves', () => {
    const diff = diffOfEdit(ticketAgentflow, (d) => {
      d.usecases = [];
      d.nodes.reverse();
      d.edges.reverse();
      for (const each of d.nodes) {
        Object.assign(each, { position: { x: 9, y: 9 }, positionAbsolute: { x: 9, y: 9 }, width: 1, selected: true });
        Object.assign(each.data, { version: 2, color: '#000', description: 'Other', baseClasses: [], tags: ['x'] });
        each.data.inputParams = [];
        each.data.outputAnchors = [{ id: 'x' }];
      }
      for (const each of d.edges) Object.assign(each, { id: 'x', data: { edgeLabel: '1' }, zIndex: 9 });
      Object.assign(sorter(d).llmModelConfig, { proxyUrl: '', stopSequence: '', imageResolution: 'high' });
      sorter(d).llmMessages[0].content = '<p style="a">You  sort <em>tickets</em>.</p>\n<p>Be quick.</p><p></p>';
      agent(d).agentModelConfig.temperature = 0.7;
      agent(d).agentUpdateState = '';
      inputsOf(d, 'loopAgentflow_0').loopBackToNode = 'agentAgentflow_0-Another label';
      inputsOf(d, 'stickyNoteAgentflow_0').note = 'done';
    });
    expect(diff.sentences).toEqual([]);
    expect(diff.hashesDiffer).toBe(false);
  });
});

describe('A Flowise chatflow', () => {
  it('is read with the nodes that are models, tools and agents', () => {
    const { steps, edges } = read(chatflow());
    expect(steps.map(({ kind, properties }) => [kind, properties])).toEqual([
      ['llm', { provider: 'chatOpenAI', model: 'gpt-4o', modelParameters: { temperature: 0.9 } }],
      ['bufferMemory', { memoryKey: 'chat_history' }],
      ['tool', { tool: 'calculator' }],
      ['agent', { component: 'toolAgent', systemPrompt: 'You help with sums. Use <b> for bold.' }],
    ]);
    expect(edges).toEqual([
      { from: 'chatOpenAI_0', to: 'toolAgent_0', port: 'model' },
      { from: 'bufferMemory_0', to: 'toolAgent_0', port: 'memory' },
      { from: 'calculator_0', to: 'toolAgent_0', port: 'tools' },
    ]);
  });

  it('has the arrows that only its inputs tell of', () => {
    const document = chatflow();
    document.edges.pop();
    expect(read(document).edges).toEqual(read(chatflow()).edges);
  });

  it('says one edit once, though it stands in an arrow and in an input', () => {
    const diff = diffOfEdit(chatflow, (d) => {
      inputsOf(d, 'toolAgent_0').tools = [];
      d.edges.pop();
    });
    expect(diff.sentences).toEqual(['Edge ‘Calculator’ → ‘Tool Agent’ (tools) removed']);
  });

  it('reports the credential of a node as a binding, and what a password is too', () => {
    const diff = diffOfEdit(chatflow, (d) => {
      nodeOf(d, 'chatOpenAI_0').data.credential = 'c-1';
      const memory = nodeOf(d, 'bufferMemory_0').data;
      memory.inputParams.push({ name: 'redisUrl', type: 'password' });
      memory.inputs.redisUrl = 'masked';
    });
    expect(diff.classes).toEqual(['binding']);
    expect(diff.functional).toBe(false);
    expect(diff.changes).toHaveLength(2);
  });
});
