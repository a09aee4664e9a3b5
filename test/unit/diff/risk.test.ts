import { describe, expect, it } from 'vitest';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { type Risk, riskOf } from '../../../src/domain/diff/risk.ts';
import { RISK_RULES } from '../../../src/domain/diff/risk-rules.ts';
import { EDITS } from '../../support/workflows/edits.ts';
import { type Document, read, stepIn, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const base = read(ticketFlow());

function riskAfter(edit: (document: Document) => void): Risk {
  return diffDefinitions(base, ticketFlowWith(edit)).risk;
}

const first = (risk: Risk) => [risk.level, risk.reasons[0]];

describe('The risk of a change', () => {
  const cases: [string, string, (document: Document) => void][] = [
    ['high', 'approval step removed (‘ask’)', (d) => d.steps.splice(6, 1)],
    ['high', 'approval step moved (‘ask’)', (d) => stepIn(d, 'refine').loop.steps.push(d.steps.splice(6, 1)[0])],
    ['high', 'fewer approvals asked for (‘ask’)', (d) => delete stepIn(d, 'ask').approval.count],
    ['high', 'model swapped (‘Summarise’)', (d) => (stepIn(d, 'summarise').model = 'x')],
    ['high', 'model swapped (‘Summarise’)', (d) => (stepIn(d, 'summarise').provider = 'x')],
    ['high', 'MCP server added (‘Summarise’)', (d) => stepIn(d, 'summarise').mcpServers.push('jira')],
    ['high', 'tool added (‘Summarise’)', (d) => stepIn(d, 'summarise').tools.push('mail')],
    ['high', 'tool swapped (‘page’)', (d) => (stepIn(d, 'page').tool = 'siren')],
    ['high', 'step with an MCP server added (‘n’)', (d) => d.steps.push({ id: 'n', type: 'llm', mcpServers: ['m'] })],
    ['high', 'step with tools added (‘n’)', (d) => d.steps.push({ id: 'n', type: 'agent', tools: ['m'] })],
    ['high', 'code added (‘n’)', (d) => d.steps.push({ id: 'n', type: 'code', code: { source: '1' } })],
    ['high', 'code changed (‘score’)', (d) => (stepIn(d, 'score').code.source = 'return 2;')],
    ['high', 'HTTP target changed (‘orders’)', (d) => (stepIn(d, 'orders').http.url = 'https://x.example.com')],
    ['high', 'HTTP target changed (‘orders’)', (d) => (stepIn(d, 'orders').http.method = 'DELETE')],
    ['high', 'output field removed', (d) => delete d.outputs.properties.queue],
    ['high', 'quality threshold lowered (‘check’)', (d) => (stepIn(d, 'check').evaluation.threshold = 0.6)],
    ['high', 'quality check removed (‘check’)', (d) => stepIn(d, 'check').evaluation.criteria.pop()],
    ['high', 'evaluation removed (‘check’)', (d) => d.steps.pop()],
    ['medium', 'prompt changed (‘Summarise’)', (d) => (stepIn(d, 'summarise').task = 'Say it')],
    [
      'medium',
      'model parameters changed (‘Summarise’)',
      (d) => (stepIn(d, 'summarise').modelParameters.temperature = 1),
    ],
    ['medium', 'tool removed (‘Summarise’)', (d) => stepIn(d, 'summarise').tools.pop()],
    ['medium', 'condition changed (‘route’)', (d) => (stepIn(d, 'route').condition.if = 'true')],
    ['medium', 'step removed (‘score’)', (d) => d.steps.splice(5, 1)],
    ['medium', 'input now required', (d) => d.inputs.required.push('customer')],
    ['medium', 'error policy changed (‘Summarise’)', (d) => (stepIn(d, 'summarise').onError = 'continue')],
    ['low', 'quality threshold raised (‘check’)', (d) => (stepIn(d, 'check').evaluation.threshold = 0.9)],
    ['low', 'output field added', (d) => (d.outputs.properties.mood = { type: 'string' })],
    ['low', 'limits changed (‘Summarise’)', (d) => (stepIn(d, 'summarise').timeout = '1m')],
    ['low', 'connections differ', (d) => (d.bindings.mail = 'smtp')],
  ];
  it.each(cases)('is %s: %s', (level, reason, edit) => {
    expect(first(riskAfter(edit))).toEqual([level, reason]);
  });

  it('is none where only names and descriptions differ, and where nothing does', () => {
    expect(riskAfter((d) => (d.description = 'x'))).toEqual({ level: 'none', reasons: [] });
    expect(riskAfter(() => {})).toEqual({ level: 'none', reasons: [] });
  });

  it('is that of the gravest change, and each reason is said once, gravest first', () => {
    const risk = riskAfter((d) => {
      for (const id of ['summarise', 'note', 'draft', 'polish']) stepIn(d, id).model = 'x';
      stepIn(d, 'summarise').timeout = '1m';
      stepIn(d, 'summarise').task = 'x';
    });
    expect(risk).toEqual({
      level: 'high',
      reasons: [
        'model swapped (‘Summarise’, ‘note’ and 2 more)',
        'prompt changed (‘Summarise’)',
        'limits changed (‘Summarise’)',
      ],
    });
  });

  it('is never none for a change that is functional', () => {
    for (const { edit, class: changeClass, what } of EDITS) {
      expect([what, riskAfter(edit).level === 'none']).toEqual([what, changeClass === 'cosmetic']);
    }
  });

  it('of a first version is at least medium', () => {
    expect(first(diffDefinitions(null, base).risk)).toEqual(['high', 'first version']);
    const plain = read({ apiVersion: 'towpath/v1', name: 'x', steps: [{ id: 'a', type: 'llm' }] });
    expect(diffDefinitions(null, plain).risk.level).toBe('medium');
  });

  it('is high where more changed than is listed, for what is not listed was not judged', () => {
    const steps = (timeout: string) =>
      read({
        apiVersion: 'towpath/v1',
        name: 'x',
        steps: Array.from({ length: 1_200 }, (_, at) => ({ id: `s${at}`, type: 'llm', timeout })),
      });
    expect(diffDefinitions(steps('1s'), steps('2s')).risk).toEqual({
      level: 'high',
      reasons: ['more changed than can be listed (1,200 changes)', 'limits changed (‘s0’, ‘s1’ and 998 more)'],
    });
  });

  it('is that of a secret where nothing but a masked one changed, wherever it stands', () => {
    const url = (mask: string) => (d: Document) => (stepIn(d, 'orders').http.url = `https://x/?key=masked~key~${mask}`);
    const [before, after] = [ticketFlowWith(url('0123456789abcdef')), ticketFlowWith(url('fedcba9876543210'))];
    expect(diffDefinitions(before, after).risk).toEqual({ level: 'medium', reasons: ['secret changed (‘orders’)'] });
  });

  it('is judged by the diff alone', () => {
    const diff = diffDefinitions(
      base,
      ticketFlowWith((d) => (stepIn(d, 'note').model = 'x')),
    );
    expect(riskOf(JSON.parse(JSON.stringify(diff)))).toEqual(diff.risk);
  });

  it('of documents of unknown format is judged by the same words', () => {
    const flow = (parameters: object) => read({ nodes: [{ id: 'n', name: 'N', parameters }] });
    expect(first(diffDefinitions(flow({ model: 'a' }), flow({ model: 'b' })).risk)).toEqual(['high', 'model swapped']);
    expect(first(diffDefinitions(flow({ jsCode: 'a' }), flow({ jsCode: 'b' })).risk)).toEqual(['high', 'code changed']);
    expect(first(diffDefinitions(flow({ url: 'a' }), flow({ url: 'b' })).risk)).toEqual([
      'high',
      'HTTP target changed',
    ]);
  });
});

describe('The table of risks', () => {
  it('has no two rules with one reason', () => {
    const reasons = RISK_RULES.map(({ reason }) => reason);
    expect(new Set(reasons).size).toBe(reasons.length);
  });
});
