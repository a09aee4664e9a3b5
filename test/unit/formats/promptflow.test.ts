import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { bundleOf, edited, type Files, saidBetween } from '../../support/workflows/diff-of-sources.ts';
import { DAG, FILES } from '../../support/workflows/promptflow-dag.ts';
import { refusalOf } from '../../support/workflows/refusal-of.ts';

const said = (files: Files) => saidBetween(bundleOf(FILES), bundleOf({ ...FILES, ...files }));
const saidOfDag = (...edits: readonly (readonly [string, string])[]) =>
  said({ 'flow.dag.yaml': edited(DAG, ...edits) });

describe('A flow of prompt flow', () => {
  it('is read with the text of the files that its nodes run', () => {
    const definition = readDefinition(bundleOf(FILES));
    expect(definition).toMatchObject({ format: 'promptflow', name: 'answer', executionMode: 'dag' });
    const [search, draft, judge, log] = definition.steps;
    expect(search).toMatchObject({
      kind: 'code',
      properties: { inputs: { query: '${inputs.question}', depth: 1 }, code: { source: FILES['tools/search.py'] } },
    });
    expect(draft?.children.map(({ role, steps }) => [role, steps[0]?.id, steps[0]?.label])).toEqual([
      ['variant_0', 'draft.variant_0', 'draft (variant_0)'],
      ['variant_1', 'draft.variant_1', 'draft (variant_1)'],
    ]);
    expect(draft?.children[0]?.steps[0]?.properties).toMatchObject({
      model: 'gpt-4o',
      modelParameters: { temperature: 0.5 },
      systemPrompt: 'You draft.',
      task: '{{found}}',
    });
    expect(judge).toMatchObject({
      kind: 'llm',
      properties: {
        provider: 'AzureOpenAI',
        model: 'gpt-4o',
        modelParameters: { maxTokens: 50, temperature: 0.1 },
        inputs: { answer: '${draft.output}' },
        condition: { if: '${inputs.question} is "Why?"' },
        systemPrompt: 'You judge.',
        task: '{{answer}}',
      },
    });
    expect(log).toMatchObject({
      kind: 'tool',
      properties: { tool: 'acme.tools.Log.write', promptflow: { aggregation: true } },
    });
    expect(definition.edges).toEqual([
      { from: 'search', to: 'draft' },
      { from: 'draft', to: 'judge' },
      { from: 'judge', to: 'log' },
      { from: 'search', to: 'log' },
    ]);
    expect(definition.bindings).toEqual({
      search: { search_connection: 'bing' },
      'draft.variant_0': { connection: 'openai' },
      'draft.variant_1': { connection: 'openai' },
      judge: { connection: 'aoai' },
      log: { connection: 'store' },
      'environment variables': { SITE: 'https://a.example' },
    });
    expect(Object.keys(definition.files ?? {})).toEqual(['requirements.txt', 'tools/words.py']);
  });

  it.each<[string, Files, string[]]>([
    [
      'a prompt in a file',
      { 'judge.jinja2': '# system:\nYou judge kindly.\n\n# user:\n{{answer}}' },
      ['prompt: System prompt of ‘judge’ changed from ‘You judge.’ to ‘You judge kindly.’'],
    ],
    [
      'the prompt of a variant',
      { 'draft_short.jinja2': 'Draft well from {{found}}' },
      ['prompt: Task of ‘draft (variant_1)’ changed from ‘Draft from {{found}}’ to ‘Draft well from {{found}}’'],
    ],
    [
      'the code of a node',
      { 'tools/search.py': 'def search(): ...\nDEPTH = 2\n' },
      ['logic: Code of ‘search’ modified (+1 −0 lines)'],
    ],
    [
      'a file that no node runs',
      { 'tools/words.py': 'WORDS = 2\n' },
      ['logic: File ‘tools/words.py’ changed (+1 −1 lines)'],
    ],
  ])('tells of %s', (_what, files, expected) => {
    expect(said(files)).toEqual(expected);
  });

  it.each<[string, readonly (readonly [string, string])[], string[]]>([
    [
      'a deployment',
      [['deployment_name: gpt-4o', 'deployment_name: gpt-5']],
      ['model: Model of ‘judge’ changed from ‘gpt-4o’ to ‘gpt-5’'],
    ],
    [
      'the model of a variant',
      [['gpt-4o-mini', 'o3']],
      ['model: Model of ‘draft (variant_1)’ changed from ‘gpt-4o-mini’ to ‘o3’'],
    ],
    [
      'a parameter',
      [['temperature: 0.1', 'temperature: 0.9']],
      ['model: Temperature of ‘judge’ changed from 0.1 to 0.9'],
    ],
    [
      'which variant runs',
      [['default_variant_id: variant_0', 'default_variant_id: variant_1']],
      ['logic: Default variant of ‘draft’ changed from ‘variant_0’ to ‘variant_1’'],
    ],
    [
      'when a node runs',
      [['is: Why?', 'is: How?']],
      ['logic: Step ‘judge’: if changed from ‘${inputs.question} is "Why?"’ to ‘${inputs.question} is "How?"’'],
    ],
    [
      'a tool',
      [['acme.tools.Log.write', 'acme.tools.Log.drop']],
      ['tools: Tool of ‘log’ changed from ‘acme.tools.Log.write’ to ‘acme.tools.Log.drop’'],
    ],
    [
      'an arrow',
      [['answer: "${draft.output}"', 'answer: "${search.output}"']],
      [
        'logic: Edge ‘draft’ → ‘judge’ removed',
        'logic: Edge ‘search’ → ‘judge’ added',
        'logic: Inputs of ‘judge’: answer changed from ‘${draft.output}’ to ‘${search.output}’',
      ],
    ],
    [
      'an input and an output',
      [
        ['default: Why?', 'default: How?'],
        ['type: string, reference', 'type: list, reference'],
      ],
      [
        'schema: Input field ‘question’: default changed from ‘Why?’ to ‘How?’',
        'schema: Output field ‘answer’: type changed from ‘string’ to ‘list’',
      ],
    ],
    [
      'connections and variables of the environment',
      [
        ['connection: aoai', 'connection: spare'],
        ['a.example', 'b.example'],
        ['search_connection: bing', 'search_connection: duck'],
      ],
      [
        'binding: Binding ‘search’: search_connection changed from ‘bing’ to ‘duck’',
        'binding: Binding ‘judge’: connection changed from ‘aoai’ to ‘spare’',
        'binding: Binding ‘environment variables’: SITE changed from ‘https://a.example’ to ‘https://b.example’',
      ],
    ],
    [
      'what an editor rewrote',
      [
        ["max_tokens: '50'", 'max_tokens: 50'],
        ["      stop: ''\n", ''],
        ['$schema: https://example.com', '$schema: https://other.example'],
        [', is_chat_input: true', ''],
      ],
      [],
    ],
  ])('tells of %s', (_what, edits, expected) => {
    expect([...saidOfDag(...edits)].sort()).toEqual([...expected].sort());
  });

  it('tells of a node that came with what it reads', () => {
    const node =
      '  - { name: tidy, type: python, source: { type: code, path: tidy.py }, inputs: { text: "${judge.output}" } }\n';
    expect(
      said({ 'flow.dag.yaml': edited(DAG, ['node_variants:', `${node}node_variants:`]), 'tidy.py': 'pass' }),
    ).toEqual(['logic: Step ‘tidy’ added (code)', 'logic: Edge ‘judge’ → ‘tidy’ added']);
  });

  it('is compared by the names of its files where they did not come along', () => {
    expect(saidBetween(DAG, edited(DAG, ['judge.jinja2', 'judge_2.jinja2']))).toEqual([
      'logic: ‘promptflow.source.path’ of ‘judge’ changed from ‘judge.jinja2’ to ‘judge_2.jinja2’',
    ]);
  });

  it.each<[string, Files, string[]]>([
    [
      'are missing',
      { 'judge.jinja2': null, 'draft.jinja2': null, 'requirements.txt': null },
      ['‘judge.jinja2’', '‘draft.jinja2’', '‘requirements.txt’', 'line 3', 'not among the files'],
    ],
    [
      'are outside of the folder',
      { 'flow.dag.yaml': edited(DAG, ['path: judge.jinja2', 'path: ../judge.jinja2']) },
      ['line 17', '‘../judge.jinja2’', 'outside of the folder'],
    ],
    [
      'are anywhere on a machine',
      { 'flow.dag.yaml': edited(DAG, ['path: judge.jinja2', 'path: /etc/passwd']) },
      ['‘/etc/passwd’', 'outside of the folder'],
    ],
  ])('is refused where files of it %s', (_what, files, words) => {
    const { userMessage } = refusalOf(bundleOf({ ...FILES, ...files }));
    for (const word of ['flow.dag.yaml can’t be used', ...words]) expect(userMessage).toContain(word);
  });

  it('takes references from the folder of the flow, which may be inside of what is pushed', () => {
    const files = Object.fromEntries(Object.entries(FILES).map(([path, content]) => [`flows/answer/${path}`, content]));
    expect(saidBetween(bundleOf(FILES), bundleOf({ ...files, 'README.md': 'x' }))).toEqual(
      expect.arrayContaining(['logic: File ‘flows/answer/requirements.txt’ added (1 line)']),
    );
    expect(readDefinition(bundleOf(files)).steps).toEqual(readDefinition(bundleOf(FILES)).steps);
  });

  it('loses no node that is called like another one', () => {
    const twice = edited(DAG, ['- name: log', '- name: judge']);
    expect(readDefinition(twice).steps.map(({ id, weakId }) => [id, weakId ?? false])).toEqual([
      ['search', false],
      ['draft', false],
      ['judge', true],
      ['judge#2', true],
    ]);
  });

  it('is not seen in other lists of nodes', () => {
    expect(readDefinition('nodes: [{ name: a, type: llm }]').format).toBe('generic');
    expect(readDefinition('nodes: [{ name: a, type: llm, inputs: {} }]\nedges: []').format).toBe('generic');
  });
});
