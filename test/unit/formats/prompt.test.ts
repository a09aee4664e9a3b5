import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { edited, saidBetween } from '../../support/workflows/diff-of-sources.ts';
import { DOTPROMPT, GITHUB, PROMPTY, PROMPTY_2 } from '../../support/workflows/prompt-files.ts';

const only = (source: string) => readDefinition(source).steps[0]?.properties;
const said = (source: string, ...edits: readonly (readonly [string, string])[]) =>
  saidBetween(source, edited(source, ...edits));

describe('A Prompty file', () => {
  it('is one step with a model, its parameters, tools and two prompts', () => {
    const { steps, name, inputs, outputs, bindings } = readDefinition(PROMPTY);
    expect([name, steps.length]).toEqual(['Answer', 1]);
    expect(steps[0]).toMatchObject({ id: 'prompt', kind: 'llm' });
    expect(steps[0]?.properties).toEqual({
      provider: 'azure_openai',
      model: 'gpt-4o',
      modelParameters: { temperature: 0.2, maxTokens: 100 },
      tools: ['search'],
      systemPrompt: 'You answer questions.',
      task: '{{question}}',
      prompt: {
        api: 'chat',
        configuration: { api_version: '2024-02-01' },
        tools: { search: { type: 'function', function: { name: 'search', description: 'Finds things' } } },
        template: 'jinja2',
      },
    });
    expect(inputs).toEqual({ properties: { question: { type: 'string' }, tone: { type: 'string', default: 'kind' } } });
    expect(outputs).toEqual({ properties: { answer: { type: 'string' } } });
    expect(bindings).toEqual({ prompt: { azure_endpoint: '${env:ENDPOINT}', connection: 'main' } });
  });

  it.each<[string, readonly (readonly [string, string])[], string[]]>([
    ['a model', [['gpt-4o', 'gpt-5']], ['model: Model of ‘prompt’ changed from ‘gpt-4o’ to ‘gpt-5’']],
    [
      'a provider',
      [['type: azure_openai', 'type: openai']],
      ['model: Provider of ‘prompt’ changed from ‘azure_openai’ to ‘openai’'],
    ],
    [
      'a parameter',
      [['temperature: 0.2', 'temperature: 0.7']],
      ['model: Temperature of ‘prompt’ changed from 0.2 to 0.7'],
    ],
    [
      'the system prompt',
      [['You answer', 'You kindly answer']],
      ['prompt: System prompt of ‘prompt’ changed from ‘You answer questions.’ to ‘You kindly answer questions.’'],
    ],
    [
      'what the user asks',
      [['{{question}}', 'Please: {{question}}']],
      ['prompt: Task of ‘prompt’ changed from ‘{{question}}’ to ‘Please: {{question}}’'],
    ],
    [
      'what a tool is told of',
      [['Finds things', 'Finds all']],
      ['tools: Tool settings of ‘prompt’: search.function.description changed from ‘Finds things’ to ‘Finds all’'],
    ],
    [
      'an input',
      [['tone: {', 'mood: {']],
      ['schema: Input field ‘mood’ added (string)', 'schema: Input field ‘tone’ removed (string)'],
    ],
    [
      'a default',
      [['default: kind', 'default: curt']],
      ['schema: Input field ‘tone’: default changed from ‘kind’ to ‘curt’'],
    ],
    [
      'all outputs',
      [['outputs:\n  answer: { type: string }\n', '']],
      ['schema: Output field ‘answer’ removed (string)'],
    ],
    [
      'where it runs',
      [
        ['env:ENDPOINT', 'env:OTHER'],
        ['connection: main', 'connection: spare'],
      ],
      [
        'binding: Binding ‘prompt’: azure_endpoint changed from ‘${env:ENDPOINT}’ to ‘${env:OTHER}’',
        'binding: Binding ‘prompt’: connection changed from ‘main’ to ‘spare’',
      ],
    ],
    [
      'the version of a service',
      [['2024-02-01', '2025-01-01']],
      ['logic: ‘prompt.configuration.api_version’ of ‘prompt’ changed from ‘2024-02-01’ to ‘2025-01-01’'],
    ],
    ['its name', [['name: Answer', 'name: Reply']], ['cosmetic: Workflow renamed from ‘Answer’ to ‘Reply’']],
    [
      'who wrote it, and what it is tried with',
      [
        ['[ada]', '[lee]'],
        ['[qa]', '[faq]'],
        ['sample.json', 'other.json'],
        ['Why?', 'Who?'],
        ["'1'", "'2'"],
      ],
      [],
    ],
    [
      'blank lines around its messages',
      [
        ['system:\nYou', 'system:\n\n\nYou'],
        ['# user:', 'user:\n'],
      ],
      [],
    ],
  ])('tells of %s', (_what, edits, expected) => {
    expect(said(PROMPTY, ...edits)).toEqual(expected);
  });

  it('of the second edition says the same in other words', () => {
    const { inputs, bindings } = readDefinition(PROMPTY_2);
    expect(only(PROMPTY_2)).toEqual({
      model: 'gpt-4o',
      provider: 'openai',
      modelParameters: { temperature: 0.2, maxOutputTokens: 100, seed: 1 },
      tools: ['search'],
      systemPrompt: 'You answer questions.',
      task: 'user:\n{{question}}\n\nassistant:\nWell,',
      prompt: { tools: { search: { name: 'search', kind: 'mcp', serverName: 'finder' } } },
    });
    expect(inputs).toEqual({
      properties: { question: { type: 'string' }, tone: { type: 'string', default: 'kind' } },
      required: ['question'],
    });
    expect(bindings).toEqual({ prompt: { connection: { kind: 'key', apiKey: '${env:KEY}' } } });
    expect(said(PROMPTY_2, ['env:KEY', 'env:OTHER'])).toHaveLength(1);
    expect(said(PROMPTY_2, ['required: true', 'required: false'])).toEqual([
      'schema: Input field ‘question’ is no longer required',
    ]);
  });

  it('that marks no roles is all task', () => {
    expect(only('---\nmodel: m\n---\nNote: system: is a word here.\n\nHi {{you}}.\n')).toEqual({
      model: 'm',
      task: 'Note: system: is a word here.\n\nHi {{you}}.',
    });
  });

  it('with nothing in it but a model, or nothing at all before the text, is one too', () => {
    expect(only('---\nmodel: m\n---\n')).toEqual({ model: 'm' });
    expect(only('---\n---\nHello you')).toEqual({ task: 'Hello you' });
  });
});

