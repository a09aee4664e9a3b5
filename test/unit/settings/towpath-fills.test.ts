import { describe, expect, it } from 'vitest';
import { filledDefinition } from '../../../src/domain/settings/filled-definition.ts';
import { resolveDefinition } from '../../../src/domain/settings/resolve-definition.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { allSteps } from '../../../src/domain/workflow/definition.ts';
import { fillsTowpath } from '../../../src/domain/workflow/formats/towpath-fills.ts';
import { isList, isObject, type Json } from '../../../src/domain/workflow/json.ts';
import { InvalidDefinitionError } from '../../../src/domain/workflow/parse-document.ts';
import type { Segment } from '../../../src/domain/workflow/source/source-scan.ts';
import { type Document, read, stepIn, ticketFlow } from '../../support/workflows/ticket-flow.ts';

/** The document that a flow is filled to. */
function filled(document: Document, settings: Settings): Document {
  const resolved = resolveDefinition(read(document), settings);
  if (!resolved.ok) throw new Error(resolved.problems.map(({ message }) => message).join('; '));
  return resolved.document;
}

describe('which texts of Towpath’s own format are filled', () => {
  it('are all but code, ids, types and what goes by them', () => {
    const document = ticketFlow();
    stepIn(document, 'score').code.language = 'javascript';
    const left: string[] = [];
    const path: Segment[] = [];
    const visit = (value: Json): void => {
      if (typeof value === 'string' && fillsTowpath(path) === null)
        left.push(path.filter((part) => typeof part === 'string').join('.'));
      const inside = isList(value) ? value.entries() : isObject(value) ? Object.entries(value) : [];
      for (const [key, inner] of inside) {
        path.push(key);
        visit(inner);
        path.pop();
      }
    };
    visit(document);
    const nested = /^steps\.(?:condition\.(?:then|else)|loop\.steps|parallel\.branches\.steps)\./;
    const places = left.map((place) => place.replace(nested, 'steps.'));
    expect([...new Set(places)].sort()).toEqual([
      ...[
        'apiVersion',
        'emits',
        'executionMode',
        'name',
        'steps.code.language',
        'steps.code.source',
        'steps.dependsOn',
      ],
      ...['steps.evaluation.criteria.id', 'steps.evaluation.criteria.type', 'steps.id', 'steps.onError'],
      ...['steps.parallel.branches.name', 'steps.retry.backoff', 'steps.type'],
      ...['triggers.environments', 'triggers.event', 'triggers.id', 'triggers.type'],
    ]);
  });

  it('hold code and ids of their own where they are data', () => {
    const path = ['steps', 0, 'arguments', 'code', 'source'];
    expect(fillsTowpath(path)).toBe('value');
    expect(fillsTowpath(['steps', 3, 'parallel', 'branches', 0, 'steps', 1, 'inputs', 'id'])).toBe('value');
    expect(fillsTowpath(['steps', 0, 'constructor'])).toBeNull();
    expect(fillsTowpath(['layout', 'note'])).toBeNull();
  });

  it('leaves what code says untouched, whatever it looks like', () => {
    const document = ticketFlow();
    const source = 'const t = `${A} ${B:c:d} {{ env.C }} ${UNFINISHED`;';
    stepIn(document, 'score').code.source = source;
    expect(stepIn(filled(document, {}), 'score').code.source).toBe(source);
  });
});

