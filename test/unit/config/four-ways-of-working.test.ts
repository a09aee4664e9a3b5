import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { policyFor } from '../../../src/domain/policy/policy-for.ts';
import { policySentences } from '../../../src/domain/policy/policy-sentences.ts';
import { evaluateAll } from '../../../src/domain/requirements/evaluate.ts';
import { policy, workflow } from '../../support/domain-builders.ts';
import { factsOf } from '../../support/facts.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

/** The title of each way, and the `towpath.yaml` below it. */
const WAYS = [
  ...(README.split('### Four ways of working\n')[1]?.split('\n## ')[0] ?? '').matchAll(
    /^([^\n`]+):\n\n```yaml\n(.*?)```/gms,
  ),
].map(([, title = '', text = '']) => ({ title, text }));

const load = (name: string) => {
  const way = WAYS.find(({ title }) => title.startsWith(name));
  return parseTowpathYaml(way?.text ?? 'missing', { fileName: 'towpath.yaml' });
};
/** What the card of a promotion says is needed, before anybody did anything. */
const needed = (name: string, environment: string, department: string | null = null) => {
  const found = load(name).environments.find((one) => one.name === environment);
  const flow = workflow({ department });
  const asked = policyFor({ policy: found?.policy ?? policy() }, flow);
  return evaluateAll(factsOf(asked, { liveChecks: null })).map(({ summary }) => summary);
};
/** What people are told when an environment that asked for nothing asks for this. */
const told = (name: string, environment: string) => {
  const found = load(name).environments.find((one) => one.name === environment);
  return policySentences(
    environment,
    policy({ approvals: [] }),
    policyFor({ policy: found?.policy ?? policy() }, workflow()),
  );
};

describe('the four ways of working that the README shows', () => {
  it('are four, and each file of them is taken as it stands there', () => {
    expect(WAYS.map(({ title }) => title)).toHaveLength(4);
    for (const { title } of WAYS) expect(load(title).environments[0]?.name, title).toBe('development');
  });

  it('one approver: a lead, and nothing else', () => {
    for (const environment of ['staging', 'production'])
      expect(needed('One approver', environment)).toEqual(['Approval by 1 lead']);
    expect(told('One approver', 'production')).toEqual(['production now asks for 1 lead; it asked for nobody.']);
  });

  it('two leads, tests and a soak', () => {
    expect(needed('Two leads', 'production')).toEqual([
      'Pass rate of at least 95%',
      'Cost of a run: at most 10% more than what is live',
      'Soak of 24 h, 50 healthy runs, at most 2% failed',
      'Approval by 2 leads',
    ]);
    expect(needed('Two leads', 'staging')).toEqual(['Pass rate of at least 90%', 'Approval by 1 lead']);
    expect(told('Two leads', 'production')).toEqual([
      'production now asks for 2 leads; it asked for nobody.',
      'production now says something of tests.',
      'production now says something of cost.',
      'production now says something of soak.',
    ]);
  });

  it('regulated: four eyes beside a stakeholder, a checklist, windows, and a soak of a week where a department needs it', () => {
    const asked = needed('Regulated', 'production');
    expect(asked).toEqual([
      'staging has everything that it names',
      'Check security-review',
      'Checklist of 2',
      'staging is not frozen',
      'Approval by 2 leads and stakeholder (1 of 2 named people)',
    ]);
    expect(needed('Regulated', 'production', 'claims')).toEqual([
      ...asked.slice(0, 2),
      'Soak of 7 d',
      ...asked.slice(2),
    ]);
    const { policy: said } = load('Regulated').environments[2] ?? { policy: policy() };
    expect(said).toMatchObject({ authorMayApprove: false, risk: { high: { count: 4 } } });
    expect(told('Regulated', 'production')[0]).toBe(
      'production now asks for 2 leads and stakeholder (1 of 2 named people); it asked for nobody.',
    );
  });

  it('solo: all tests pass, and nobody is asked', () => {
    expect(needed('Solo', 'production')).toEqual(['Pass rate of at least 100%', 'No approval needed']);
    expect(told('Solo', 'production')).toEqual(['production now says something of tests.']);
  });
});