describe('A Dotprompt file', () => {
  it('is read with its schemas written out', () => {
    const { inputs, outputs } = readDefinition(DOTPROMPT);
    expect(only(DOTPROMPT)).toEqual({
      model: 'googleai/gemini-1.5-flash',
      modelParameters: { temperature: 0.9, topK: 20 },
      tools: ['timeOfDay'],
      systemPrompt: 'You greet.',
      task: 'Greet {{name}}.',
      prompt: { outputFormat: 'json' },
    });
    expect(inputs).toEqual({
      properties: {
        name: { type: 'string', description: 'who it is', default: 'Guest' },
        style: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' }, description: 'words' },
        mood: { enum: ['good', 'bad'] },
        home: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      },
      required: ['name', 'tags', 'mood'],
    });
    expect(outputs).toEqual({ properties: { greeting: { type: 'string' } }, required: ['greeting'] });
  });

  it.each<[string, readonly (readonly [string, string])[], string[]]>([
    ['a tool', [['[timeOfDay]', '[timeOfDay, weather]']], ['tools: Tool ‘weather’ added to ‘prompt’']],
    ['what must be given', [['style?:', 'style:']], ['schema: Input field ‘style’ is now required']],
    [
      'a value that may be given',
      [['[good, bad]', '[good, bad, odd]']],
      ['schema: Input field ‘mood’: enum ‘odd’ added'],
    ],
    [
      'a field inside',
      [['city: string', 'city: number']],
      ['schema: Input field ‘home.city’: type changed from ‘string’ to ‘number’'],
    ],
    [
      'how it answers',
      [['format: json', 'format: text']],
      ['schema: Output format of ‘prompt’ changed from ‘json’ to ‘text’'],
    ],
  ])('tells of %s', (_what, edits, expected) => {
    expect(said(DOTPROMPT, ...edits)).toEqual(expected);
  });

  it('may have a schema in full, or only the name of one', () => {
    const withSchema = (schema: string) =>
      readDefinition(`---\nmodel: m\noutput: { schema: ${schema} }\n---\nHi`).outputs;
    expect(withSchema('{ type: object, properties: { a: { type: string } } }')).toEqual({
      type: 'object',
      properties: { a: { type: 'string' } },
    });
    expect(withSchema('Menu')).toEqual({ $ref: 'Menu' });
  });
});

describe('A prompt of GitHub Models', () => {
  it('is read with what judges it', () => {
    expect(only(GITHUB)).toEqual({
      model: 'openai/gpt-4o-mini',
      modelParameters: { temperature: 0.5, maxTokens: 10 },
      systemPrompt: 'You sum up.',
      task: 'Sum up {{input}}',
      evaluation: {
        criteria: [
          { id: 'starts', type: 'string', value: { startsWith: 'Summary' } },
          { id: 'alike', type: 'github/similarity' },
        ],
        testData: [{ input: 'a', expected: 'b' }],
      },
      prompt: { responseFormat: 'json_schema' },
    });
    expect(readDefinition(GITHUB).outputs).toEqual({ type: 'object', properties: { text: { type: 'string' } } });
  });

  it.each<[string, readonly (readonly [string, string])[], string[]]>([
    [
      'a check',
      [["'Summary'", "'Sum'"]],
      ['quality: Criterion ‘starts’ of ‘prompt’: value.startsWith changed from ‘Summary’ to ‘Sum’'],
    ],
    [
      'a check that is gone',
      [['  - { name: alike, uses: github/similarity }\n', '']],
      ['quality: Criterion ‘alike’ removed from ‘prompt’'],
    ],
    [
      'what it is tried on',
      [['expected: b', 'expected: c']],
      ['quality: Evaluation of ‘prompt’: testData[0].expected changed from ‘b’ to ‘c’'],
    ],
    [
      'an output',
      [['"text"', '"summary"']],
      ['schema: Output field ‘summary’ added (string)', 'schema: Output field ‘text’ removed (string)'],
    ],
  ])('tells of %s', (_what, edits, expected) => {
    expect(said(GITHUB, ...edits)).toEqual(expected);
  });

  it('is not seen in messages alone, nor in front matter of other things', () => {
    expect(readDefinition('messages: [{ role: user, content: hi }]').format).toBe('generic');
    expect(readDefinition('frontMatter: {}\nbody: x\nother: 1').format).toBe('generic');
    expect(readDefinition('name: a\nmodel: m').format).toBe('generic');
  });
});
