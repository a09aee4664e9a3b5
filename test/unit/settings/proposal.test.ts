import { describe, expect, it } from 'vitest';
import { assertCanCancel, assertCanChangeSettings, assertCanDecideChange } from '../../../src/domain/permissions.ts';
import { countingApprovals, judgeApprovals } from '../../../src/domain/requirements/approvals.ts';
import {
  approveProposal,
  closeProposal,
  isOvertaken,
  isProposalDue,
  keepManaged,
  proposalFingerprint,
  refuseManaged,
  type SettingsProposal,
  sameSettings,
} from '../../../src/domain/settings/proposal.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { afterNoon, DAY, environment, NOON, policy, workflow } from '../../support/domain-builders.ts';
import { admin, asMap, lead, member, person } from '../../support/people.ts';
import { expectRefused, refusalOf } from '../../support/refusals.ts';

const STAGING = environment('staging', 1);
function proposal(but: Partial<SettingsProposal> = {}): SettingsProposal {
  return {
    ...{ id: 'p1', environmentId: 'e1', workflowId: null, settings: { model: 'a', runner: 'b' }, baseNumber: 3 },
    ...{ restores: null, status: 'open', requestedBy: 'UASKER', reason: null, originChannel: null },
    ...{ requestedAt: NOON, expiresAt: afterNoon(DAY), closedAt: null, closedBy: null, closeReason: null },
    approvals: [],
    ...but,
  };
}
const bound = (of: SettingsProposal) => proposalFingerprint(of, policy());

describe('what an approval of a change of settings is bound to', () => {
  it('is the layer, what it would hold, the revision before it and the rules, however they are written down', () => {
    const one = bound(proposal());
    expect(bound(proposal({ settings: { runner: 'b', model: 'a' } }))).toBe(one);
    const others: Partial<SettingsProposal>[] = [
      { settings: { model: 'a' } },
      { settings: { model: 'a', runner: 'c' } },
      { baseNumber: 4 },
      { workflowId: 'w1' },
      { environmentId: 'e2' },
    ];
    for (const other of others) expect(bound(proposal(other))).not.toBe(one);
    const asked = policy({ approvals: [{ role: 'lead', count: 2 }] });
    expect(proposalFingerprint(proposal(), asked)).not.toBe(one);
  });

  it('is not who asked, when, why or who approved meanwhile', () => {
    const later = { requestedBy: 'U9', reason: 'x', requestedAt: afterNoon(1), expiresAt: afterNoon(2) };
    const given = [{ by: 'U1', role: 'lead' as const, fingerprint: 'f', at: NOON }];
    expect(bound(proposal({ ...later, approvals: given }))).toBe(bound(proposal()));
    expect(proposalFingerprint(proposal(), policy({ expireAfter: 1 }))).toBe(bound(proposal()));
  });
});

describe('an approval', () => {
  it('is kept with the role held at the click, once a person', () => {
    const once = approveProposal(proposal(), lead('U1'), 'f', NOON);
    expect(once.approvals).toEqual([{ by: 'U1', role: 'lead', fingerprint: 'f', at: NOON }]);
    expect(approveProposal(once, lead('U1'), 'f', afterNoon(1))).toBe(once);
    expect(approveProposal(once, lead('U1'), 'g', NOON).approvals).toHaveLength(2);
  });

  it('is never given by whoever asked', () => {
    expectRefused(
      refusalOf(() => approveProposal(proposal(), admin('UASKER'), 'f', NOON)),
      'own_request',
    );
  });

  it('is judged as one of a promotion is: bound to what is proposed now, by people who still may', () => {
    const now = proposal();
    const given = (by: string, role: 'lead' | 'admin', fingerprint = bound(now)) => ({
      by,
      role,
      fingerprint,
      at: NOON,
    });
    const approvals = [given('U1', 'lead'), given('U2', 'lead', 'of something else'), given('UASKER', 'admin')];
    const approved = proposal({ approvals });
    const facts = (people = [lead('U1'), lead('U2'), admin('UASKER')]) => ({
      ...{ promotion: approved, fingerprint: bound(now), approvers: asMap(people) },
      ...{ target: STAGING, workflow: { department: null } },
    });
    expect(countingApprovals(facts()).map(({ approval }) => approval.by)).toEqual(['U1']);
    expect(judgeApprovals(facts()).state).toBe('met');
    expect(judgeApprovals(facts([member('U1')])).state).toBe('pending');
    expect(judgeApprovals(facts([lead('U1', { departments: ['growth'] })])).state).toBe('pending');
  });
});

