import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { bundleOf, edited, type Files, saidBetween } from '../../support/workflows/diff-of-sources.ts';
import { FILES, SUITE } from '../../support/workflows/promptfoo-suite.ts';
import { refusalOf } from '../../support/workflows/refusal-of.ts';

const said = (files: Files) => saidBetween(bundleOf(FILES), bundleOf({ ...FILES, ...files }));
const saidOfSuite = (...edits: readonly (readonly [string, string])[]) =>
  said({ 'promptfooconfig.yaml': edited(SUITE, ...edits) });

describe('A promptfoo suite', () => {
  it('is its prompts, its models and its tests, with what stands in files', () => {
    const definition = readDefinition(bundleOf(FILES));
    expect(definition).toMatchObject({ format: 'promptfoo', description: 'Greetings' });
    expect(definition.steps.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      'prompt prompt:prompts/a.txt',
      'prompt prompt:prompts/b.txt',
      'prompt prompt:prompts/chat.json',
      'prompt Translate {{text}} to {{language}} in fe…',
      'prompt prompt:short',
      'code prompt:make.py',
      'llm openai:gpt-4o',
      'llm claude',
      'llm openai:gpt-4o-mini',
      'evaluation defaultTest',
      'evaluation test:French',
      'evaluation test: German',
      'evaluation test: Dutch',
      'evaluation test:rows.csv',
    ]);
    const of = (id: string) => definition.steps.find((step) => step.id === id)?.properties;
    expect(of('prompt:prompts/chat.json')).toEqual({ systemPrompt: 'You chat.', task: '{{text}}' });
    expect(of('prompt:make.py')).toEqual({ code: { source: 'def prompt(): ...\n' } });
    expect(of('claude')).toMatchObject({
      model: 'anthropic:messages:claude-sonnet',
      modelParameters: { temperature: 0.2, maxTokens: 100 },
      systemPrompt: 'You are kind.',
      tools: ['search'],
      mcpServers: ['finder'],
    });
    expect(of('test:French')).toEqual({
      evaluation: {
        criteria: [
          { id: 'contains', type: 'contains', value: 'Bonjour' },
          {
            id: 'kindness',
            type: 'llm-rubric',
            value: 'Is it kind?',
            file: 'rubric.txt',
            weight: 2,
            threshold: 0.7,
            metric: 'kindness',
          },
        ],
        vars: { language: 'French', text: 'Hello' },
      },
    });
    expect(of('test: German')?.evaluation?.criteria?.map(({ id }) => id)).toEqual(['equals', 'equals#2']);
    expect(definition.bindings).toEqual({
      claude: { apiKey: '{{env.KEY}}' },
      'environment variables': { ORG: 'acme' },
    });
    expect(definition.files).toEqual({ 'notes.txt': 'x\n' });
    expect(definition.edges.filter(({ to }) => to === 'claude').map(({ from }) => from)).toEqual(['prompt:short']);
    expect(definition.edges.every(({ implied }) => implied)).toBe(true);
  });

  it.each<[string, Files, string[]]>([
    [
      'a prompt in a file',
      { 'prompts/a.txt': 'Greet {{text}} well.\n' },
      ['prompt: Task of ‘prompts/a.txt’ changed from ‘Greet {{text}}.’ to ‘Greet {{text}} well.’'],
    ],
    [
      'one more prompt where a pattern finds it',
      { 'prompts/c.txt': 'Hi' },
      ['logic: Step ‘prompts/c.txt’ added (prompt)'],
    ],
    [
      'a rubric in a file',
      { 'rubric.txt': 'Is it curt?' },
      ['quality: Criterion ‘kindness’ of ‘French’: value changed from ‘Is it kind?’ to ‘Is it curt?’'],
    ],
    [
      'tests in a file',
      { 'more/dutch.yaml': edited(FILES['more/dutch.yaml'], ['value: Hallo', 'value: Hoi']) },
      ['quality: Criterion ‘contains’ of ‘test: Dutch’: value changed from ‘Hallo’ to ‘Hoi’'],
    ],
    [
      'a table of tests',
      { 'rows.csv': 'language\nDanish\nIrish\n' },
      ['quality: Evaluation of ‘rows.csv’: rows modified (+1 −0 lines)'],
    ],
    [
      'what a tool is told of',
      { 'tools.json': edited(FILES['tools.json'], ['Finds', 'Seeks']) },
      ['tools: Tool settings of ‘claude’: search.function.description changed from ‘Finds’ to ‘Seeks’'],
    ],
    [
      'a program that makes a prompt',
      { 'make.py': 'def prompt(): pass\n' },
      ['logic: Code of ‘make.py’ modified (+1 −1 lines)'],
    ],
    ['a file that nothing names', { 'notes.txt': 'y\n' }, ['logic: File ‘notes.txt’ changed (+1 −1 lines)']],
  ])('tells of %s', (_what, files, expected) => {
    expect(said(files)).toEqual(expected);
  });

  it.each<[string, readonly (readonly [string, string])[], string[]]>([
    [
      'the model behind a label',
      [['claude-sonnet', 'claude-opus']],
      ['model: Model of ‘claude’ changed from ‘anthropic:messages:claude-sonnet’ to ‘anthropic:messages:claude-opus’'],
    ],
    [
      'a parameter',
      [['temperature: 0.2', 'temperature: 0.9']],
      ['model: Temperature of ‘claude’ changed from 0.2 to 0.9'],
    ],
    [
      'the system prompt of a model',
      [['You are kind.', 'You are curt.']],
      ['prompt: System prompt of ‘claude’ changed from ‘You are kind.’ to ‘You are curt.’'],
    ],
    [
      'an MCP server',
      [['name: finder', 'name: seeker']],
      ['tools: MCP server ‘finder’ removed from ‘claude’', 'tools: MCP server ‘seeker’ added to ‘claude’'],
    ],
    [
      'a lower threshold',
      [['threshold: 0.8', 'threshold: 0.5']],
      ['quality: Quality threshold of ‘Default test’ changed from 0.8 to 0.5'],
    ],
    [
      'the threshold of a check',
      [['threshold: 0.7', 'threshold: 0.6']],
      ['quality: Criterion ‘kindness’ of ‘French’: threshold changed from 0.7 to 0.6'],
    ],
    [
      'one test more, before others',
      [['  - vars: { language: German }', '  - vars: { language: Danish }\n  - vars: { language: German }']],
      ['logic: Step ‘test: Danish’ added (evaluation)'],
    ],
    [
      'one prompt more, before others',
      [["  - 'Translate", "  - 'Sing {{text}}'\n  - 'Translate"]],
      ['logic: Step ‘Sing {{text}}’ added (prompt)'],
    ],
    [
      'keys and variables of the environment',
      [
        ['env.KEY', 'env.OTHER'],
        ['ORG: acme', 'ORG: other'],
      ],
      [
        'binding: Binding ‘claude’: apiKey changed from ‘{{env.KEY}}’ to ‘{{env.OTHER}}’',
        'binding: Binding ‘environment variables’: ORG changed from ‘acme’ to ‘other’',
      ],
    ],
    [
      'what it is called',
      [['description: Greetings', 'description: Salutes']],
      ['cosmetic: Description of the workflow changed from ‘Greetings’ to ‘Salutes’'],
    ],
    [
      'where results go',
      [
        ['out.json', 'other.json'],
        ['sharing: false', 'sharing: true'],
      ],
      [],
    ],
    [
      'how it is run',
      [['maxConcurrency: 2', 'maxConcurrency: 4']],
      ['logic: evaluateOptions.maxConcurrency changed from 2 to 4'],
    ],
  ])('tells of %s', (_what, edits, expected) => {
    const found = saidOfSuite(...edits);
    expect(found.filter((line) => !line.includes('Binding ‘claude’: mcp') && !line.includes('promptfoo.mcp'))).toEqual(
      expected,
    );
  });

  it('finds a prompt and a test again that have no name, however they were edited and moved', () => {
    const before = SUITE;
    const after = edited(
      SUITE,
      ["  - 'Translate {{text}} to {{language}} in few words'\n", ''],
      ['providers:', "  - 'Render {{text}} to {{language}} in few words'\nproviders:"],
    );
    expect(said({ 'promptfooconfig.yaml': after })).toEqual([
      expect.stringMatching(/^prompt: Task of ‘Render \{\{text\}\}.* changed from ‘Translate .* to ‘Render/),
    ]);
    expect(before).not.toBe(after);
  });

  it('tells apart prompts without a name that begin alike by what they say, not by their order', () => {
    const begin = 'You are a clerk of the canal office and you';
    const prompts = (...ends: string[]) =>
      `providers: [echo]\nprompts:\n${ends.map((end) => `  - ${begin} ${end}\n`).join('')}`;
    expect(
      saidBetween(
        prompts('answer letters about locks', 'count the boats of the day'),
        prompts('sing', 'answer letters about locks', 'count the boats of the day'),
      ),
    ).toEqual([expect.stringMatching(/^logic: Step ‘You are a clerk.*’ added \(prompt\)$/)]);
    expect(saidBetween(prompts('sing', 'count boats'), prompts('count boats', 'sing'))).toEqual([]);
  });

  it('is taken in each way that a suite may be written in', () => {
    const steps = (source: string, files: Files = {}) =>
      readDefinition(bundleOf({ 'c.yaml': source, ...files })).steps.map(({ id, kind }) => `${kind} ${id}`);
    expect(steps('prompts: Say {{a}}\nproviders: openai:gpt-4o')).toEqual(['prompt Say {{a}}', 'llm openai:gpt-4o']);
    expect(
      steps('prompts: { p.txt: First }\ntargets: [{ id: "https://a.example", config: {} }]', { 'p.txt': 'x' }),
    ).toEqual(['prompt prompt:First', 'llm https://a.example']);
    expect(
      steps(
        'prompts: file://all.yaml\nproviders: file://models.yaml\ndefaultTest: file://every.yaml\ntests: file://tests/',
        {
          'all.yaml': '- file://p.txt\n- { id: two, raw: Two }\n',
          'p.txt': 'One',
          'models.yaml': '- { id: openai:gpt-4o, config: { temperature: 0 } }\n- echo\n',
          'every.yaml': 'assert: [{ type: is-json }]',
          'tests/a.yaml': '- { description: A }\n',
        },
      ),
    ).toEqual([
      'prompt prompt:p.txt',
      'prompt prompt:two',
      'llm openai:gpt-4o',
      'llm echo',
      'evaluation defaultTest',
      'evaluation test:A',
    ]);
    expect(steps('providers: [file://run.py, echo, echo]\ntests: []', { 'run.py': 'x' })).toEqual([
      'code file://run.py',
      expect.stringMatching(/^llm echo#\d+$/),
      expect.stringMatching(/^llm echo#\d+#2$/),
    ]);
  });

  it('is compared by the names of its files where they did not come along', () => {
    expect(saidBetween(SUITE, edited(SUITE, ['file://rubric.txt', 'file://rubric2.txt']))).toEqual([
      'quality: Criterion ‘kindness’ of ‘French’: value changed from ‘file://rubric.txt’ to ‘file://rubric2.txt’',
    ]);
  });

  it.each<[string, Files, string[]]>([
    [
      'are missing',
      { 'rubric.txt': null, 'tools.json': null, 'make.py': null },
      ['rubric.txt’', 'tools.json’', 'make.py’', 'not among the files'],
    ],
    ['fit a pattern and are missing', { 'prompts/a.txt': null, 'prompts/b.txt': null }, ['line 4', '‘prompts/*.txt’']],
    [
      'are outside of the folder',
      { 'promptfooconfig.yaml': edited(SUITE, ['file://hello.txt', 'file://../hello.txt']) },
      ['‘../hello.txt’', 'outside of the folder'],
    ],
    [
      'are anywhere on a machine',
      { 'promptfooconfig.yaml': edited(SUITE, ['file://hello.txt', 'file:///etc/passwd']) },
      ['‘/etc/passwd’', 'outside of the folder'],
    ],
    [
      'are run beside it',
      { 'promptfooconfig.yaml': `${SUITE}extensions: [file://hooks.js:before]\n` },
      ['‘hooks.js’', 'line 39', 'not among the files'],
    ],
    [
      'are named only in another file',
      { 'more/dutch.yaml': '- vars: { text: file://gone.txt }' },
      ['‘gone.txt’', 'not among the files'],
    ],
  ])('is refused where files of it %s', (_what, files, words) => {
    const { userMessage } = refusalOf(bundleOf({ ...FILES, ...files }));
    for (const word of ['promptfooconfig.yaml can’t be used', ...words]) expect(userMessage).toContain(word);
  });

  it('leaves alone what is filled in only when it runs, or is on another machine', () => {
    const source = edited(
      SUITE,
      ['text: file://hello.txt', 'text: "file://{{env.FILE}}"'],
      ['  - rows.csv', '  - https://a.example/rows.csv'],
    );
    expect(readDefinition(bundleOf({ ...FILES, 'promptfooconfig.yaml': source })).format).toBe('promptfoo');
  });

  it('ends also where files name each other, or a pattern is all stars', () => {
    const files = { 'c.yaml': 'prompts: file://a.yaml\nproviders: [echo]', 'a.yaml': '[file://a.yaml, file://a.yaml]' };
    expect(readDefinition(bundleOf(files)).steps.length).toBeLessThan(50);
    const stars = `prompts: ["file://${'*a'.repeat(100)}.txt"]\nproviders: [echo]`;
    expect(refusalOf(bundleOf({ 'c.yaml': stars, [`${'a'.repeat(290)}.tx`]: '' })).userMessage).toContain('not among');
  });
});