/** Every place where a number or a duration may be, with a value that fits. */
const PLACES: readonly [string, VariableValueOf, (document: Document, text: string) => void][] = [
  [
    'temperature',
    0.5,
    (document, text) => {
      stepIn(document, 'note').temperature = text;
    },
  ],
  [
    'maxTokens',
    5,
    (document, text) => {
      stepIn(document, 'note').maxTokens = text;
    },
  ],
  [
    'max_tokens',
    5,
    (document, text) => {
      stepIn(document, 'note').max_tokens = text;
    },
  ],
  [
    'maxIterations of an agent',
    5,
    (document, text) => {
      stepIn(document, 'draft').maxIterations = text;
    },
  ],
  [
    'modelParameters',
    5,
    (document, text) => {
      stepIn(document, 'summarise').modelParameters.topP = text;
    },
  ],
  [
    'timeout',
    '5m',
    (document, text) => {
      stepIn(document, 'summarise').timeout = text;
    },
  ],
  [
    'retry.maxAttempts',
    5,
    (document, text) => {
      stepIn(document, 'summarise').retry.maxAttempts = text;
    },
  ],
  [
    'retry.delay',
    '5s',
    (document, text) => {
      stepIn(document, 'summarise').retry.delay = text;
    },
  ],
  [
    'loop.maxIterations',
    5,
    (document, text) => {
      stepIn(document, 'refine').loop.maxIterations = text;
    },
  ],
  [
    'loop.max_iterations',
    5,
    (document, text) => {
      stepIn(document, 'refine').loop = { max_iterations: text, steps: [] };
    },
  ],
  [
    'parallel.maxConcurrency',
    5,
    (document, text) => {
      stepIn(document, 'fan-out').parallel.maxConcurrency = text;
    },
  ],
  [
    'approval.count',
    2,
    (document, text) => {
      stepIn(document, 'ask').approval.count = text;
    },
  ],
  [
    'evaluation.threshold',
    0.5,
    (document, text) => {
      stepIn(document, 'check').evaluation.threshold = text;
    },
  ],
  [
    'a criterion’s weight',
    2,
    (document, text) => {
      stepIn(document, 'check').evaluation.criteria[0].weight = text;
    },
  ],
  [
    'a criterion’s threshold',
    0.5,
    (document, text) => {
      stepIn(document, 'check').evaluation.criteria[0].threshold = text;
    },
  ],
];
type VariableValueOf = string | number;

describe('a number or a duration that is templated', () => {
  it.each(PLACES)('is taken at %s, filled with what is one, and read again', (_place, value, set) => {
    for (const text of ['${VALUE}', '{{ env.VALUE }}', '${FLAG:${VALUE}:1}', '${NONE:${VALUE}}']) {
      const document = ticketFlow();
      set(document, text);
      const definition = read(document);
      const expected = ticketFlow();
      set(expected, value as string);
      const answer = filled(document, { variables: { VALUE: value, FLAG: true } });
      expect(answer).toEqual(expected);
      expect(filledDefinition(definition, answer).steps).toEqual(read(expected).steps);
    }
  });

  it.each(PLACES)('is refused at %s when it is read again and was filled with none', (place, _value, set) => {
    if (place === 'modelParameters') return;
    const document = ticketFlow();
    set(document, '${VALUE}');
    const answer = filled(document, { variables: { VALUE: 'soon' } });
    expect(() => filledDefinition(read(document), answer)).toThrow(InvalidDefinitionError);
  });
});

describe('a document that is filled everywhere', () => {
  it('is read again, with text where the format takes nothing else', () => {
    const document = ticketFlow();
    const places: string[] = [];
    const fillAll = (value: Json, path: readonly Segment[]): Json => {
      if (isList(value)) return value.map((item, index) => fillAll(item, [...path, index]));
      if (isObject(value))
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillAll(inner, [...path, key])]));
      const key = String(path.at(-1));
      if (typeof value !== 'string' || fillsTowpath(path) === null || ['timeout', 'delay'].includes(key)) return value;
      places.push(path.join('.'));
      return '${FIVE}';
    };
    const everywhere = fillAll(document, []);
    expect(places.length).toBeGreaterThan(40);
    const definition = filledDefinition(read(everywhere), filled(everywhere, { variables: { FIVE: 5 } }));
    const [first] = definition.steps;
    expect(first).toMatchObject({ label: '5', properties: { model: '5', tools: ['5', '5'], task: '5' } });
    expect(allSteps(definition)).toHaveLength(15);
  });

  it('keeps a trigger for an event that another workflow emits', () => {
    const document = { apiVersion: 'towpath/v1', name: 'x', steps: [{ id: 'a', type: 'llm', model: '${M:m}' }] };
    const definition = { ...read(document), triggers: [{ id: 't', type: 'event', event: 'elsewhere' }] };
    const withTrigger = { ...document, triggers: definition.triggers };
    expect(filledDefinition(definition, withTrigger).triggers).toHaveLength(1);
  });
});
