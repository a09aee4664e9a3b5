import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests edit documents of a foreign shape freely
export type Document = any;

/** A ticket is sorted by a model, answered by an agent that may search, and checked by a person. Written for these tests. */
export function ticketAgentflow(): Document {
  return {
    description: 'Answers tickets',
    usecases: ['Support'],
    nodes: [
      node('startAgentflow_0', 'Start', {
        startInputType: 'formInput',
        formInputTypes: [{ type: 'string', label: 'Ticket', name: 'ticket', addOptions: '' }],
        startState: [{ key: 'queue', value: '' }],
      }),
      node('llmAgentflow_0', 'Sort', {
        llmModel: 'chatOpenAI',
        llmMessages: [{ role: 'system', content: '<p>You sort <strong>tickets</strong>.</p><p>Be quick.</p>' }],
        llmUserMessage: `<p>${mention('$form.ticket')}</p>`,
        llmEnableMemory: true,
        llmStructuredOutput: [
          { key: 'queue', type: 'enum', enumValues: 'billing, other', jsonSchema: '', description: '' },
        ],
        llmUpdateState: [{ key: 'queue', value: `<p>${mention('output.queue')}</p>` }],
        llmModelConfig: {
          modelName: 'gpt-4o-mini',
          temperature: 0.2,
          maxTokens: '',
          streaming: true,
          imageResolution: 'low',
          llmModel: 'chatOpenAI',
        },
      }),
      node('conditionAgentflow_0', 'Which queue', {
        conditions: [
          {
            type: 'string',
            value1: `<p>${mention('$flow.state.queue')}</p>`,
            operation: 'equal',
            value2: '<p>billing</p>',
          },
        ],
      }),
      node('agentAgentflow_0', 'Answer', {
        agentModel: 'chatAnthropic',
        agentMessages: [{ role: 'system', content: '<p>Answer kindly.</p>' }],
        agentToolsBuiltInAnthropic: '["web_search"]',
        agentTools: [
          {
            agentSelectedTool: 'slackMCP',
            agentSelectedToolRequiresHumanInput: true,
            agentSelectedToolConfig: {
              agentSelectedTool: 'slackMCP',
              mcpActions: '["list_channels"]',
              FLOWISE_CREDENTIAL_ID: 'c-1',
            },
          },
          {
            agentSelectedTool: 'gmail',
            agentSelectedToolRequiresHumanInput: '',
            agentSelectedToolConfig: { agentSelectedTool: 'gmail', gmailType: 'drafts' },
          },
        ],
        agentKnowledgeDocumentStores: [
          { documentStore: '11-22:Handbook', docStoreDescription: 'How we work', returnSourceDocuments: true },
        ],
        agentMaxIterations: '5',
        agentModelConfig: {
          modelName: 'claude-sonnet-4',
          temperature: '0.7',
          credential: 'c-2',
          agentModel: 'chatAnthropic',
        },
      }),
      node('humanInputAgentflow_0', 'Check', {
        humanInputDescriptionType: 'fixed',
        humanInputDescription: '<p>Send it?</p>',
      }),
      node('loopAgentflow_0', 'Again', { loopBackToNode: 'agentAgentflow_0-Answer', maxLoopCount: 3 }),
      node('stickyNoteAgentflow_0', 'Note', { note: 'todo' }),
    ],
    edges: [
      agentEdge('startAgentflow_0', 'llmAgentflow_0'),
      agentEdge('llmAgentflow_0', 'conditionAgentflow_0'),
      agentEdge('conditionAgentflow_0', 'agentAgentflow_0', '0'),
      agentEdge('conditionAgentflow_0', 'humanInputAgentflow_0', '1'),
      agentEdge('agentAgentflow_0', 'humanInputAgentflow_0'),
      agentEdge('humanInputAgentflow_0', 'loopAgentflow_0', '1'),
    ],
  };
}

/** A chatflow: an agent whose model, memory and tool are nodes of their own. */
export function chatflow(): Document {
  const chat = (id: string, label: string, category: string, inputs: Document) => node(id, label, inputs, category);
  return {
    nodes: [
      chat('chatOpenAI_0', 'ChatOpenAI', 'Chat Models', {
        modelName: 'gpt-4o',
        temperature: '0.9',
        cache: '',
        maxTokens: '',
      }),
      chat('bufferMemory_0', 'Buffer Memory', 'Memory', { sessionId: '', memoryKey: 'chat_history' }),
      chat('calculator_0', 'Calculator', 'Tools', {}),
      chat('toolAgent_0', 'Tool Agent', 'Agents', {
        model: '{{chatOpenAI_0.data.instance}}',
        memory: '{{bufferMemory_0.data.instance}}',
        tools: ['{{calculator_0.data.instance}}'],
        systemMessage: 'You help with sums. Use <b> for bold.',
        maxIterations: '',
      }),
    ],
    edges: [
      chatEdge('chatOpenAI_0', 'toolAgent_0', 'model'),
      chatEdge('bufferMemory_0', 'toolAgent_0', 'memory'),
      chatEdge('calculator_0', 'toolAgent_0', 'tools'),
    ],
  };
}

export function node(id: string, label: string, inputs: Document, category = 'Agent Flows'): Document {
  const name = id.replace(/_\d+$/, '');
  return {
    id,
    type: category === 'Agent Flows' ? 'agentFlow' : 'customNode',
    position: { x: 1, y: 2 },
    positionAbsolute: { x: 1, y: 2 },
    width: 100,
    height: 50,
    selected: false,
    dragging: false,
    data: {
      id,
      label,
      version: 1,
      name,
      type: label,
      color: '#fff',
      baseClasses: [label],
      category,
      description: 'What it does',
      inputParams: Object.keys(inputs).map((key) => ({
        label: key,
        name: key,
        type: 'string',
        id: `${id}-input-${key}`,
      })),
      inputAnchors: [],
      inputs,
      outputAnchors: [],
      outputs: {},
      selected: false,
    },
  };
}

export function agentEdge(source: string, target: string, output = source.replace(/_\d+$/, '')): Document {
  const sourceHandle = `${source}-output-${output}`;
  return {
    source,
    sourceHandle,
    target,
    targetHandle: target,
    type: 'agentFlow',
    data: { sourceColor: '#fff' },
    id: `${source}-${target}`,
  };
}

export function chatEdge(source: string, target: string, input: string): Document {
  const name = source.replace(/_\d+$/, '');
  const [sourceHandle, targetHandle] = [`${source}-output-${name}-A|B`, `${target}-input-${input}-A`];
  return {
    source,
    sourceHandle,
    target,
    targetHandle,
    type: 'buttonedge',
    id: `${sourceHandle}-${targetHandle}`,
    data: { label: '' },
  };
}

/** A variable as the editor of a node writes it. */
export function mention(name: string): string {
  return `<span class="variable" data-type="mention" data-id="${name}" data-label="${name}">{{ ${name} }}</span>`;
}

export function inputsOf(document: Document, id: string): Document {
  return nodeOf(document, id).data.inputs;
}

export function nodeOf({ nodes }: Document, id: string): Document {
  return nodes.find((candidate: Document) => candidate.id === id);
}

export function read(document: Document) {
  return readDefinition(JSON.stringify(document));
}
