import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Scalar, visit, Document as YamlDocument } from 'yaml';
import { filledDefinition } from '../../../src/domain/settings/filled-definition.ts';
import { resolveDefinition } from '../../../src/domain/settings/resolve-definition.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { Definition } from '../../../src/domain/workflow/definition.ts';
import { maskOf } from '../../../src/domain/workflow/masks.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { orderFlow } from '../../support/workflows/n8n-flow.ts';
import { type Document, read, stepIn, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const KEY_MASK = maskOf('api-key', '0123456789abcdef');

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
