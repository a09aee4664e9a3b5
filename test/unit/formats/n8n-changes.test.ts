import { describe, expect, it } from 'vitest';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { logicHash } from '../../../src/domain/workflow/hashes.ts';
import {
  ai,
  attached,
  type Loose,
  node,
  nodeIn,
  orderFlow,
  orderFlowWith,
  readLoose,
  renameNode,
  to,
} from '../../support/workflows/n8n-flow.ts';

function diffOf(after: (flow: Loose) => void, before: (flow: Loose) => void = () => {}) {
  return diffDefinitions(readLoose(orderFlowWith(before)), readLoose(orderFlowWith(after)));
}
const sentences = (after: (flow: Loose) => void, before?: (flow: Loose) => void) =>
  diffOf(after, before).changes.map(({ sentence }) => sentence);

/** As another instance exports it: every id is new. */
function newIds(flow: Loose): void {
  for (const [index, one] of flow.nodes.entries()) one.id = `5f1c${index}a77-0d9e-4b7e-9a51-6c0f3b2d1e${index}0`;
}

function withoutIds(flow: Loose): void {
  for (const one of flow.nodes) delete one.id;
}

describe('Two n8n workflows that do the same', () => {
  it.each<[string, (flow: Loose) => void]>([
    ['dragged about', (d) => Object.assign(d.nodes[1], { position: [7, -40] })],
    ['saved again', (d) => Object.assign(d, { versionId: 'v-2', updatedAt: '2026-01-02', versionCounter: 9, id: 'x' })],
    ['run in the editor', (d) => Object.assign(d, { pinData: { Webhook: [{ json: {} }] }, staticData: { node: {} } })],
    ['switched on', (d) => (d.active = true)],
    ['tagged', (d) => (d.tags = [{ id: 't', name: 'shop' }])],
    ['with another note', (d) => (nodeIn(d, 'Note').parameters.content = 'Nobody asks Ann any more')],
    ['with its nodes in another order', (d) => d.nodes.reverse()],
    [
      'with another name kept for a chosen model',
      (d) => (nodeIn(d, 'Chat model').parameters.model.cachedResultName = 'GPT'),
    ],
    ['with a model typed instead of chosen', (d) => (nodeIn(d, 'Chat model').parameters.model.mode = 'id')],
    [
      'with the usual written out',
      (d) => Object.assign(nodeIn(d, 'Score'), { onError: 'stopWorkflow', disabled: false }),
    ],
    ['with another webhook id', (d) => (nodeIn(d, 'Webhook').webhookId = 'w-2')],
  ])('differ in nothing: %s', (_what, edit) => {
    expect(sentences(edit)).toEqual([]);
    expect(logicHash(readLoose(orderFlowWith(edit)))).toBe(logicHash(readLoose(orderFlow())));
  });

  it('differ in no function where every id is new', () => {
    const diff = diffOf(newIds);
    expect(diff.functional).toBe(false);
    expect(diff.changes.every((change) => change.class === 'cosmetic')).toBe(true);
    expect(diff.counts.steps).toEqual({ added: 0, removed: 0, changed: 0, moved: 0 });
  });

  it('differ in no function where neither has ids, or only one of them', () => {
    expect(diffOf(withoutIds, withoutIds).changes).toEqual([]);
    expect(diffOf(withoutIds).functional).toBe(false);
    expect(diffOf(() => {}, withoutIds).functional).toBe(false);
  });

  it('differ in their connections alone where only credentials do', () => {
    const diff = diffOf(
      (d) => (nodeIn(d, 'Chat model').credentials.openAiApi = { id: 'c2', name: 'OpenAI of production' }),
    );
    expect(diff.functional).toBe(false);
    expect(new Set(diff.changes.map((change) => change.class))).toEqual(new Set(['binding']));
    expect(diff.changes.map(({ sentence }) => sentence)).toContain(
      'Binding ‘Chat model’: openAiApi.name changed from ‘OpenAI’ to ‘OpenAI of production’',
    );
  });
});

