import { describe, expect, it } from 'vitest';
import { allSteps } from '../../../src/domain/workflow/definition.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { refusalOf } from '../../support/workflows/refusal-of.ts';
import { type Document, read, stepIn, ticketFlow } from '../../support/workflows/ticket-flow.ts';

/** The problems of the ticket flow after a change, as `path: message`. */
function problemsAfter(change: (document: Document) => void): string[] {
  const document = ticketFlow();
  change(document);
  return refusalOf(JSON.stringify(document)).problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('Towpath’s own format', () => {
  it('is read into steps with their groups, dependencies and paths', () => {
    const definition = read(ticketFlow());
    expect(definition).toMatchObject({ format: 'towpath', name: 'ticket-flow', executionMode: 'sequential' });
    expect(allSteps(definition).map(({ id, path }) => `${id} ${path}`)).toEqual([
      'summarise steps[0]',
      'route steps[1]',
      'page steps[1].condition.then[0]',
      'queue steps[1].condition.else[0]',
      'note steps[1].condition.else[1]',
      'refine steps[2]',
      'draft steps[2].loop.steps[0]',
      'polish steps[2].loop.steps[1]',
      'fan-out steps[3]',
      'translate_en steps[3].parallel.branches[0].steps[0]',
      'translate_de steps[3].parallel.branches[1].steps[0]',
      'orders steps[4]',
      'score steps[5]',
      'ask steps[6]',
      'check steps[7]',
    ]);
    const route = definition.steps[1];
    expect(route?.children.map(({ role, steps }) => [role, steps.length])).toEqual([
      ['then', 1],
      ['else', 2],
    ]);
    expect(route?.properties).toEqual({ condition: { if: 'steps.summarise.output.urgent' } });
    expect(definition.steps[3]?.children.map(({ role }) => role)).toEqual(['english', 'german']);
  });

  it('draws arrows from the order of steps and from dependencies', () => {
    const steps = [
      { id: 'a', type: 'llm' },
      { id: 'b', type: 'llm' },
      { id: 'c', type: 'llm', dependsOn: ['a'] },
    ];
    const edges = (executionMode: string) =>
      read({ apiVersion: 'towpath/v1', name: 'x', executionMode, steps }).edges.map(({ from, to }) => `${from}>${to}`);
    expect(edges('sequential')).toEqual(['a>b', 'a>c', 'b>c']);
    expect(edges('dag')).toEqual(['a>c']);
  });

  it('takes the words that people bring along', () => {
    const steps = [
      { id: 'a', type: 'llm', llm: 'm', instruction: 's', max_tokens: 5, temperature: 0.1, expected_output: 'o' },
      {
        id: 'b',
        type: 'agent',
        instructions: 's',
        maxTokens: 6,
        max_iterations: 7,
        modelParameters: { temperature: 1 },
      },
      { id: 'c', type: 'loop', loop: { max_iterations: 3, steps: [] } },
      { id: 'd', type: 'llm', modelParameters: { max_tokens: 8 } },
    ];
    const definition = read({ apiVersion: 'towpath/v1', name: 'x', steps });
    expect(definition.steps.map(({ properties }) => properties)).toEqual([
      { model: 'm', systemPrompt: 's', expectedOutput: 'o', modelParameters: { temperature: 0.1, maxTokens: 5 } },
      { systemPrompt: 's', maxIterations: 7, modelParameters: { temperature: 1, maxTokens: 6 } },
      { loop: { maxIterations: 3 } },
      { modelParameters: { maxTokens: 8 } },
    ]);
  });

  it('refuses to choose when one thing is said in two words', () => {
    expect(
      problemsAfter((document) => Object.assign(stepIn(document, 'summarise'), { llm: 'x', temperature: 1 })),
    ).toEqual([
      'steps[0].llm: says the same as ‘model’; keep one of them',
      'steps[0].temperature: says the same as ‘modelParameters.temperature’; keep one of them',
    ]);
  });

  it('takes a template wherever a number or a duration may stand', () => {
    const document = ticketFlow();
    stepIn(document, 'refine').loop.maxIterations = '${ROUNDS:3}';
    stepIn(document, 'summarise').timeout = '${TIMEOUT:30s}';
    stepIn(document, 'check').evaluation.threshold = '{{ env.THRESHOLD }}';
    expect(read(document).steps[2]?.properties.loop?.maxIterations).toBe('${ROUNDS:3}');
  });
});

describe('What Towpath’s own format refuses', () => {
  const cases: [string, (document: Document) => void, string[]][] = [
    ['another apiVersion', (d) => (d.apiVersion = 'towpath/v2'), ['apiVersion: must be towpath/v1']],
    ['a missing name', (d) => delete d.name, ['name: is missing']],
    ['no steps', (d) => (d.steps = []), ['steps: needs at least one step']],
    ['steps that are no list', (d) => (d.steps = {}), ['steps: must be a list']],
    ['a step that is no mapping', (d) => (d.steps[5] = 'x'), ['steps[5]: must be a mapping']],
    [
      'an unknown execution mode',
      (d) => (d.executionMode = 'dags'),
      ['executionMode: must be one of sequential, dag; did you mean ‘dag’?'],
    ],
    ['an unknown key', (d) => (d.stesp = []), ['stesp: unknown key; did you mean ‘steps’?']],
    [
      'an unknown key of a step',
      (d) => (d.steps[0].systemPromt = ''),
      ['steps[0].systemPromt: unknown key; did you mean ‘systemPrompt’?'],
    ],
    [
      'an unknown key of a nested block',
      (d) => (d.steps[0].retry.maxAttemps = 1),
      ['steps[0].retry.maxAttemps: unknown key; did you mean ‘maxAttempts’?'],
    ],
    ['an unknown key like nothing known', (d) => (d.steps[0].zzzzzzzzzz = 1), ['steps[0].zzzzzzzzzz: unknown key']],
    [
      'an unknown type',
      (d) => (stepIn(d, 'page').type = 'tol'),
      [expect.stringMatching(/^steps\[1\]\.condition\.then\[0\]\.type: must be one of .*did you mean ‘tool’\?$/)],
    ],
    [
      'an id with capitals',
      (d) => (d.steps[5].id = 'Score'),
      [expect.stringContaining('steps[5].id: must begin with a lower-case letter')],
    ],
    [
      'an id that comes twice, nested',
      (d) => (stepIn(d, 'polish').id = 'summarise'),
      ['steps[2].loop.steps[1].id: there is already a step ‘summarise’ at steps[0]'],
    ],
    [
      'a dependency on nothing',
      (d) => (d.steps[1].dependsOn = ['summarize']),
      ['steps[1].dependsOn[0]: there is no step ‘summarize’; did you mean ‘summarise’?'],
    ],
    [
      'a condition without its block',
      (d) => delete d.steps[1].condition,
      ['steps[1]: a step of type condition needs ‘condition’'],
    ],
    [
      'a block of another type',
      (d) => (d.steps[0].loop = { steps: [] }),
      ['steps[0].loop: ‘loop’ belongs to steps of type loop, and this one is llm'],
    ],
    [
      'a threshold above one',
      (d) => (stepIn(d, 'check').evaluation.threshold = 1.1),
      ['steps[7].evaluation.threshold: must be at most 1'],
    ],
    [
      'a threshold below zero',
      (d) => (stepIn(d, 'check').evaluation.threshold = -0.1),
      ['steps[7].evaluation.threshold: must be at least 0'],
    ],
    [
      'a threshold in words',
      (d) => (stepIn(d, 'check').evaluation.threshold = 'high'),
      ['steps[7].evaluation.threshold: must be a number'],
    ],
    [
      'a duration without a unit',
      (d) => (d.steps[0].timeout = '30'),
      ['steps[0].timeout: must be a duration such as 30s, 5m or 1h'],
    ],
    [
      'a duration that is a number',
      (d) => (d.steps[0].retry.delay = 1),
      ['steps[0].retry.delay: must be a duration such as 30s, 5m or 1h'],
    ],
    [
      'half an attempt',
      (d) => (d.steps[0].retry.maxAttempts = 1.5),
      ['steps[0].retry.maxAttempts: must be a whole number'],
    ],
    [
      'a criterion that comes twice',
      (d) => (stepIn(d, 'check').evaluation.criteria[1].id = 'accuracy'),
      ['steps[7].evaluation.criteria[1]: there is already a criterion ‘accuracy’'],
    ],
    [
      'a branch that comes twice',
      (d) => (stepIn(d, 'fan-out').parallel.branches[1].name = 'english'),
      ['steps[3].parallel.branches[1]: there is already a branch ‘english’'],
    ],
    [
      'an event that nothing emits',
      (d) => (d.emits = ['ticket.closed']),
      ['triggers[1].event: nothing emits the event ‘ticket.answered’; did you mean ‘ticket.closed’?'],
    ],
    [
      'a schedule without its times',
      (d) => delete d.triggers[0].schedule,
      ['triggers[0]: a trigger of type schedule needs ‘schedule’'],
    ],
    [
      'an event trigger without its event',
      (d) => delete d.triggers[1].event,
      ['triggers[1]: a trigger of type event needs ‘event’'],
    ],
    [
      'a trigger that comes twice',
      (d) => (d.triggers[1].id = 'nightly'),
      ['triggers[1]: there is already a trigger ‘nightly’'],
    ],
    ['inputs that are no schema', (d) => (d.inputs = 'ticket'), ['inputs: must be a mapping']],
  ];
  it.each(cases)('refuses %s', (_what, change, problems) => {
    expect(problemsAfter(change)).toEqual(problems);
  });

  it('lists every problem at once, with its line', () => {
    const source = [
      'apiVersion: towpath/v1',
      'steps:',
      '  - id: a',
      '    type: llm',
      '    modle: x',
      '  - id: b',
      '    type: loop',
      '    loop:',
      '      steps:',
      '        - id: a',
      '          type: llm',
      '          timeout: soon',
      '  - id: c',
      '    type: llm',
      '    dependsOn: [d]',
    ].join('\n');
    expect(refusalOf(source).problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '1 name',
      '5 steps[0].modle',
      '12 steps[1].loop.steps[0].timeout',
      '15 steps[2].dependsOn[0]',
    ]);
  });

  it('takes an event that another workflow emits', () => {
    const document = { ...ticketFlow(), emits: [] };
    expect(readDefinition(JSON.stringify(document), { knownEvents: ['ticket.answered'] }).format).toBe('towpath');
  });
});

