import { describe, expect, it } from 'vitest';
import { diffOfEdit } from '../../support/workflows/diff-of-edit.ts';
import {
  component,
  type Document,
  edge,
  field,
  handleText,
  nodeOf,
  read,
  supportFlow,
  templateOf,
} from '../../support/workflows/langflow-flow.ts';

const GROUP = 'groupComponent-ggggg';

/** The flow with agent and search inside a group, which shows the agent's prompt, input and answer as its own. */
function groupedFlow(): Document {
  const document = supportFlow();
  const { nodes, edges } = document.data;
  const inner = nodes.splice(1, 2);
  const [asked, used, answered] = edges;
  const prompt = { ...inner[0].data.node.template.system_prompt, proxy: { id: 'Agent-bbbbb', field: 'system_prompt' } };
  const group = component(GROUP, 'GroupNode', 'Answering', { 'system_prompt_Agent-bbbbb': prompt });
  group.data.node.flow = { data: { nodes: inner, edges: [used], viewport: {} }, name: 'Answering' };
  group.data.node.outputs = [{ name: 'Agent-bbbbb_response', proxy: { id: 'Agent-bbbbb', name: 'response' } }];
  nodes.splice(1, 0, group);
  const into = {
    fieldName: 'input_value_Agent',
    id: GROUP,
    type: 'str',
    proxy: { id: 'Agent-bbbbb', field: 'input_value' },
  };
  Object.assign(asked, { target: GROUP, targetHandle: handleText(into), data: {} });
  const outOf = { dataType: 'GroupNode', id: GROUP, name: 'Agent-bbbbb_response', output_types: ['Message'] };
  Object.assign(answered, { source: GROUP, sourceHandle: handleText(outOf), data: {} });
  document.data.edges = [asked, answered];
  return document;
}

/** As Langflow does when a flow is copied: every id is another one, and so are the ends of every arrow. */
function withNewIds(document: Document): void {
  const text = JSON.stringify(document.data).replace(/(?<=[A-Za-z]-)([a-e])\1{4}/g, (id) => `X${id.slice(1)}`);
  document.data = JSON.parse(text);
}

describe('A Langflow flow exported anew', () => {
  it('with all ids new differs in nothing', () => {
    const diff = diffOfEdit(supportFlow, withNewIds);
    expect(diff.counts.steps).toMatchObject({ added: 0, removed: 0, moved: 0 });
    expect(diff.functional).toBe(false);
    expect(diff.classes.filter((each) => each !== 'cosmetic')).toEqual([]);
  });

  it('with all ids new and one model changed says the model', () => {
    const diff = diffOfEdit(supportFlow, (d) => {
      templateOf(d, 'Agent-bbbbb').model_name.value = 'gpt-4.1';
      withNewIds(d);
    });
    const functional = diff.changes.filter((change) => change.class !== 'cosmetic');
    expect(functional.map(({ path, before, after }) => [path, before, after])).toEqual([
      ['data.nodes[1].model', 'gpt-4o-mini', 'gpt-4.1'],
    ]);
  });
});