describe('A renamed n8n node', () => {
  it.each([
    ['Order agent', 'Order expert'],
    ['Webhook', 'Question comes in'],
    ['Look up order', 'Find the customer’s order'],
    ['Score', "Say 'how good'"],
    ['Chat model', 'Cheap model'],
  ])('is a rename and nothing else: ‘%s’', (from, now) => {
    const rename = (d: Loose) => renameNode(d, from, now.replaceAll("'", '’'));
    const [before, after] = [readLoose(orderFlow()), readLoose(orderFlowWith(rename))];
    const diff = diffDefinitions(before, after);
    expect(diff.changes.map(({ kind, class: is }) => [kind, is])).toEqual([['renamed', 'cosmetic']]);
    expect(diff.functional).toBe(false);
    expect(logicHash(after)).toBe(logicHash(before));
    expect(codeView(before, after, diff).text).not.toContain('$');
  });

  it('whose new name is written with its quotes escaped is a rename too', () => {
    const rename = (d: Loose) => {
      renameNode(d, 'Score', 'Quoted');
      nodeIn(d, 'Quoted').name = "It's scored";
      d.nodes = JSON.parse(JSON.stringify(d.nodes).replaceAll("('Quoted')", "('It\\\\'s scored')"));
      d.connections = JSON.parse(JSON.stringify(d.connections).replaceAll('"Quoted"', '"It\'s scored"'));
    };
    expect(sentences(rename)).toEqual(["Step ‘Score’ renamed to ‘It's scored’"]);
    expect(sentences(() => {}, rename)).toEqual(["Step ‘It's scored’ renamed to ‘Score’"]);
  });

  it('that changes as well says both', () => {
    const edit = (d: Loose) => {
      renameNode(d, 'Score', 'Rate');
      nodeIn(d, 'Rate').parameters.jsCode = "return $('Order agent').first();";
    };
    expect(sentences(edit)).toEqual([
      expect.stringMatching(/^Code of ‘Rate’ changed/),
      'Step ‘Score’ renamed to ‘Rate’',
    ]);
  });

  it('that expressions do not follow breaks them, which is told, and so is their repair', () => {
    const forget = (d: Loose) => {
      nodeIn(d, 'Score').name = 'Rate';
      d.connections = JSON.parse(JSON.stringify(d.connections).replaceAll('"Score"', '"Rate"'));
    };
    for (const diff of [diffOf(forget), diffOf(() => {}, forget)]) {
      expect(diff.functional).toBe(true);
      expect(diff.changes.map(({ property }) => property)).toEqual(['parameters.text', 'label']);
    }
    expect(logicHash(readLoose(orderFlowWith(forget)))).not.toBe(logicHash(readLoose(orderFlow())));
  });

  it('does not hide that an expression names another node now', () => {
    const edit = (d: Loose) => {
      renameNode(d, 'Score', 'Rate');
      nodeIn(d, 'Tell the team').parameters.text = "={{ $('Order agent').item.json.answer }}";
    };
    expect(diffOf(edit).functional).toBe(true);
  });

  it('that takes the name of another, which takes its own, is two renames', () => {
    const swap = (d: Loose) => {
      renameNode(d, 'Score', 'Third');
      renameNode(d, 'Order agent', 'Score');
      renameNode(d, 'Third', 'Order agent');
    };
    expect(diffOf(swap).functional).toBe(false);
    expect(diffOf(swap).changes.map(({ kind }) => kind)).toEqual(['renamed', 'renamed']);
  });
});

