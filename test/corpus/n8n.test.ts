import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/diff/change.ts';
import { diffOfPair, hasCorpus } from '../support/workflows/corpus.ts';

/** Of a change of a step: its class, what happened, the step's label, and the property. */
const told = ({ class: is, kind, stepLabel, property }: Change) => [is, kind, stepLabel, property];
const ofSteps = (changes: readonly Change[]) => changes.filter(({ stepId }) => stepId !== undefined).map(told);
const sentencesOf = (changes: readonly Change[], path: string) =>
  changes
    .filter((change) => change.path === path)
    .map(({ sentence }) => sentence)
    .sort();

const policy = (label: string) => [
  ['limits', 'added', label, 'onError'],
  ['limits', 'added', label, 'retry.delay'],
  ['limits', 'added', label, 'retry.onFail'],
];
const settings = [
  'settings.saveDataErrorExecution',
  'settings.saveDataSuccessExecution',
  'settings.saveManualExecutions',
];

/** What truly changed in real workflows, by reading both files: more than their descriptions say. */
describe.skipIf(!hasCorpus('n8n'))('Real n8n workflows', () => {
  it('n8n/01: a model swapped, a prompt and limits changed, a gate tightened, three nodes renamed', () => {
    const { diff } = diffOfPair('n8n/01');
    const llm = 'LLM Triage (Tier-2 Analyst)';
    const expected = [
      ['model', 'changed', llm, 'model'],
      ['model', 'added', llm, 'modelParameters.maxTokens'],
      ['prompt', 'changed', llm, 'task'],
      ['logic', 'added', 'Audit Log', undefined],
      ['logic', 'added', 'SIEM Alert Webhook', 'parameters.authentication'],
      ['logic', 'changed', 'Normalize Alert', 'code.source'],
      ['logic', 'added', 'Respond 202 Accepted', 'parameters.options'],
      ['logic', 'changed', 'Respond 202 Accepted', 'parameters.responseBody'],
      ['logic', 'changed', 'Severity Gate (drop info & duplicates)', 'condition.if'],
      ['logic', 'changed', 'Parse & Validate Verdict', 'code.source'],
      ['logic', 'changed', 'Route by Verdict', 'condition.cases[0].if'],
      ['logic', 'changed', 'Route by Verdict', 'condition.cases[1].if'],
      ['logic', 'changed', 'Slack: Escalate TP', 'parameters.text'],
      ['logic', 'changed', 'Slack: FP/Benign Digest', 'parameters.text'],
      ['logic', 'changed', 'Slack: Needs Analyst Review', 'parameters.text'],
      ['logic', 'changed', 'Archive: Floor or Duplicate', 'parameters.assignments.assignments[0].value'],
      ['logic', 'changed', 'Archive: Floor or Duplicate', 'parameters.assignments.assignments[2].value'],
      ['limits', 'added', llm, 'alwaysOutputData'],
      ['limits', 'added', llm, 'onError'],
      ['limits', 'added', llm, 'retry.maxRetries'],
      ['limits', 'added', llm, 'timeout'],
      ...policy('Slack: Escalate TP'),
      ...policy('Slack: FP/Benign Digest'),
      ...policy('Slack: Needs Analyst Review'),
      ['cosmetic', 'renamed', 'Respond 202 Accepted', 'label'],
      ['cosmetic', 'renamed', 'Severity Gate (drop info & duplicates)', 'label'],
      ['cosmetic', 'renamed', 'Archive: Floor or Duplicate', 'label'],
    ];
    expect(ofSteps(diff.changes).sort()).toEqual(expected.sort());
    expect(diff.changes.filter(({ path }) => path.startsWith('settings')).map(({ path }) => path)).toEqual(settings);
    expect(diff.changes.filter((change) => change.class === 'binding')).toHaveLength(1);
    expect(diff.counts.total).toBe(expected.length + 11 + 3 + 1);
    expect(diff.risk.level).toBe('high');
  });

  it('n8n/01: renamed nodes keep their arrows', () => {
    const { diff } = diffOfPair('n8n/01');
    const before = [
      'Slack: Escalate TP',
      'Slack: FP/Benign Digest',
      'Slack: Needs Analyst Review',
      'Archive: Floor or Duplicate',
    ];
    expect(sentencesOf(diff.changes, 'edges')).toEqual(
      [
        ...before.map((label) => `Edge ‘${label}’ → ‘Respond 202 Accepted’ removed`),
        ...before.map((label) => `Edge ‘${label}’ → ‘Audit Log’ added`),
        'Edge ‘Normalize Alert’ → ‘Severity Gate (drop info & duplicates)’ removed',
        'Edge ‘Normalize Alert’ → ‘Respond 202 Accepted’ added',
        'Edge ‘Respond 202 Accepted’ → ‘Severity Gate (drop info & duplicates)’ added',
      ].sort(),
    );
  });

  it('n8n/02: five nodes added and one removed, prompts guarded, arrows redrawn', () => {
    const { diff } = diffOfPair('n8n/02');
    const came = diff.changes.filter(({ stepId, property }) => stepId !== undefined && property === undefined);
    expect(came.map(({ kind, stepLabel }) => `${kind} ${stepLabel}`).sort()).toEqual([
      'added Audit Log',
      'added Duplicate - End',
      'added First Delivery?',
      'added Respond 202 Accepted',
      'added urlscan.io: Detonate URL (optional)',
      'removed Respond to Reporter',
    ]);
    const llm = 'LLM: Social Engineering Analysis';
    const changed = diff.changes.filter(({ property }) => property !== undefined);
    expect(ofSteps(changed).sort()).toEqual(
      [
        ['model', 'added', llm, 'modelParameters.maxTokens'],
        ['prompt', 'changed', llm, 'task'],
        ['limits', 'added', llm, 'alwaysOutputData'],
        ['limits', 'added', llm, 'onError'],
        ['limits', 'added', llm, 'retry.maxRetries'],
        ['limits', 'added', llm, 'timeout'],
        ['logic', 'added', 'User-Reported Email Webhook', 'parameters.authentication'],
        ['logic', 'changed', 'Parse Email & Extract IOCs', 'code.source'],
        ['logic', 'changed', 'Aggregate VT Enrichment', 'code.source'],
        ['logic', 'changed', 'Compute Phishing Score', 'code.source'],
        ['logic', 'changed', 'Actionable? (score ≥ 30)', 'condition.if'],
        ['logic', 'changed', 'Jira: Open Phishing Ticket', 'parameters.additionalFields.description'],
        ['logic', 'changed', 'Jira: Open Phishing Ticket', 'parameters.summary'],
        ['logic', 'changed', 'Slack: Notify SOC', 'parameters.text'],
        ['logic', 'changed', 'Slack: Log Benign Report', 'parameters.text'],
        ...policy('Jira: Open Phishing Ticket'),
        ...policy('Slack: Notify SOC'),
        ...policy('Slack: Log Benign Report'),
      ].sort(),
    );
    expect(sentencesOf(diff.changes, 'edges')).toHaveLength(12);
    expect(sentencesOf(diff.changes, 'edges')).toContain('Edge ‘First Delivery?’ → ‘Duplicate - End’ (false) added');
  });

  it('n8n/05: only error policy and settings; nothing a comparison of parameters would see', () => {
    const { diff } = diffOfPair('n8n/05');
    expect(ofSteps(diff.changes)).toEqual([
      ...policy('Slack: Immediate Critical Alert'),
      ['limits', 'added', 'Email: Drift Report', 'retry.delay'],
      ['limits', 'added', 'Email: Drift Report', 'retry.onFail'],
    ]);
    expect(diff.changes.filter(({ stepId }) => stepId === undefined).map(({ path }) => path)).toEqual(settings);
    expect(diff.functional).toBe(true);
    expect(diff.counts.byClass.limits).toBe(8);
  });

  it('n8n/08: a re-export with new ids and two notes is no functional change, only other credentials', () => {
    const { diff } = diffOfPair('n8n/08');
    expect(diff.functional).toBe(false);
    expect(diff.counts.steps).toMatchObject({ added: 0, removed: 0, moved: 0 });
    const bindings = diff.changes.filter((change) => change.class === 'binding');
    expect(bindings).toHaveLength(6);
    expect(bindings.map(({ sentence }) => sentence)).toContain(
      'Binding ‘Webhook’: httpHeaderAuth.name changed from ‘Live Agent Studio Header Auth’ to ‘Header Auth account’',
    );
    expect(diff.changes.filter((change) => change.class !== 'binding').map(({ sentence }) => sentence)).toEqual([
      '6 steps matched by name, their ids changed',
    ]);
  });

  it('n8n/10: new ids and a real change: a tool swapped, a model no longer named, a pipeline added', () => {
    const { diff } = diffOfPair('n8n/10');
    const has = (part: Partial<Change>) => expect(diff.changes).toContainEqual(expect.objectContaining(part));
    has({ class: 'model', kind: 'removed', stepLabel: 'OpenAI Chat Model', property: 'model', before: 'gpt-4o-mini' });
    has({ class: 'prompt', kind: 'changed', stepLabel: 'AI Agent', property: 'systemPrompt' });
    has({ class: 'tools', kind: 'removed', stepLabel: 'AI Agent', before: 'Calculator' });
    has({ class: 'tools', kind: 'added', stepLabel: 'AI Agent', after: 'Call n8n Workflow Tool' });
    has({ kind: 'removed', stepLabel: 'Calculator', class: 'logic' });
    const added = ['HTML', 'Filter', 'Split Out', 'HTML1', 'Summarize', 'HTTP Request2', 'Execute Workflow Trigger'];
    for (const stepLabel of [...added, 'Call n8n Workflow Tool', 'Add AI Documentation Message to DB']) {
      const whole = diff.changes.filter((change) => change.stepLabel === stepLabel && change.property === undefined);
      expect(whole.map(({ kind }) => kind)).toEqual(['added']);
    }
    const kept = ['Edit Fields', 'Respond to Webhook', 'Postgres Chat Memory', 'Webhook'];
    expect(diff.changes.filter(({ stepLabel }) => kept.includes(stepLabel ?? ''))).toEqual([]);
    expect(diff.changes.some(({ sentence }) => sentence.includes('Sticky Note'))).toBe(false);
    expect(diff.risk.level).toBe('high');
  });

  it.each(['01', '02', '05', '08', '10'])('n8n/%s: either version against itself is nothing', (pair) => {
    expect(diffOfPair(`n8n/${pair}`, 'before', 'before').diff.changes).toEqual([]);
    expect(diffOfPair(`n8n/${pair}`, 'after', 'after').diff.changes).toEqual([]);
  });
});