describe('A group in a Langflow flow', () => {
  it('is a step with steps inside, and arrows lead to those', () => {
    const { steps, edges, bindings } = read(groupedFlow());
    const group = steps.find(({ kind }) => kind === 'group');
    expect(group?.label).toBe('Answering');
    expect(group?.children[0]?.steps.map(({ id }) => id)).toEqual(['Agent-bbbbb', 'Search-ccccc']);
    expect(edges).toEqual([
      { from: 'ChatInput-aaaaa', to: 'Agent-bbbbb', port: 'message → input_value' },
      { from: 'Agent-bbbbb', to: 'ChatOutput-ddddd', port: 'response → input_value' },
      { from: 'Search-ccccc', to: 'Agent-bbbbb', port: 'component_as_tool → tools' },
    ]);
    expect(bindings).toEqual({ 'Agent-bbbbb': { api_key: 'OPENAI_API_KEY' } });
  });

  it('counts with the values that it shows, not with those they hide', () => {
    const edit = (d: Document) =>
      (templateOf(d, GROUP)['system_prompt_Agent-bbbbb'].value = 'Answer from the handbook.\nBe kind.');
    const diff = diffOfEdit(groupedFlow, edit);
    expect(diff.sentences).toEqual(['System prompt of ‘Support agent’ modified (+1 −1 lines)']);
  });

  it('takes steps in as a move, with no arrow changed', () => {
    const diff = diffOfEdit(supportFlow, (d) => Object.assign(d, groupedFlow()));
    expect(diff.sentences).toEqual([
      'Step ‘Answering’ added (group)',
      'Step ‘Support agent’ moved into step ‘Answering’',
      'Step ‘Handbook’ moved into step ‘Answering’',
    ]);
  });

  it('may stand in a group', () => {
    const document = groupedFlow();
    const outer = component('groupComponent-hhhhh', 'GroupNode', 'Everything', {});
    outer.data.node.flow = { data: { nodes: document.data.nodes, edges: document.data.edges } };
    const { steps, edges } = read({ data: { nodes: [outer], edges: [] } });
    expect(steps[0]?.children[0]?.steps.map(({ label }) => label)).toEqual(['Chat Input', 'Answering', 'Chat Output']);
    expect(edges).toHaveLength(3);
  });

  it('is refused where groups are nested deeper than steps may be', () => {
    let node = component('Leaf-1', 'Leaf', 'Leaf', {});
    for (let depth = 0; depth < 21; depth++) {
      const group = component(`Group-${depth}`, 'GroupNode', 'Group', {});
      group.data.node.flow = { data: { nodes: [node], edges: [] } };
      node = group;
    }
    expect(() => read({ data: { nodes: [node], edges: [] } })).toThrow('nested deeper than 20');
  });
});

describe('What a Langflow flow keeps for itself', () => {
  it('is a chosen item’s name, not how the editor shows it', () => {
    const choice = (icon: string) => [{ name: 'Add Column', icon, chosen: false, selected: false }];
    const flow = (icon: string): Document => ({
      data: {
        nodes: [component('Ops-1', 'DataOps', 'Ops', { operation: field(choice(icon), { type: 'sortableList' }) })],
        edges: [],
      },
    });
    const diff = diffOfEdit(
      () => flow('plus'),
      (d) => Object.assign(d, flow('other')),
    );
    expect(diff.sentences).toEqual([]);
    expect(read(flow('plus')).steps[0]?.properties['operation']).toEqual(['Add Column']);
  });

  it('is a file as a binding: what it is called where it was uploaded', () => {
    const file = field('', { type: 'file', file_path: ['0b3f/handbook.pdf'] });
    const { bindings, steps } = read({
      data: { nodes: [component('File-1', 'File', 'File', { path: file })], edges: [] },
    });
    expect(bindings).toEqual({ 'File-1': { path: ['0b3f/handbook.pdf'] } });
    expect(steps[0]?.properties).toEqual({});
  });

  it('is what a field reads from the installation’s own variables', () => {
    const stored = field('SUPPORT_INDEX', { load_from_db: true });
    const flow = read({ data: { nodes: [component('S-1', 'Search', 'Search', { index_name: stored })], edges: [] } });
    expect(flow.bindings).toEqual({ 'S-1': { index_name: 'SUPPORT_INDEX' } });
    expect(flow.steps[0]?.properties).toEqual({});
  });

  it('is no arrow to a note or to nothing', () => {
    const document = supportFlow();
    document.data.edges.push(
      edge('Agent-bbbbb', 'response', 'note-eeeee', 'x'),
      edge('Agent-bbbbb', 'response', 'gone', 'x'),
    );
    document.data.edges.push(null, { source: 5 });
    expect(read(document).edges).toHaveLength(3);
    expect(nodeOf(document, 'note-eeeee')).toBeDefined();
  });
});
