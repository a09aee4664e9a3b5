import { describe, expect, it } from 'vitest';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { logicHash } from '../../../src/domain/workflow/hashes.ts';
import {
  condition,
  dataIn,
  edge,
  idOf,
  type Loose,
  message,
  model,
  node,
  nodeIn,
  readLoose,
  ref,
  selector,
  ticketApp,
  ticketAppWith,
  withNewIds,
} from '../../support/workflows/dify-flow.ts';

function diffOf(after: (app: Loose) => Loose, before: (app: Loose) => Loose = () => {}) {
  return diffDefinitions(readLoose(ticketAppWith(before)), readLoose(ticketAppWith(after)));
}

describe('Two Dify apps that do the same', () => {
  it.each<[string, (app: Loose) => Loose]>([
    [
      'dragged about',
      (d) =>
        Object.assign(nodeIn(d, 'Judge'), {
          position: { x: 1, y: 2 },
          positionAbsolute: { x: 1, y: 2 },
          width: 300,
          zIndex: 9,
        }),
    ],
    ['looked at', (d) => (nodeIn(d, 'Judge').selected = dataIn(d, 'Judge').selected = true)],
    ['zoomed', (d) => (d.workflow.graph.viewport = { x: 9, y: 9, zoom: 2 })],
    [
      'with another icon',
      (d) => Object.assign(d.app, { icon: '🦜', icon_background: '#FFF', use_icon_as_answer_icon: true }),
    ],
    [
      'exported by a newer version',
      (d) => {
        d.version = '0.5.0';
        d.workflow.rag_pipeline_variables = [];
        Object.assign(dataIn(d, 'Judge'), {
          structured_output_enabled: false,
          retry_config: { retry_enabled: false, max_retries: 3 },
        });
        dataIn(d, 'Page').tool_node_version = '2';
      },
    ],
    [
      'with its nodes, arrows and variables in another order',
      (d) => {
        d.workflow.graph.nodes.reverse();
        d.workflow.graph.edges.reverse();
        d.workflow.conversation_variables.reverse();
      },
    ],
    ['with another note', (d) => (d.workflow.graph.nodes.at(-1).data.text = 'Ask nobody')],
    ['with new ids of variables', (d) => (d.workflow.conversation_variables[0].id = 'cv-2')],
    [
      'with what is switched off set otherwise',
      (d) => (dataIn(d, 'Judge').context.variable_selector = selector('Start', 'ticket')),
    ],
    ['with the maker of a model spelled as before plugins', (d) => (dataIn(d, 'Judge').model.provider = 'openai')],
    [
      'with new limits of the installation',
      (d) => (d.workflow.features.file_upload.fileUploadConfig.file_size_limit = 99),
    ],
  ])('differ in nothing: %s', (_what, edit) => {
    expect(diffOf(edit).changes).toEqual([]);
    expect(logicHash(readLoose(ticketAppWith(edit)))).toBe(logicHash(readLoose(ticketApp())));
  });

  it('differ in no function where every id is new, also in the texts that name them', () => {
    const diff = diffDefinitions(readLoose(ticketApp()), readLoose(withNewIds(ticketApp())));
    expect(diff.functional).toBe(false);
    expect(diff.changes.every((change) => change.class === 'cosmetic')).toBe(true);
    expect(diff.counts.steps).toEqual({ added: 0, removed: 0, changed: 0, moved: 0 });
  });

  it('differ in no function where a node is called otherwise', () => {
    const diff = diffOf((d) => (dataIn(d, 'Judge').title = 'Rate'));
    expect(diff.changes.map(({ sentence }) => sentence)).toEqual(['Step ‘Judge’ renamed to ‘Rate’']);
    expect(diff.functional).toBe(false);
  });

  it('differ in what their installations bring, and in nothing that runs', () => {
    const diff = diffOf((d) => {
      d.workflow.environment_variables[0].value = 'https://live.example';
      d.dependencies[0].value.marketplace_plugin_unique_identifier = 'langgenius/openai:0.0.8@bbb';
      dataIn(d, 'Page').credential_id = 'cred-1';
    });
    expect(diff.functional).toBe(false);
    expect(diff.changes.map((change) => change.class)).toEqual(['binding', 'binding', 'binding']);
    expect(diff.changes.map(({ sentence }) => sentence)).toContain(
      'Binding ‘environment_variables’: BASE_URL.value changed from ‘https://test.example’ to ‘https://live.example’',
    );
  });
});