describe('A change of an n8n workflow', () => {
  it.each<[string, (flow: Loose) => void, string, string[]]>([
    [
      'a model',
      (d) => (nodeIn(d, 'Chat model').parameters.model.value = 'gpt-4o'),
      'model',
      ['Model of ‘Chat model’ changed from ‘gpt-4o-mini’ to ‘gpt-4o’'],
    ],
    [
      'a prompt',
      (d) => (nodeIn(d, 'Order agent').parameters.options.systemMessage += '\nBe kind.'),
      'prompt',
      ['System prompt of ‘Order agent’ modified (+1 −0 lines)'],
    ],
    [
      'a tool’s purpose',
      (d) => (nodeIn(d, 'Look up order').parameters.toolDescription = 'Finds any order'),
      'tools',
      ['Tool description of ‘Look up order’: toolDescription changed from ‘Finds an order’ to ‘Finds any order’'],
    ],
    [
      'a condition',
      (d) => (nodeIn(d, 'Known customer?').parameters.conditions.conditions[0].operator.operation = 'false'),
      'logic',
      [
        'Condition ‘Known customer?’: if changed from ‘{{ $json.known }} boolean true’ to ‘{{ $json.known }} boolean false’',
      ],
    ],
    [
      'a node switched off',
      (d) => (nodeIn(d, 'Score').disabled = true),
      'logic',
      ['‘disabled’ of ‘Score’ set to true'],
    ],
    [
      'an error policy',
      (d) => (nodeIn(d, 'Score').onError = 'continueRegularOutput'),
      'limits',
      ['Error policy of ‘Score’ set to ‘continueRegularOutput’'],
    ],
    [
      'a retry',
      (d) => (nodeIn(d, 'Tell the team').maxTries = 5),
      'limits',
      ['Retry attempts of ‘Tell the team’ set to 5'],
    ],
    [
      'the steps an agent may take',
      (d) => (nodeIn(d, 'Order agent').parameters.options.maxIterations = 9),
      'limits',
      ['Max iterations of ‘Order agent’ changed from 5 to 9'],
    ],
    ['a setting', (d) => (d.settings.errorWorkflow = 'w-7'), 'limits', ['settings.errorWorkflow set to ‘w-7’']],
    [
      'an arrow',
      (d) => d.connections['Known customer?'].main.reverse(),
      'logic',
      [
        'Edge ‘Known customer?’ → ‘Order agent’ (true) removed',
        'Edge ‘Known customer?’ → ‘Tell the team’ (true) added',
        'Edge ‘Known customer?’ → ‘Order agent’ (false) added',
        'Edge ‘Known customer?’ → ‘Tell the team’ (false) removed',
      ],
    ],
    [
      'a note of a node',
      (d) => (nodeIn(d, 'Score').notes = 'By Ann'),
      'cosmetic',
      ['Description of ‘Score’ set to ‘By Ann’'],
    ],
  ])('is told once: %s', (_what, edit, changeClass, expected) => {
    const diff = diffOf(edit);
    expect(diff.changes.map(({ sentence }) => sentence).sort()).toEqual([...expected].sort());
    expect(new Set(diff.changes.map((change) => change.class))).toEqual(new Set([changeClass]));
  });

  it('of a tool says whose it is', () => {
    const add = (d: Loose) => {
      d.nodes.push(
        ai('Refund', 'toolWorkflow', { description: 'Pays back', workflowId: { __rl: true, mode: 'id', value: 'w' } }),
      );
      d.connections.Refund = attached('ai_tool', 'Order agent');
    };
    expect(sentences(add)).toEqual(['Tool ‘Refund’ added to ‘Order agent’', 'Step ‘Refund’ added (tool)']);
    expect(sentences(() => {}, add)).toEqual(['Tool ‘Refund’ removed from ‘Order agent’', 'Step ‘Refund’ removed']);
    expect(diffOf(add).risk.level).toBe('high');
  });

  it('of the model that is attached to an agent is a swapped model', () => {
    const swap = (d: Loose) => {
      d.nodes = d.nodes.filter(({ name }: Loose) => name !== 'Chat model');
      d.nodes.push(ai('Claude', 'lmChatAnthropic', { model: 'claude' }));
      d.connections.Claude = d.connections['Chat model'];
      delete d.connections['Chat model'];
    };
    const { changes, risk } = diffOf(swap);
    expect(changes.filter((change) => change.class === 'model').map(({ sentence }) => sentence)).toEqual([
      'Edge ‘Chat model’ → ‘Order agent’ (ai_languageModel) removed',
      'Edge ‘Claude’ → ‘Order agent’ (ai_languageModel) added',
    ]);
    expect(risk).toMatchObject({ level: 'high', reasons: expect.arrayContaining(['model swapped']) });
  });

  it('is found in a re-export with new ids', () => {
    const edit = (d: Loose) => {
      newIds(d);
      nodeIn(d, 'Chat model').parameters.model.value = 'gpt-4o';
    };
    const functional = diffOf(edit).changes.filter((change) => change.class !== 'cosmetic');
    expect(functional.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^Model of ‘Chat model’ changed from ‘gpt-4o-mini’ to ‘gpt-4o’/),
    ]);
  });

  it('is found among nodes of one name and id, of which none vanishes', () => {
    const twins = (d: Loose) => {
      d.nodes.push(node('Score', 'code', { jsCode: 'return [1]' }, { id: 'id-of-score' }), node('End', 'noOp'));
      d.connections['Tell the team'] = { main: to('End') };
    };
    const edit = (d: Loose) => {
      twins(d);
      d.nodes.at(-2).parameters.jsCode = 'return [2]';
    };
    expect(diffOf(twins, twins).changes).toEqual([]);
    const diff = diffOf(edit, twins);
    expect(diff.counts.steps).toMatchObject({ added: 0, removed: 0, changed: 1 });
    expect(diff.changes).toHaveLength(1);
    expect(diff.changes[0]?.property).toBe('code.source');
  });
});
