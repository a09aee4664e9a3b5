import { expect, it } from 'vitest';
import { policySentences } from '../../../src/domain/policy/policy-sentences.ts';
import { DAY, policy } from '../../support/domain-builders.ts';

it('what an environment asks now is told beside what it asked before', () => {
  const before = policy({ tests: { minPassRate: 0.8, maxAge: DAY }, soak: { for: DAY } });
  const now = policy({
    approvals: [{ role: 'admin', count: 2 }],
    ...{ tests: { minPassRate: 0.9, maxAge: DAY }, checklist: ['Told'] },
  });
  expect(policySentences('staging', before, now)).toEqual([
    'staging now asks for 2 admins; it asked for 1 lead.',
    'What staging says of tests changed.',
    'staging says nothing of soak any more.',
    'staging now says something of the checklist.',
  ]);
  expect(policySentences('staging', before, { ...before, expireAfter: 1, rollback: { role: 'admin' } })).toEqual([]);
});