describe('A change of a Dify app', () => {
  it.each<[string, (app: Loose) => Loose, string, string[]]>([
    [
      'a model',
      (d) => (dataIn(d, 'Judge').model = model('gpt-4o')),
      'model',
      ['Model of ‘Judge’ changed from ‘gpt-4o-mini’ to ‘gpt-4o’'],
    ],
    [
      'a provider',
      (d) => (dataIn(d, 'Judge').model = model('gpt-4o-mini', 'langgenius/azure/azure')),
      'model',
      ['Provider of ‘Judge’ changed from ‘openai’ to ‘azure’'],
    ],
    [
      'a setting of a model',
      (d) => (dataIn(d, 'Judge').model.completion_params.temperature = 1),
      'model',
      ['Temperature of ‘Judge’ changed from 0.2 to 1'],
    ],
    [
      'a prompt',
      (d) => (dataIn(d, 'Judge').prompt_template[0] = message('system', 'You judge tickets.\nBe kind.')),
      'prompt',
      ['System prompt of ‘Judge’ modified (+1 −1 lines)'],
    ],
    [
      'a condition',
      (d) => (dataIn(d, 'Urgent?').cases[0].conditions[0].value = 'now'),
      'logic',
      [
        `Condition ‘Urgent?’: if changed from ‘${ref('Judge', 'text')} contains "urgent"’ to ‘${ref('Judge', 'text')} contains "now"’`,
      ],
    ],
    [
      'one more case',
      (d) => dataIn(d, 'Urgent?').cases.push({ case_id: 'c3', conditions: [condition('Judge', 'text', 'is', 'x')] }),
      'logic',
      ['Condition ‘Urgent?’: else if: [1] set to {2 fields}'],
    ],
    [
      'code',
      (d) => (dataIn(d, 'Count').code = 'def main(points):\n    return {"count": 0}'),
      'logic',
      ['Code of ‘Count’ modified (+1 −1 lines)'],
    ],
    [
      'an output of code',
      (d) => (dataIn(d, 'Count').outputs.more = { type: 'string' }),
      'schema',
      ['Output field ‘more’ of ‘Count’ added (string)'],
    ],
    [
      'an input',
      (d) => dataIn(d, 'Start').variables.push({ variable: 'tone', type: 'text-input', required: true }),
      'schema',
      ['Input field ‘tone’ added (string, required)'],
    ],
    [
      'a limit of a loop',
      (d) => Object.assign(dataIn(d, 'Each point'), { is_parallel: true, parallel_nums: 4 }),
      'logic',
      ['Loop ‘Each point’: max concurrency set to 4'],
    ],
    [
      'an error policy',
      (d) => (dataIn(d, 'Judge').error_strategy = 'fail-branch'),
      'limits',
      ['Error policy of ‘Judge’ set to ‘fail-branch’'],
    ],
    [
      'a tool',
      (d) => (dataIn(d, 'Page').tool_name = 'ring'),
      'tools',
      ['Tool of ‘Page’ changed from ‘pager/page’ to ‘pager/ring’'],
    ],
    [
      'what a tool is given',
      (d) => (dataIn(d, 'Page').tool_parameters.text = { type: 'variable', value: selector('Start', 'ticket') }),
      'tools',
      [`Arguments of ‘Page’: text changed from ‘${ref('Judge', 'text')}’ to ‘${ref('Start', 'ticket')}’`],
    ],
    [
      'a variable of the conversation',
      (d) => d.workflow.conversation_variables.unshift({ id: 'n', name: 'turn', value_type: 'number', value: 0 }),
      'logic',
      ['conversation_variables.turn added'],
    ],
    [
      'an opening',
      (d) => (d.workflow.features.opening_statement = 'Good day'),
      'logic',
      ['features.opening_statement changed from ‘Hello’ to ‘Good day’'],
    ],
    [
      'an arrow',
      (d) => (d.workflow.graph.edges[3].sourceHandle = 'true'),
      'logic',
      ['Edge ‘Urgent?’ → ‘Count’ (case 9ca767d9) removed', 'Edge ‘Urgent?’ → ‘Count’ (if) added'],
    ],
    [
      'the name and description of the app',
      (d) => Object.assign(d.app, { name: 'Mail', description: 'Answers mail' }),
      'cosmetic',
      [
        'Workflow renamed from ‘Tickets’ to ‘Mail’',
        'Description of the workflow changed from ‘Answers tickets’ to ‘Answers mail’',
      ],
    ],
  ])('is told once: %s', (_what, edit, changeClass, expected) => {
    const diff = diffOf(edit);
    expect(diff.changes.map(({ sentence }) => sentence).sort()).toEqual([...expected].sort());
    expect(new Set(diff.changes.map((change) => change.class))).toEqual(new Set([changeClass]));
  });

  it('that takes the first case away leaves the ways out of the others as they are', () => {
    const edit = (d: Loose) => {
      dataIn(d, 'Urgent?').cases.shift();
      dataIn(d, 'Urgent?').cases.push({
        case_id: 'another-long-id',
        conditions: [condition('Judge', 'text', 'is', 'x')],
      });
      d.workflow.graph.edges = d.workflow.graph.edges.filter(({ sourceHandle }: Loose) => sourceHandle !== 'true');
    };
    const { changes } = diffOf(edit);
    const asked = changes.filter(({ property }) => property !== undefined);
    expect(asked.map(({ kind, property }) => `${kind} ${property}`)).toEqual([
      'added condition.elseIf[1]',
      'removed condition.if',
    ]);
    const edges = changes.filter(({ path }) => path === 'edges');
    expect(edges.map(({ sentence }) => sentence)).toEqual(['Edge ‘Urgent?’ → ‘Page’ (if) removed']);
  });

  it('that puts a node into an iteration is a move', () => {
    const edit = (d: Loose) => {
      nodeIn(d, 'Count').parentId = idOf('Each point');
      Object.assign(dataIn(d, 'Count'), { isInIteration: true, iteration_id: idOf('Each point') });
    };
    expect(diffOf(edit).changes.map(({ sentence }) => sentence)).toEqual(['Step ‘Count’ moved into loop ‘Each point’']);
    expect(diffOf(() => {}, edit).changes.map(({ sentence }) => sentence)).toEqual([
      'Step ‘Count’ moved out of loop ‘Each point’',
    ]);
  });

  it('that adds a loop with a node in it says where that stands', () => {
    const edit = (d: Loose) => {
      const { nodes, edges } = d.workflow.graph;
      nodes.push(node('Retry', 'loop', { loop_count: 3, start_node_id: `${idOf('Retry')}start` }));
      nodes.push(
        node('', 'loop-start', {}, { id: `${idOf('Retry')}start`, parentId: idOf('Retry'), type: 'custom-loop-start' }),
      );
      nodes.push(node('Ask again', 'llm', { model: model('gpt-4o') }, { parentId: idOf('Retry') }));
      edges.push(edge('Count', 'Retry'), edge('Retry', 'Ask again', 'source', { source: `${idOf('Retry')}start` }));
    };
    expect(
      diffOf(edit)
        .changes.map(({ sentence }) => sentence)
        .sort(),
    ).toEqual([
      'Edge ‘Count’ → ‘Retry’ added',
      'Edge ‘Retry’ → ‘Ask again’ (start) added',
      'Loop ‘Retry’ added (loop)',
      'Step ‘Ask again’ added in loop ‘Retry’ (llm, model ‘gpt-4o’)',
    ]);
  });

  it('is found in an app whose ids are all new', () => {
    const after = withNewIds(ticketAppWith((d) => (dataIn(d, 'Judge').model = model('gpt-4o'))));
    const diff = diffDefinitions(readLoose(ticketApp()), readLoose(after));
    const functional = diff.changes.filter((change) => change.class !== 'cosmetic');
    expect(functional.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^Model of ‘Judge’ changed from ‘gpt-4o-mini’ to ‘gpt-4o’/),
    ]);
  });

  it('is a text that was filled in and is now passed on as it stands', () => {
    const constant = (d: Loose) => (dataIn(d, 'Page').tool_parameters.text.type = 'constant');
    expect(diffOf(constant).changes.map(({ property }) => property)).toEqual(['arguments.text']);
  });

  it('is found among nodes of one id, of which none vanishes', () => {
    const twins = (d: Loose) =>
      d.workflow.graph.nodes.push(node('Page', 'tool', { tool_name: 'other', provider_id: 'p' }));
    const edit = (d: Loose) => {
      twins(d);
      d.workflow.graph.nodes.at(-1).data.tool_parameters = { text: { type: 'mixed', value: 'Hi' } };
    };
    expect(diffOf(twins, twins).changes).toEqual([]);
    expect(diffOf(edit, twins).changes.map(({ property }) => property)).toEqual(['arguments.text']);
    expect(diffOf(edit, twins).counts.steps).toMatchObject({ added: 0, removed: 0, changed: 1 });
  });
});
