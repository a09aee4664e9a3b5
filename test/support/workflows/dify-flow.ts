import { dump } from 'js-yaml';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

/** A node or an app as a test writes it: any of Dify's own keys. */
// biome-ignore lint/suspicious/noExplicitAny: a foreign document has no type of ours
export type Loose = any;

const NUMBER = new Map<string, string>();

/** Ids as the editor makes them, from the time. */
export function idOf(title: string): string {
  const known = NUMBER.get(title) ?? `${1_711_528_700_000 + NUMBER.size * 1_317}`;
  NUMBER.set(title, known);
  return known;
}

/** A node as Dify writes it. */
export function node(title: string, type: string, data: Loose = {}, more: Loose = {}): Loose {
  return {
    id: idOf(title),
    type: 'custom',
    position: { x: 30, y: 258 },
    positionAbsolute: { x: 30, y: 258 },
    width: 244,
    height: 98,
    selected: false,
    sourcePosition: 'right',
    targetPosition: 'left',
    data: { type, title, desc: '', selected: false, ...data },
    ...more,
  };
}

export function edge(from: string, to: string, handle = 'source', more: Loose = {}): Loose {
  const [source, target] = [idOf(from), idOf(to)];
  const id = `${source}-${handle}-${target}-target`;
  const data = { sourceType: 'x', targetType: 'y', isInIteration: false };
  return { id, source, sourceHandle: handle, target, targetHandle: 'target', type: 'custom', zIndex: 0, data, ...more };
}

export const ref = (title: string, variable: string) => `{{#${idOf(title)}.${variable}#}}`;
export const selector = (title: string, variable: string) => [idOf(title), variable];

export function model(
  name: string,
  provider = 'langgenius/openai/openai',
  params: Loose = { temperature: 0.2 },
): Loose {
  return { provider, name, mode: 'chat', completion_params: params };
}

export function message(role: string, text: string): Loose {
  return { id: `m-${role}`, role, text };
}

export function condition(title: string, variable: string, operator: string, value: string): Loose {
  return {
    id: `c-${value}`,
    comparison_operator: operator,
    value,
    varType: 'string',
    variable_selector: selector(title, variable),
  };
}

