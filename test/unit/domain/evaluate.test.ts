import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../src/domain/fingerprint.ts';
import { allMet, evaluateAll, REQUIREMENTS } from '../../../src/domain/requirements/evaluate.ts';
import type { Facts, Requirement, Verdict } from '../../../src/domain/requirements/requirement.ts';
import { approval, environment, NOON, promotion, reviewed, workflow } from '../../support/domain-builders.ts';
import { asMap, lead } from '../../support/people.ts';

const FACTS: Facts = {
  now: NOON,
  promotion: promotion({ approvals: [approval('U1', 'lead')] }),
  workflow: workflow(),
  target: environment('staging', 1),
  fingerprint: fingerprint(reviewed()),
  approvers: asMap([lead('U1')]),
};
const verdict = (state: Verdict['state']): Verdict => ({ state, summary: state });
const always = (kind: string, state: Verdict['state']): Requirement => ({ kind, evaluate: () => verdict(state) });

describe('judging a promotion', () => {
  it('judges every requirement in order, by the same facts', () => {
    const seen: Facts[] = [];
    const looking: Requirement = {
      kind: 'looking',
      evaluate: (facts) => {
        seen.push(facts);
        return verdict('met');
      },
    };
    const judged = evaluateAll(FACTS, [always('soak', 'pending'), looking, looking]);
    expect(judged.map(({ kind, state }) => [kind, state])).toEqual([
      ['soak', 'pending'],
      ['looking', 'met'],
      ['looking', 'met'],
    ]);
    expect(seen).toEqual([FACTS, FACTS]);
  });

  it('asks for approvals', () => {
    expect(REQUIREMENTS.map((requirement) => requirement.kind)).toContain('approvals');
    expect(allMet(evaluateAll(FACTS))).toBe(true);
    expect(allMet(evaluateAll({ ...FACTS, approvers: new Map() }))).toBe(false);
  });

  it('is met only when nothing is pending and nothing failed', () => {
    expect(allMet([verdict('met'), verdict('met')])).toBe(true);
    expect(allMet([verdict('met'), verdict('pending')])).toBe(false);
    expect(allMet([verdict('failed'), verdict('met')])).toBe(false);
    expect(allMet([])).toBe(true);
  });
});
