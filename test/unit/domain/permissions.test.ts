import { describe, expect, it } from 'vitest';
import {
  assertCanApprove,
  assertCanAsk,
  assertCanCancel,
  assertCanDeploy,
  assertCanLabel,
  assertCanPush,
  assertCanReject,
  assertCanRollBack,
  assertIsAdmin,
} from '../../../src/domain/permissions.ts';
import { type Person, ROLES, type SlackStanding } from '../../../src/domain/person.ts';
import { environment, policy, promotion, workflow } from '../../support/domain-builders.ts';
import { admin, lead, member, person } from '../../support/people.ts';
import { expectRefused, refusalOf } from '../../support/refusals.ts';

const STAGING = environment('staging', 1);
const FLOW = workflow({ department: 'support' });

/** What members may do in their own departments. */
const MEMBERS_ACTS: [string, (who: Person) => void][] = [
  ['push', (who) => assertCanPush(who, FLOW)],
  ['deploy', (who) => assertCanDeploy(who, FLOW)],
  ['ask', (who) => assertCanAsk(who, FLOW)],
  ['label', (who) => assertCanLabel(who, FLOW)],
  ['roll back', (who) => assertCanRollBack(who, FLOW, STAGING)],
];
const REVIEWS: [string, (who: Person, asked?: ReturnType<typeof promotion>) => void][] = [
  ['approve', (who, asked = promotion()) => assertCanApprove(who, asked, STAGING, FLOW)],
  ['reject', (who, asked = promotion()) => assertCanReject(who, asked, STAGING, FLOW)],
];
const OUTSIDERS: SlackStanding[] = ['guest', 'bot', 'foreign', 'deactivated'];

describe.each(MEMBERS_ACTS)('to %s', (_, act) => {
  it('takes a member or more', () => {
    for (const role of ROLES.slice(1)) expect(() => act(person('U1', role))).not.toThrow();
    const refusal = refusalOf(() => act(person('U1', 'viewer')));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toContain('takes the role member; yours is viewer');
  });

  it('takes the workflow’s department, or none, or an admin', () => {
    expect(() => act(member('U1', { departments: ['support'] }))).not.toThrow();
    expect(() => act(admin('U1', { departments: ['growth'] }))).not.toThrow();
    const refusal = refusalOf(() => act(member('U1', { departments: ['growth'] })));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toMatch(/belongs to support, and you are in growth\. Ask somebody in support/);
  });

  it.each(OUTSIDERS)('is refused to a %s, whatever the role', (standing) => {
    expectRefused(
      refusalOf(() => act(admin('U1', { standing }))),
      'not_permitted',
    );
  });
});

describe('a workflow without a department', () => {
  it('is out of reach of somebody who has one, and the refusal says who can change that', () => {
    const refusal = refusalOf(() => assertCanDeploy(member('U1', { departments: ['growth'] }), workflow()));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toContain('/towpath workflow summarize-flow department');
  });
});

describe('to push a new workflow', () => {
  it('takes a member', () => {
    expect(() => assertCanPush(member('U1', { departments: ['growth'] }), null)).not.toThrow();
    expectRefused(
      refusalOf(() => assertCanPush(person('U1', 'viewer'), null)),
      'not_permitted',
    );
  });
});

describe('to roll back', () => {
  it('takes the role that the environment asks for', () => {
    const strict = environment('production', 2, { policy: policy({ rollback: { role: 'lead' } }) });
    expect(() => assertCanRollBack(lead('U1'), FLOW, strict)).not.toThrow();
    expectRefused(
      refusalOf(() => assertCanRollBack(member('U1'), FLOW, strict)),
      'not_permitted',
    );
  });
});

describe('an admin’s act', () => {
  it('is an admin’s alone', () => {
    expect(() => assertIsAdmin(admin('U1'), 'give roles')).not.toThrow();
    expectRefused(
      refusalOf(() => assertIsAdmin(lead('U1'), 'give roles')),
      'not_permitted',
    );
    expectRefused(
      refusalOf(() => assertIsAdmin(admin('U1', { standing: 'deactivated' }), 'give roles')),
      'not_permitted',
    );
  });
});