describe('a proposed change ends', () => {
  it('once, whatever the way', () => {
    const end = { by: 'U1', reason: 'no', at: NOON };
    for (const status of ['applied', 'rejected', 'cancelled', 'expired', 'stale'] as const) {
      const closed = closeProposal(proposal(), status, end);
      expect(closed).toMatchObject({ status, closedBy: 'U1', closeReason: 'no', closedAt: NOON });
      expectRefused(
        refusalOf(() => closeProposal(closed, 'applied', end)),
        'already_decided',
      );
      expectRefused(
        refusalOf(() => approveProposal(closed, lead('U2'), 'f', NOON)),
        'already_decided',
      );
    }
  });

  it('by itself when its time is over, or another revision came', () => {
    expect(isProposalDue(proposal(), afterNoon(DAY - 1))).toBe(false);
    expect(isProposalDue(proposal(), afterNoon(DAY))).toBe(true);
    expect(isProposalDue(proposal({ status: 'applied' }), afterNoon(DAY))).toBe(false);
    expect([isOvertaken(proposal(), { number: 3 }), isOvertaken(proposal(), { number: 4 })]).toEqual([false, true]);
    expect([isOvertaken(proposal({ baseNumber: 0 }), null), isOvertaken(proposal(), null)]).toEqual([false, true]);
  });
});

describe('what the file gives', () => {
  const now: { settings: Settings; managed: (keyof Settings)[] } = {
    settings: { model: 'file', variables: { A: 1, B: 2 }, runner: 'mine' },
    managed: ['model', 'variables'],
  };

  it('is refused to be another, by name; the same in another order is the same', () => {
    const refusal = refusalOf(() => refuseManaged(now, { model: 'x', variables: { A: 1 } }, 'staging'));
    expectRefused(refusal, 'managed_by_file');
    expect(refusal.userMessage).toContain('model, variables of staging are given by towpath.yaml');
    expect(() => refuseManaged(now, { variables: { B: 2, A: 1 }, runner: 'x' }, 'staging')).not.toThrow();
    expect(() => refuseManaged(null, { model: 'x' }, 'staging')).not.toThrow();
  });

  it('stays whatever is wanted of the rest', () => {
    expect(keepManaged(now, { runner: 'x' })).toEqual({ model: 'file', variables: { A: 1, B: 2 }, runner: 'x' });
    expect(keepManaged(now, {})).toEqual({ model: 'file', variables: { A: 1, B: 2 } });
    expect(keepManaged({ settings: {}, managed: ['model'] }, { model: 'x' })).toEqual({});
    expect(keepManaged(null, { model: 'x' })).toEqual({ model: 'x' });
    expect(sameSettings({ variables: { A: 1, B: 2 } }, { variables: { B: 2, A: 1 } })).toBe(true);
  });
});

describe('who may', () => {
  const support = workflow({ department: 'support' });

  it('ask: admins for what all get, leads of the department for one workflow', () => {
    const refused = (act: () => void) => expectRefused(refusalOf(act), 'not_permitted');
    assertCanChangeSettings(admin('U1'), null, STAGING);
    refused(() => assertCanChangeSettings(lead('U1'), null, STAGING));
    assertCanChangeSettings(lead('U1', { departments: ['support'] }), support, STAGING);
    refused(() => assertCanChangeSettings(lead('U1', { departments: ['growth'] }), support, STAGING));
    refused(() => assertCanChangeSettings(member('U1'), support, STAGING));
    refused(() => assertCanChangeSettings(person('U1', 'admin', { standing: 'deactivated' }), null, STAGING));
  });

  it('decide: whom the environment asks for, but not whoever asked; of what all get nobody of one department alone', () => {
    const decide =
      (
        who: ReturnType<typeof lead>,
        act: 'approve' | 'reject' = 'approve',
        of = { department: 'support' as string | null },
      ) =>
      () =>
        assertCanDecideChange(who, proposal(), STAGING, of, act);
    decide(lead('U1'))();
    decide(lead('U1', { departments: ['support'] }))();
    expectRefused(refusalOf(decide(member('U1'))), 'not_permitted');
    expectRefused(
      refusalOf(decide(lead('U1', { departments: ['support'] }), 'approve', { department: null })),
      'not_permitted',
    );
    expectRefused(refusalOf(decide(admin('UASKER'))), 'own_request');
    expectRefused(refusalOf(decide(admin('UASKER'), 'reject')), 'own_request');
  });

  it('cancel: whoever asked, and admins', () => {
    assertCanCancel(member('UASKER'), proposal(), 'this change of settings');
    assertCanCancel(admin('U1'), proposal(), 'this change of settings');
    const refusal = refusalOf(() => assertCanCancel(lead('U1'), proposal(), 'this change of settings'));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toContain('this change of settings');
  });
});
