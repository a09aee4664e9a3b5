import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests edit documents of a foreign shape freely
export type Document = any;

/** An answer from documents: an agent with a model of its own and a search it may use as a tool. Written for these tests. */
export function supportFlow(): Document {
  return {
    name: 'Support answers',
    description: 'Answers from the handbook',
    id: '0b3f',
    is_component: false,
    last_tested_version: '1.5.0',
    tags: ['rag'],
    data: {
      viewport: { x: 0, y: 0, zoom: 1 },
      nodes: [
        component('ChatInput-aaaaa', 'ChatInput', 'Chat Input', { sender: field('User'), input_value: field('') }),
        component(
          'Agent-bbbbb',
          'Agent',
          'Support agent',
          {
            agent_llm: field('OpenAI'),
            model_name: field('gpt-4o-mini'),
            temperature: field(0.1, { type: 'slider' }),
            max_tokens: field('', { type: 'int' }),
            api_key: field('OPENAI_API_KEY', { password: true, load_from_db: true }),
            system_prompt: field('Answer from the handbook.\nBe brief.'),
            max_iterations: field(15, { type: 'int' }),
            tools: field('', { type: 'other' }),
            code: field('class Agent:\n    pass\n', { type: 'code' }),
          },
          { metadata: { code_hash: 'aaaaaaaaaaaa' } },
        ),
        component(
          'Search-ccccc',
          'HandbookSearch',
          'Handbook',
          {
            index_name: field('handbook'),
            tools_metadata: field([tool('search_handbook', true), tool('as_dataframe', true)], { type: 'tools' }),
            code: field('class Search:\n    limit = 4\n', { type: 'code' }),
          },
          { tool_mode: true },
        ),
        component('ChatOutput-ddddd', 'ChatOutput', 'Chat Output', { sender_name: field('AI') }),
        {
          id: 'note-eeeee',
          type: 'noteNode',
          position: { x: 1, y: 1 },
          data: { type: 'note', node: { description: 'Todo' } },
        },
      ],
      edges: [
        edge('ChatInput-aaaaa', 'message', 'Agent-bbbbb', 'input_value'),
        edge('Search-ccccc', 'component_as_tool', 'Agent-bbbbb', 'tools'),
        edge('Agent-bbbbb', 'response', 'ChatOutput-ddddd', 'input_value'),
      ],
    },
  };
}

export function component(id: string, type: string, name: string, template: Document, others: Document = {}): Document {
  return {
    id,
    type: 'genericNode',
    position: { x: 10, y: 20 },
    measured: { width: 320, height: 200 },
    selected: false,
    dragging: false,
    data: {
      id,
      type,
      showNode: true,
      node: {
        display_name: name,
        description: 'What it does',
        lf_version: '1.5.0',
        last_updated: '2025-01-01T00:00:00Z',
        edited: false,
        field_order: Object.keys(template),
        base_classes: ['Message'],
        outputs: [],
        template: { _type: 'Component', ...template },
        ...others,
      },
    },
  };
}

export function field(value: unknown, others: Document = {}): Document {
  return { type: 'str', show: true, advanced: false, required: false, info: 'Help', options: ['a'], value, ...others };
}

export function tool(name: string, status: boolean): Document {
  const description = `Does ${name}`;
  return { name, status, description, display_name: name, display_description: description, tags: [name], args: {} };
}

export function edge(source: string, output: string, target: string, input: string): Document {
  const sourceHandle = { dataType: source.split('-')[0], id: source, name: output, output_types: ['Message'] };
  const targetHandle = { fieldName: input, id: target, inputTypes: ['Message'], type: 'str' };
  return {
    id: `xy-edge__${source}-${target}`,
    source,
    target,
    sourceHandle: handleText(sourceHandle),
    targetHandle: handleText(targetHandle),
    data: { sourceHandle, targetHandle },
    className: '',
    animated: false,
  };
}

/** As Langflow writes it: JSON with `œ` for quotes. */
export function handleText(handle: Document): string {
  return JSON.stringify(handle).replaceAll('"', 'œ');
}

export function templateOf(document: Document, id: string): Document {
  return nodeOf(document, id).data.node.template;
}

export function nodeOf({ data }: Document, id: string): Document {
  return data.nodes.find((node: Document) => node.id === id);
}

export function read(document: Document) {
  return readDefinition(JSON.stringify(document));
}
