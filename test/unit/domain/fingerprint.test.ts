import { describe, expect, it } from 'vitest';
import { fingerprint, type Reviewed, whatMoved } from '../../../src/domain/fingerprint.ts';
import { DAY, policy, reviewed } from '../../support/domain-builders.ts';

const BEFORE = reviewed({
  replacesDeploymentId: 'd1',
  replacesVersionId: 'v1',
  settings: { model: 'sonnet', limit: 3 },
});

const MOVES: [string, Partial<Reviewed>][] = [
  ['version', { versionId: 'v3' }],
  ['replaced', { replacesDeploymentId: 'd2' }],
  ['replaced', { replacesDeploymentId: null, replacesVersionId: null }],
  ['settings', { settings: { model: 'opus', limit: 3 } }],
  ['settings', { settings: { model: 'sonnet' } }],
  ['policy', { policy: policy({ approvals: [{ role: 'lead', count: 2 }] }) }],
  ['policy', { policy: policy({ approvals: [{ role: 'admin', count: 1 }] }) }],
  ['policy', { policy: policy({ approvals: [] }) }],
  ['policy', { policy: policy({ tests: { minPassRate: 0.9, maxAge: DAY } }) }],
  ['policy', { policy: policy({ authorMayApprove: false }) }],
  ['policy', { policy: policy({ freezes: [] }) }],
];

describe('the fingerprint of what was reviewed', () => {
  it.each(MOVES)('is another one when the %s moves', (part, move) => {
    const now = { ...BEFORE, ...move };
    expect(fingerprint(now)).not.toBe(fingerprint(BEFORE));
    expect(whatMoved(BEFORE, now)).toEqual([part]);
  });

  it('is a SHA-256 in hexadecimal and stays the same for the same', () => {
    expect(fingerprint(BEFORE)).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint(structuredClone(BEFORE))).toBe(fingerprint(BEFORE));
  });

  it('is another one for a canary, and for a canary of another share', () => {
    const shares = [undefined, 0, 1_000, 10_000].map((canary) => ({
      ...BEFORE,
      ...(canary !== undefined && { canary }),
    }));
    expect(new Set(shares.map(fingerprint)).size).toBe(4);
  });

  it('is without a canary what it was before there were any', () => {
    // Pinned: approvals that were given then count still.
    expect(fingerprint(BEFORE)).toBe('a5c2815337dda648b719b4731497e58dcc35294906141b504b03f092749c67c2');
  });

  it('stays what it was recorded as, of a policy that asks for approvals alone', () => {
    const approvals = [
      { role: 'lead' as const, count: 2 },
      { role: 'admin' as const, count: 1 },
    ];
    expect(fingerprint({ ...BEFORE, policy: policy({ approvals }) })).toBe(
      'b602f309155c98d7b9f20b3cedb0a51bcb2be5fcb7073615f88eeca031575e61',
    );
  });

  it('does not move with what only other workflows are asked', () => {
    const stricter = [{ workflows: ['other-flow'], checks: ['security'] }];
    const now = { ...BEFORE, policy: policy({ stricter }) };
    expect(fingerprint(now)).toBe(fingerprint(BEFORE));
    expect(whatMoved(BEFORE, now)).toEqual([]);
  });

  it('does not depend on the order that settings are written in', () => {
    const other = { ...BEFORE, settings: { limit: 3, model: 'sonnet' } };
    expect(fingerprint(other)).toBe(fingerprint(BEFORE));
    expect(whatMoved(BEFORE, other)).toEqual([]);
  });

  it('does not move with who may roll back or with how long requests stay open', () => {
    const other = { ...BEFORE, policy: policy({ expireAfter: DAY, rollback: { role: 'admin' } }) };
    expect(fingerprint(other)).toBe(fingerprint(BEFORE));
    expect(whatMoved(BEFORE, other)).toEqual([]);
  });

  it('names every part that moved', () => {
    const now = reviewed({ versionId: 'v9', settings: { a: 1 }, policy: policy({ approvals: [] }) });
    expect(whatMoved(BEFORE, now)).toEqual(['version', 'replaced', 'settings', 'policy']);
  });
});