describe('Dependencies in a circle', () => {
  const step = (id: string, dependsOn: string[] = [], more: object = {}) => ({ id, type: 'llm', dependsOn, ...more });
  const loop = (id: string, steps: object[], dependsOn: string[] = []) => ({
    id,
    type: 'loop',
    dependsOn,
    loop: { steps },
  });
  const circleIn = (steps: object[]) => {
    const source = JSON.stringify({ apiVersion: 'towpath/v1', name: 'x', executionMode: 'dag', steps });
    return refusalOf(source).problems.map(({ message }) => message);
  };
  it.each([
    ['of one step', [step('a', ['a'])], 'a → a'],
    ['of three', [step('a', ['c']), step('b', ['a']), step('c', ['b'])], 'a → c → b → a'],
    ['of a step and what is around it', [loop('a', [step('b', ['a'])])], 'a → b → a'],
    ['of a step and what is inside it', [loop('a', [step('b')], ['b'])], 'a → b → a'],
    ['by way of a nested step', [loop('a', [step('b', ['c'])]), step('c', ['a'])], 'a → b → c → a'],
  ])('is refused: %s', (_what, steps, circle) => {
    expect(circleIn(steps)).toEqual([`steps wait for each other in a circle: ${circle}`]);
  });

  it('is not seen where there is none', () => {
    const steps = [loop('a', [step('b'), step('c', ['b'])]), step('d', ['a', 'c']), step('e', ['d', 'a'])];
    expect(read({ apiVersion: 'towpath/v1', name: 'x', executionMode: 'dag', steps }).steps).toHaveLength(3);
  });
});

describe('The limits of Towpath’s own format', () => {
  const nested = (depth: number): object =>
    depth === 1 ? { id: 's1', type: 'llm' } : { id: `s${depth}`, type: 'loop', loop: { steps: [nested(depth - 1)] } };
  const flow = (steps: object[]) => JSON.stringify({ apiVersion: 'towpath/v1', name: 'x', steps });

  it('takes steps nested twenty deep and refuses the next', () => {
    expect(allSteps(readDefinition(flow([nested(20)])))).toHaveLength(20);
    expect(refusalOf(flow([nested(21)])).userMessage).toContain('nested deeper than 20');
  });

  it('takes 5,000 steps and refuses the next, once', () => {
    const steps = Array.from({ length: 5_001 }, (_, index) => ({ id: `s${index}`, type: 'llm' }));
    expect(readDefinition(flow(steps.slice(1))).steps).toHaveLength(5_000);
    expect(refusalOf(flow(steps)).problems.map(({ message }) => message)).toEqual(['there are more than 5,000 steps']);
  });
});