/** Classifies tickets, answers the urgent ones, and works through the points of the others one by one. */
export function ticketApp(): Loose {
  const inside = { parentId: idOf('Each point'), zIndex: 1002 };
  const loopData = { isInIteration: true, iteration_id: idOf('Each point') };
  return {
    app: {
      name: 'Tickets',
      description: 'Answers tickets',
      mode: 'workflow',
      icon: '🤖',
      icon_background: '#FFEAD5',
      use_icon_as_answer_icon: false,
    },
    dependencies: [
      {
        current_identifier: null,
        type: 'marketplace',
        value: { marketplace_plugin_unique_identifier: 'langgenius/openai:0.0.7@aaa' },
      },
    ],
    kind: 'app',
    version: '0.3.0',
    workflow: {
      conversation_variables: [
        {
          id: 'cv-1',
          name: 'mood',
          value_type: 'string',
          value: '',
          description: '',
          selector: ['conversation', 'mood'],
        },
      ],
      environment_variables: [{ id: 'ev-1', name: 'BASE_URL', value_type: 'string', value: 'https://test.example' }],
      features: {
        file_upload: { enabled: true, fileUploadConfig: { file_size_limit: 15 } },
        speech_to_text: { enabled: false, language: 'en' },
        opening_statement: 'Hello',
        suggested_questions: ['Where is it?'],
      },
      graph: {
        nodes: [
          node('Start', 'start', {
            variables: [
              { variable: 'ticket', label: 'Ticket', type: 'paragraph', required: true, max_length: 4000, options: [] },
              { variable: 'channel', label: 'Channel', type: 'select', required: false, options: ['mail', 'chat'] },
            ],
          }),
          node('Judge', 'llm', {
            model: model('gpt-4o-mini'),
            prompt_template: [
              message('system', 'You judge tickets.\nBe strict.'),
              message('user', ref('Start', 'ticket')),
            ],
            context: { enabled: false, variable_selector: [] },
            vision: { enabled: false },
            variables: [],
          }),
          node('Urgent?', 'if-else', {
            cases: [
              {
                case_id: 'true',
                id: 'true',
                logical_operator: 'and',
                conditions: [condition('Judge', 'text', 'contains', 'urgent')],
              },
              {
                case_id: '9ca767d9-54ea-407e-a0a3-a8dc3e55e118',
                id: 'x',
                logical_operator: 'or',
                conditions: [condition('Judge', 'text', 'contains', 'spam')],
              },
            ],
          }),
          node('Each point', 'iteration', {
            iterator_selector: selector('Judge', 'points'),
            output_selector: selector('Reply', 'text'),
            start_node_id: `${idOf('Each point')}start`,
            is_parallel: false,
            error_handle_mode: 'terminated',
            width: 388,
            height: 178,
          }),
          node(
            '',
            'iteration-start',
            { isInIteration: true },
            { id: `${idOf('Each point')}start`, type: 'custom-iteration-start', ...inside },
          ),
          node(
            'Reply',
            'llm',
            {
              ...loopData,
              model: model('gpt-4o-mini'),
              prompt_template: [message('user', `Reply to ${ref('Each point', 'item')}`)],
            },
            inside,
          ),
          node('Count', 'code', {
            code: 'def main(points):\n    return {"count": len(points)}',
            code_language: 'python3',
            variables: [{ variable: 'points', value_selector: selector('Each point', 'output') }],
            outputs: { count: { type: 'number', children: null } },
          }),
          node('Page', 'tool', {
            provider_id: 'langgenius/pager/pager',
            provider_name: 'pager',
            provider_type: 'builtin',
            tool_name: 'page',
            tool_label: 'Page somebody',
            tool_configurations: {},
            tool_parameters: { text: { type: 'mixed', value: ref('Judge', 'text') } },
          }),
          node('End', 'end', {
            outputs: [{ variable: 'count', value_selector: selector('Count', 'count'), value_type: 'number' }],
          }),
          {
            id: 'note-1',
            type: 'custom-note',
            position: { x: 0, y: 0 },
            data: { type: '', text: 'Ask Ann', theme: 'blue', author: 'Ann' },
          },
        ],
        edges: [
          edge('Start', 'Judge'),
          edge('Judge', 'Urgent?'),
          edge('Urgent?', 'Page', 'true'),
          edge('Urgent?', 'Count', '9ca767d9-54ea-407e-a0a3-a8dc3e55e118'),
          edge('Urgent?', 'Each point', 'false'),
          edge('Each point', 'Reply', 'source', { source: `${idOf('Each point')}start` }),
          edge('Each point', 'Count'),
          edge('Count', 'End'),
        ],
        viewport: { x: 0, y: 0, zoom: 0.7 },
      },
    },
  };
}

export function ticketAppWith(edit: (app: Loose) => void): Loose {
  const app = structuredClone(ticketApp());
  edit(app);
  return app;
}

export const nodeIn = (app: Loose, title: string): Loose =>
  app.workflow.graph.nodes.find(({ data }: Loose) => data.title === title);
export const dataIn = (app: Loose, title: string): Loose => nodeIn(app, title).data;

/** As YAML, which is how people have it. */
export const readLoose = (app: Loose) => readDefinition(dump(app));

/** The same app as another import makes it: every id of a node is new, also where texts name it. */
export function withNewIds(app: Loose): Loose {
  let text = JSON.stringify(app);
  for (const { id } of app.workflow.graph.nodes)
    if (/^\d+$/.test(id)) text = text.replaceAll(id, `${Number(id) + 77_000_000}`);
  return JSON.parse(text);
}
