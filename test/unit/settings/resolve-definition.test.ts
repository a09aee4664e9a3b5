import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Scalar, visit, Document as YamlDocument } from 'yaml';
import { maskedPlaces } from '../../../src/domain/settings/fill.ts';
import { filledDefinition } from '../../../src/domain/settings/filled-definition.ts';
import { resolveDefinition } from '../../../src/domain/settings/resolve-definition.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { formatBundle } from '../../../src/domain/workflow/bundle/format-bundle.ts';
import type { Definition } from '../../../src/domain/workflow/definition.ts';
import { maskOf } from '../../../src/domain/workflow/masks.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { orderFlow } from '../../support/workflows/n8n-flow.ts';
import { type Document, read, stepIn, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const KEY_MASK = maskOf('api-key', '0123456789abcdef');
const TOKEN_MASK = maskOf('token', 'fedcba9876543210');
const SECRETS = { KEY: { env: 'STAGING_KEY' }, TOKEN: { env: 'STAGING_TOKEN' } };

function resolved(definition: Definition, settings: Settings = {}) {
  const answer = resolveDefinition(definition, settings);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer;
}

function problemsOf(definition: Definition, settings: Settings = {}) {
  const answer = resolveDefinition(definition, settings);
  return answer.ok ? [] : answer.problems;
}

/** What the steps of a filled document say of their model. */
function choiceOf(document: Document, id: string): Document {
  const { provider, model, llm, modelParameters, temperature, maxTokens, max_tokens } = stepIn(document, id);
  return JSON.parse(JSON.stringify({ provider, model, llm, modelParameters, temperature, maxTokens, max_tokens }));
}

describe('a version in Towpath’s own format, resolved', () => {
  it('is its own document where there is nothing to fill or to apply', () => {
    const definition = read(ticketFlow());
    expect(resolved(definition)).toEqual({
      ok: true,
      document: definition.document,
      overrides: { steps: {} },
      secrets: [],
    });
    expect(resolved(definition).document).toBe(definition.document);
  });

  it('has the environment’s provider, model and parameters in every llm and agent step that leaves them open, however deep', () => {
    const { document, overrides } = resolved(read(ticketFlow()), {
      provider: 'openai',
      model: 'gpt',
      modelParameters: { temperature: 1, topP: 0.5 },
    });
    expect(choiceOf(document, 'summarise')).toEqual({
      provider: 'anthropic',
      model: 'claude-sonnet',
      modelParameters: { temperature: 0.2, maxTokens: 800, topP: 0.5 },
    });
    expect(choiceOf(document, 'note')).toEqual({
      provider: 'openai',
      model: 'claude-haiku',
      modelParameters: { temperature: 1, topP: 0.5 },
    });
    expect(choiceOf(document, 'translate_de')).toEqual({
      provider: 'openai',
      model: 'gpt',
      modelParameters: { temperature: 1, topP: 0.5 },
    });
    expect(choiceOf(document, 'draft')).toMatchObject({ provider: 'openai', model: 'claude-sonnet' });
    for (const id of ['page', 'orders', 'score', 'fan-out', 'route']) expect(choiceOf(document, id), id).toEqual({});
    expect(overrides).toEqual({ steps: {} });
  });

  it('has what the settings say of a step in place of what the step says itself', () => {
    const steps = {
      summarise: { model: 'claude-opus', modelParameters: { temperature: 0 } },
      gone: { model: 'x' },
      page: { model: 'x' },
    };
    const { document } = resolved(read(ticketFlow()), { steps, model: 'gpt' });
    expect(choiceOf(document, 'summarise')).toEqual({
      provider: 'anthropic',
      model: 'claude-opus',
      modelParameters: { temperature: 0, maxTokens: 800 },
    });
    expect(choiceOf(document, 'page')).toEqual({});
  });

  it('says each thing once where steps use other words for it', () => {
    const steps = [
      { id: 'a', type: 'llm', llm: 'own', temperature: 0.1, max_tokens: 5 },
      { id: 'b', type: 'llm', llm: 'own', temperature: 0.1, maxTokens: 5 },
      { id: 'c', type: 'llm', modelParameters: { max_tokens: 5 } },
    ];
    const definition = read({ apiVersion: 'towpath/v1', name: 'x', steps });
    const own = resolved(definition, { model: 'gpt', modelParameters: { temperature: 1, max_tokens: 9 } });
    expect(['a', 'b', 'c'].map((id) => choiceOf(own.document, id))).toEqual([
      { llm: 'own', temperature: 0.1, max_tokens: 5 },
      { llm: 'own', temperature: 0.1, maxTokens: 5 },
      { model: 'gpt', modelParameters: { temperature: 1, max_tokens: 5 } },
    ]);
    const told = { model: 'told', modelParameters: { temperature: 1, maxTokens: 9 } };
    const overridden = resolved(definition, { steps: { a: told, b: told, c: told } });
    for (const id of ['a', 'b', 'c']) expect(choiceOf(overridden.document, id)).toEqual(told);
    expect(filledDefinition(definition, overridden.document).steps[0]?.properties).toEqual(told);
  });

  it('counts what is filled in as a step’s own', () => {
    const definition = ticketFlowWith((document) => {
      stepIn(document, 'summarise').model = '${SUMMARY_MODEL:claude-sonnet}';
    });
    expect(
      choiceOf(
        resolved(definition, { variables: { SUMMARY_MODEL: 'claude-haiku' }, model: 'gpt' }).document,
        'summarise',
      ).model,
    ).toBe('claude-haiku');
    expect(choiceOf(resolved(definition, { model: 'gpt' }).document, 'summarise').model).toBe('claude-sonnet');
  });

  it('leaves the version itself as it was', () => {
    const definition = ticketFlowWith((document) => {
      stepIn(document, 'summarise').task = '${A}';
    });
    const before = structuredClone(definition.document);
    resolved(definition, {
      variables: { A: 'x' },
      model: 'm',
      provider: 'p',
      modelParameters: { a: 1 },
      steps: { summarise: { model: 'z' } },
    });
    expect(definition.document).toEqual(before);
  });

  it('tells of all that is missing at once, of every kind', () => {
    const definition = ticketFlowWith((document) => {
      Object.assign(stepIn(document, 'summarise'), {
        task: '${GONE}',
        systemPrompt: '${F:a:b}',
        recipe: '${OPEN',
        label: KEY_MASK,
      });
    });
    expect(
      problemsOf(definition, { variables: { F: 'x' } }).map(({ kind, name, paths }) => [kind, name, paths]),
    ).toEqual([
      ['unknown', 'GONE', ['steps[0].task']],
      ['not_a_flag', 'F', ['steps[0].systemPrompt']],
      ['malformed', undefined, ['steps[0].recipe']],
      ['masked', undefined, ['steps[0].label']],
    ]);
  });
});

describe('a version in another format, resolved', () => {
  it('is left as it is, and what the settings say goes beside it', () => {
    const definition = readDefinition(JSON.stringify({ ...orderFlow(), note: '${A} {{ env.B }} ${C' }));
    const label = definition.steps[0]?.label ?? '';
    const settings = {
      provider: 'p',
      model: 'm',
      modelParameters: { t: 1 },
      steps: { [label]: { model: 'x' }, gone: { model: 'y' } },
    };
    const { document, overrides } = resolved(definition, settings);
    expect(document).toBe(definition.document);
    expect(overrides).toEqual({
      provider: 'p',
      model: 'm',
      modelParameters: { t: 1 },
      steps: { [label]: { model: 'x' } },
    });
  });
});

describe('a masked value', () => {
  const masked = (change: (document: Document) => void = () => undefined) =>
    ticketFlowWith((document) => {
      stepIn(document, 'orders').http.headers = {
        Authorization: `Bearer ${KEY_MASK}`,
        Both: `${KEY_MASK} ${TOKEN_MASK} ${KEY_MASK}`,
      };
      stepIn(document, 'score').code.source = `key = '${KEY_MASK}'`;
      change(document);
    });
  const PLACES = [
    'steps[4].http.headers.Authorization',
    'steps[4].http.headers.Both',
    'steps[4].http.headers.Both#2',
    'steps[5].code.source',
  ];

  it('is told of by the path that binds it, code included', () => {
    expect(maskedPlaces(masked())).toEqual(PLACES);
    expect(problemsOf(masked())).toMatchObject([{ kind: 'masked', paths: PLACES }]);
    expect(maskedPlaces(read(ticketFlow()))).toEqual([]);
  });

  it('becomes the secret that it is bound to', () => {
    const bound = Object.fromEntries(PLACES.map((place) => [place, place.endsWith('#2') ? 'TOKEN' : 'KEY']));
    const { document, secrets } = resolved(masked(), { secrets: SECRETS, masked: bound });
    expect(stepIn(document, 'orders').http.headers).toEqual({
      Authorization: 'Bearer {{ secrets.KEY }}',
      Both: '{{ secrets.KEY }} {{ secrets.TOKEN }} {{ secrets.KEY }}',
    });
    expect(stepIn(document, 'score').code.source).toBe(`key = '{{ secrets.KEY }}'`);
    expect(secrets).toEqual([
      { name: 'KEY', paths: [PLACES[0], PLACES[1], PLACES[3]] },
      { name: 'TOKEN', paths: [PLACES[1]] },
    ]);
  });

  it('names the places that are left, and names of secrets that are none here', () => {
    const bound = { [PLACES[0] as string]: 'KEY', [PLACES[1] as string]: 'ELSEWHERE' };
    expect(
      problemsOf(masked(), { secrets: SECRETS, masked: bound }).map(({ kind, name, paths }) => [kind, name, paths]),
    ).toEqual([
      ['unknown', 'ELSEWHERE', [PLACES[1]]],
      ['masked', undefined, [PLACES[2], PLACES[3]]],
    ]);
  });

  it('is bound inside a default, and as a key', () => {
    const definition = ticketFlowWith((document) => {
      stepIn(document, 'orders').http.headers = {
        A: `\${OWN_KEY:${KEY_MASK}}`,
        [KEY_MASK]: 'x',
        [TOKEN_MASK]: '${B:y}',
      };
    });
    const places = maskedPlaces(definition);
    expect(places).toEqual(['steps[4].http.headers.A', 'steps[4].http.headers["…"]', 'steps[4].http.headers["…2"]']);
    const settings = {
      secrets: SECRETS,
      masked: { [places[0] as string]: 'KEY', [places[1] as string]: 'KEY', [places[2] as string]: 'TOKEN' },
    };
    expect(stepIn(resolved(definition, settings).document, 'orders').http.headers).toEqual({
      A: '{{ secrets.KEY }}',
      '{{ secrets.KEY }}': 'x',
      '{{ secrets.TOKEN }}': 'y',
    });
  });

  it('is one whatever stands right behind it', () => {
    const definition = ticketFlowWith((document) => {
      stepIn(document, 'summarise').task = `${KEY_MASK}a`;
    });
    const { document } = resolved(definition, { secrets: SECRETS, masked: { 'steps[0].task': 'KEY' } });
    expect(stepIn(document, 'summarise').task).toBe('{{ secrets.KEY }}a');
  });

  it('is never handed out: not in a document, a place or a message', () => {
    const definition = masked((document) => {
      Object.assign(stepIn(document, 'summarise'), {
        task: `\${A:b:${KEY_MASK}:c} ${TOKEN_MASK}`,
        inputs: { [KEY_MASK]: { [TOKEN_MASK]: '${GONE}' } },
      });
    });
    const answer = JSON.stringify(resolveDefinition(definition, {}));
    expect(answer).toContain('GONE');
    expect(answer).not.toMatch(/masked~[a-z]/);
    const bound = resolveDefinition(masked(), {
      secrets: SECRETS,
      masked: Object.fromEntries(PLACES.map((place) => [place, 'KEY'])),
    });
    expect(JSON.stringify(bound)).not.toMatch(/masked~[a-z]/);
  });

  it('is bound in other formats as well, where nothing else is touched', () => {
    const flow = { ...orderFlow(), note: `\${A} ${KEY_MASK}` };
    const definition = readDefinition(JSON.stringify(flow));
    expect(maskedPlaces(definition)).toEqual(['note']);
    const { document, secrets } = resolved(definition, { secrets: SECRETS, masked: { note: 'KEY' } });
    expect(document).toEqual({ ...flow, note: '${A} {{ secrets.KEY }}' });
    expect(secrets).toEqual([{ name: 'KEY', paths: ['note'] }]);
  });
});

describe('a version written in JSON or YAML, in any style', () => {
  const flow = (task: string) => ({ apiVersion: 'towpath/v1', name: 'x', steps: [{ id: 'a', type: 'llm', task }] });
  const yamlIn = (style: Scalar.Type) => (document: Document) => {
    const written = new YamlDocument(document);
    visit(written, {
      Scalar(_key, node) {
        if (typeof node.value === 'string' && node.value.includes('$')) node.type = style;
      },
    });
    return written.toString();
  };
  const STYLES: Scalar.Type[] = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'];

  it.each([
    ['JSON', (document: Document) => JSON.stringify(document)] as const,
    ...STYLES.map((style) => [style, yamlIn(style)] as const),
  ])('is filled with the value as it is: %s', (_style, write) => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('"', "'", 'a: b\n- c', '\n\n', '\\n', '#', '{{ env.A }}', '${A}', '} ${B', '|', '---'),
    );
    fc.assert(
      fc.property(value, (held) => {
        const definition = readDefinition(write(flow('say ${A} and\n{{ env.A }}, ${B:"c: \\"d\\""}')));
        const { document } = resolved(definition, { variables: { A: held } });
        expect(document).toEqual(flow(`say ${held} and\n${held}, c: "d"`));
        expect(readDefinition(JSON.stringify(document)).document).toEqual(document);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a bundle, resolved', () => {
  const WORKFLOW = `# the key was ${KEY_MASK}
apiVersion: towpath/v1
name: bundled
steps:
  - id: a
    type: llm
    model: \${MODEL:"a:b"}
    task: ${KEY_MASK}
`;
  const bundle = (files: Record<string, string>) =>
    readDefinition(formatBundle(Object.entries(files).map(([path, content]) => ({ path, content }))));

  it('has its workflow filled and its other files as they are, but for masks', () => {
    const definition = bundle({
      'flow.yaml': WORKFLOW,
      'tool.py': `key = "${TOKEN_MASK}" # \${A}\n`,
      'notes.md': '${B',
    });
    expect(maskedPlaces(definition)).toEqual(['flow.yaml: steps[0].task', 'tool.py']);
    const settings = {
      secrets: SECRETS,
      masked: { 'flow.yaml: steps[0].task': 'KEY', 'tool.py': 'TOKEN' },
      variables: { MODEL: 'x: "y"\n' },
      provider: 'p',
    };
    const { document, secrets } = resolved(definition, settings);
    expect(JSON.stringify(document)).not.toContain('masked~');
    expect(secrets.map(({ name, paths }) => [name, paths])).toEqual([
      ['KEY', ['flow.yaml: steps[0].task']],
      ['TOKEN', ['tool.py']],
    ]);
    const again = filledDefinition(definition, document);
    expect(again.steps[0]?.properties).toEqual({ model: 'x: "y"\n', task: '{{ secrets.KEY }}', provider: 'p' });
    expect(again.files).toEqual({ 'tool.py': 'key = "{{ secrets.TOKEN }}" # ${A}\n', 'notes.md': '${B' });
  });

  it('loses a mask that stands in a comment alone', () => {
    const definition = bundle({ 'flow.yaml': WORKFLOW.replace(`task: ${KEY_MASK}`, 'task: x'), 'tool.py': 'x = 1' });
    expect(maskedPlaces(definition)).toEqual([]);
    const { document } = resolved(definition);
    expect(JSON.stringify(document)).not.toContain('masked~');
    expect(filledDefinition(definition, document).steps[0]?.properties).toEqual({ model: 'a:b', task: 'x' });
  });

  it('tells of what is missing with the file', () => {
    const definition = bundle({
      'flow.yaml': WORKFLOW.replace('"a:b"', '${GONE}').replace(KEY_MASK, '').replace(KEY_MASK, 'x'),
      'a.txt': 'a',
    });
    expect(problemsOf(definition)).toMatchObject([
      { kind: 'unknown', name: 'GONE', paths: ['flow.yaml: steps[0].model'] },
    ]);
  });

  it('keeps the front matter of a prompt readable', () => {
    const definition = bundle({
      'p.prompty': `---\nmodel:\n  api_key: ${KEY_MASK}\n---\nHello ${TOKEN_MASK}\n`,
      't.py': 'x = 1\n',
    });
    const places = maskedPlaces(definition);
    expect(places).toEqual(['p.prompty: frontMatter.model.api_key', 'p.prompty: body']);
    const { document } = resolved(definition, {
      secrets: SECRETS,
      masked: { [places[0] as string]: 'KEY', [places[1] as string]: 'TOKEN' },
    });
    const again = filledDefinition(definition, document);
    expect(again.steps[0]?.properties.task).toContain('Hello {{ secrets.TOKEN }}');
    expect(JSON.stringify(again.steps)).toContain('{{ secrets.KEY }}');
  });
});
