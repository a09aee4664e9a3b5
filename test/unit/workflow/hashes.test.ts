import { describe, expect, it } from 'vitest';
import { contentHash, logicHash } from '../../../src/domain/workflow/hashes.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { type Document, read, stepIn, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const base = read(ticketFlow());

describe('The content hash', () => {
  it('is SHA-256 of the canonical JSON, so the order of keys and the way of writing do not count', () => {
    const source = 'b: [1, 2.50]\na: text\n';
    expect(contentHash(readDefinition(source).document)).toBe(contentHash({ a: 'text', b: [1, 2.5] }));
    expect(contentHash({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862');
  });

  it('differs for every change, bindings and layout included', () => {
    const layout = ticketFlowWith((document) => (document.layout = {}));
    const bindings = ticketFlowWith((document) => (document.bindings = {}));
    expect(new Set([base, layout, bindings].map(({ document }) => contentHash(document))).size).toBe(3);
  });
});

describe('The logic hash', () => {
  const same: [string, (document: Document) => void][] = [
    ['bindings', (d) => (d.bindings = { crm: { connection: 'other' } })],
    ['layout', (d) => delete d.layout],
    ['the name', (d) => (d.name = 'other')],
    ['the description', (d) => (d.description = 'other')],
    ['a label', (d) => (stepIn(d, 'summarise').label = 'other')],
    ['the description of a step', (d) => delete stepIn(d, 'summarise').description],
    ['the default execution mode', (d) => delete d.executionMode],
    ['the order of tools', (d) => stepIn(d, 'summarise').tools.reverse()],
    ['the order of criteria', (d) => stepIn(d, 'check').evaluation.criteria.reverse()],
    ['the order of branches', (d) => stepIn(d, 'fan-out').parallel.branches.reverse()],
    ['an empty branch', (d) => stepIn(d, 'fan-out').parallel.branches.push({ name: 'latin', steps: [] })],
    ['an empty list of tools', (d) => (stepIn(d, 'polish').tools = [])],
    ['empty model parameters', (d) => (stepIn(d, 'polish').modelParameters = {})],
    [
      'a word for the same thing',
      (d) => {
        const step = stepIn(d, 'polish');
        step.llm = step.model;
        delete step.model;
      },
    ],
    [
      'id of a step, and of all that names it',
      (d) => {
        for (const [old, now] of [
          ['summarise', 'sum-up'],
          ['check', 'look'],
        ] as const) {
          const text = JSON.stringify(d)
            .replaceAll(`"${old}"`, `"${now}"`)
            .replaceAll(`steps.${old}.`, `steps.${now}.`);
          Object.assign(d, JSON.parse(text));
        }
      },
    ],
    ['order of what is required', (d) => (d.inputs.required = ['ticket', 'ticket'])],
    ['fields of no schema', (d) => (d.outputs.required = [])],
  ];
  it.each(same)('is the same for another %s', (_what, change) => {
    expect(logicHash(ticketFlowWith(change))).toBe(logicHash(base));
  });

  const different: [string, (document: Document) => void][] = [
    ['the order of steps', (d) => d.steps.reverse()],
    ['the execution mode', (d) => (d.executionMode = 'dag')],
    ['the group a step stands in', (d) => d.steps[1].condition.then.push(d.steps[1].condition.else.pop())],
    ['a required input', (d) => (d.inputs.required = [])],
    ['the type of a field', (d) => (d.inputs.properties.ticket.type = 'number')],
    ['a trigger', (d) => (d.triggers[0].schedule = '0 4 * * *')],
    ['an emitted event', (d) => d.emits.push('other')],
  ];
  it.each(different)('is another for another %s', (_what, change) => {
    expect(logicHash(ticketFlowWith(change))).not.toBe(logicHash(base));
  });

  it('does not take the order of choices and types in a schema into account', () => {
    const withField = (field: object) =>
      logicHash(ticketFlowWith((document) => (document.inputs.properties.ticket = field)));
    expect(withField({ type: ['string', 'null'], enum: ['a', 'b'] })).toBe(
      withField({ enum: ['b', 'a'], type: ['null', 'string'] }),
    );
    expect(withField({ enum: ['a', 'b'] })).not.toBe(withField({ enum: ['a', 'c'] }));
  });

  it('does not take the order of steps into account where only dependencies order them', () => {
    const dag = ticketFlowWith((document) => (document.executionMode = 'dag'));
    const reversed = ticketFlowWith((document) => {
      document.executionMode = 'dag';
      document.steps.reverse();
    });
    expect(logicHash(reversed)).toBe(logicHash(dag));
  });
});
