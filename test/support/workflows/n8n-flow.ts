import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

/** A node or a workflow as a test writes it: any of n8n's own keys. */
// biome-ignore lint/suspicious/noExplicitAny: a foreign document has no type of ours
export type Loose = any;

const MAIN = '@n8n/n8n-nodes-langchain.';
let places = 0;

/** A node as n8n writes it, at some place on the canvas. */
export function node(name: string, type: string, parameters: Loose = {}, more: Loose = {}): Loose {
  places += 20;
  return {
    parameters,
    id: `id-of-${name.toLowerCase().replaceAll(' ', '-')}`,
    name,
    type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
    typeVersion: 1,
    position: [places, 300],
    ...more,
  };
}

export const ai = (name: string, type: string, parameters: Loose = {}, more: Loose = {}): Loose =>
  node(name, `${MAIN}${type}`, parameters, more);

/** `to('A', 'B')`: the outputs of a node, each a list of what it leads to. */
export function to(...outputs: (string | string[] | null)[]): Loose {
  return outputs.map((targets) =>
    targets === null ? null : [targets].flat().map((name) => ({ node: name, type: 'main', index: 0 })),
  );
}

export function attached(type: string, name: string): Loose {
  return { [type]: [[{ node: name, type, index: 0 }]] };
}

/** Answers questions about orders with an agent, and tells somebody where the answer is not good enough. */
export function orderFlow(): Loose {
  return {
    name: 'Order questions',
    nodes: [
      node('Webhook', 'webhook', { path: 'orders', httpMethod: 'POST' }, { webhookId: 'w-1', typeVersion: 2 }),
      node('Known customer?', 'if', isTrue('={{ $json.known }}'), { typeVersion: 2 }),
      ai('Order agent', 'agent', {
        promptType: 'define',
        text: "=Question: {{ $('Webhook').item.json.question }}",
        options: { systemMessage: 'You answer questions about orders.\nBe brief.', maxIterations: 5 },
      }),
      ai(
        'Chat model',
        'lmChatOpenAi',
        {
          model: { __rl: true, mode: 'list', value: 'gpt-4o-mini', cachedResultName: 'gpt-4o-mini' },
          options: { temperature: 0.2 },
        },
        { credentials: { openAiApi: { id: 'c1', name: 'OpenAI' } } },
      ),
      ai('Look up order', 'toolHttpRequest', { toolDescription: 'Finds an order', url: 'https://shop.example/orders' }),
      ai('Memory', 'memoryBufferWindow', { sessionKey: "={{ $node['Webhook'].json.session }}" }),
      node('Score', 'code', { jsCode: "return $('Order agent').all();" }, { typeVersion: 2 }),
      node(
        'Tell the team',
        'slack',
        { text: "={{ $('Score').item.json.answer }}" },
        { retryOnFail: true, waitBetweenTries: 2000 },
      ),
      node('Note', 'stickyNote', { content: 'Ask Ann before changing this' }),
    ],
    connections: {
      Webhook: { main: to('Known customer?') },
      'Known customer?': { main: to('Order agent', 'Tell the team') },
      'Order agent': { main: to('Score') },
      Score: { main: to('Tell the team') },
      'Chat model': attached('ai_languageModel', 'Order agent'),
      'Look up order': attached('ai_tool', 'Order agent'),
      Memory: attached('ai_memory', 'Order agent'),
    },
    active: false,
    settings: { executionOrder: 'v1' },
    versionId: 'v-1',
    meta: { instanceId: 'abc' },
    pinData: {},
    tags: [],
  };
}

/** The parameters of an If that asks whether a value is true. */
export function isTrue(leftValue: string): Loose {
  const operator = { type: 'boolean', operation: 'true', singleValue: true };
  return {
    conditions: {
      options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
      conditions: [{ id: '1', leftValue, rightValue: '', operator }],
      combinator: 'and',
    },
    options: {},
  };
}

export function orderFlowWith(edit: (flow: Loose) => void): Loose {
  const flow = structuredClone(orderFlow());
  edit(flow);
  return flow;
}

export const nodeIn = (flow: Loose, name: string): Loose => flow.nodes.find((found: Loose) => found.name === name);

export const readLoose = (document: Loose) => readDefinition(JSON.stringify(document));

/** Renames a node as the editor does: in its connections and in every expression that names it. */
export function renameNode(flow: Loose, from: string, now: string): void {
  nodeIn(flow, from).name = now;
  const text = JSON.stringify(flow.nodes)
    .replaceAll(`('${from}')`, `('${now}')`)
    .replaceAll(`['${from}']`, `['${now}']`);
  flow.nodes = JSON.parse(text);
  flow.connections = JSON.parse(JSON.stringify(flow.connections).replaceAll(`"${from}"`, `"${now}"`));
}