describe.each(REVIEWS)('to %s', (_, act) => {
  it('takes somebody whom a rule wants', () => {
    expect(() => act(lead('U1'))).not.toThrow();
    expect(() => act(admin('U1'))).not.toThrow();
    const refusal = refusalOf(() => act(member('U1', { departments: ['support'] })));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toMatch(/staging is decided by 1 lead for support, and you are a member in support/);
  });

  it('is refused to whoever asked, an admin too', () => {
    expectRefused(
      refusalOf(() => act(admin('UASKER'))),
      'own_request',
    );
  });

  it('is refused to a lead of another department', () => {
    expectRefused(
      refusalOf(() => act(lead('U1', { departments: ['growth'] }))),
      'not_permitted',
    );
  });

  it.each(OUTSIDERS)('is refused to a %s', (standing) => {
    expectRefused(
      refusalOf(() => act(admin('U1', { standing }))),
      'not_permitted',
    );
  });
});

describe('to cancel', () => {
  it('takes whoever asked, whatever their role is now, or an admin', () => {
    expect(() => assertCanCancel(person('UASKER', 'viewer'), promotion())).not.toThrow();
    expect(() => assertCanCancel(admin('U1'), promotion())).not.toThrow();
    const refusal = refusalOf(() => assertCanCancel(lead('U1'), promotion()));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toContain('<@UASKER>');
  });

  it('is refused to an admin who was deactivated', () => {
    expectRefused(
      refusalOf(() => assertCanCancel(admin('U1', { standing: 'deactivated' }), promotion())),
      'not_permitted',
    );
  });
});

describe('a refusal for want of a role', () => {
  const able = ['U0LEE', 'U0LIV'];

  it('names who has it', () => {
    const approve = refusalOf(() => assertCanApprove(member('U1'), promotion(), STAGING, FLOW, able));
    expect(approve.userMessage).toContain('<@U0LEE> and <@U0LIV> can approve it.');
    const administer = refusalOf(() => assertIsAdmin(member('U1'), 'give roles', ['U0ADA']));
    expect(administer.userMessage).toContain('yours is member. <@U0ADA> can do it.');
  });

  it('to whoever asked names who could approve instead', () => {
    const asked = promotion({ requestedBy: 'U1' });
    const refusal = refusalOf(() => assertCanApprove(lead('U1'), asked, STAGING, FLOW, able));
    expectRefused(refusal, 'own_request');
    expect(refusal.userMessage).toContain('<@U0LEE> and <@U0LIV> can.');
  });

  it('stays short where many could', () => {
    const many = ['U1', 'U2', 'U3', 'U4', 'U5', 'U6'];
    const refusal = refusalOf(() => assertIsAdmin(member('U9'), 'give roles', many));
    expect(refusal.userMessage).toContain('<@U5> and others can do it.');
  });
});

describe('what applies to one workflow', () => {
  it('decides who reviews it', () => {
    const stricter = [{ workflows: [FLOW.slug], approvals: [{ people: ['U7'], count: 1 }] }];
    const staging = environment('staging', 1, { policy: policy({ approvals: [], stricter }) });
    const named = member('U7');
    expect(() => assertCanApprove(named, promotion(), staging, FLOW)).not.toThrow();
    expectRefused(
      refusalOf(() => assertCanApprove(named, promotion(), staging, workflow({ slug: 'other-flow' }))),
      'not_permitted',
    );
  });

  it('counts in the members of a user group, where they were looked up', () => {
    const staging = environment('staging', 1, { policy: policy({ approvals: [{ usergroup: 'S0TEAM', count: 1 }] }) });
    const groups = new Map([['S0TEAM', new Set(['U7'])]]);
    expect(() => assertCanApprove(member('U7'), promotion(), staging, { ...FLOW, groups })).not.toThrow();
    expectRefused(
      refusalOf(() => assertCanApprove(member('U7'), promotion(), staging, FLOW)),
      'not_permitted',
    );
  });

  it('tells the version’s author where they are barred', () => {
    const refusal = refusalOf(() => assertCanApprove(lead('U7'), promotion(), STAGING, { ...FLOW, barred: 'U7' }));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toMatch(/^You made this version, and a promotion to staging is decided by others\./);
  });
});
