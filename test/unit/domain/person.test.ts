import { describe, expect, it } from 'vitest';
import {
  covers,
  effectiveRole,
  ROLES,
  type RoleSources,
  type SlackStanding,
  satisfies,
} from '../../../src/domain/person.ts';
import { admin, lead, member } from '../../support/people.ts';

const NOBODY: RoleSources = {
  standing: 'member',
  slackAdmin: false,
  fileRole: null,
  assignedRole: null,
  defaultRole: 'member',
  adminNamed: true,
};

describe('the role that counts now', () => {
  it('is the default role for somebody whom nobody names', () => {
    expect(effectiveRole(NOBODY)).toBe('member');
    expect(effectiveRole({ ...NOBODY, defaultRole: 'viewer' })).toBe('viewer');
  });

  it('is what the file says before what was assigned, also where the file says less', () => {
    expect(effectiveRole({ ...NOBODY, fileRole: 'member', assignedRole: 'admin' })).toBe('member');
    expect(effectiveRole({ ...NOBODY, assignedRole: 'lead' })).toBe('lead');
  });

  it('is admin for an admin of the Slack workspace only while no admin is named anywhere', () => {
    expect(effectiveRole({ ...NOBODY, slackAdmin: true, adminNamed: false })).toBe('admin');
    expect(effectiveRole({ ...NOBODY, slackAdmin: true, adminNamed: true })).toBe('member');
    expect(effectiveRole({ ...NOBODY, slackAdmin: true, adminNamed: false, assignedRole: 'viewer' })).toBe('viewer');
  });

  it.each<SlackStanding>(['guest', 'bot', 'foreign', 'deactivated'])(
    'is viewer for a %s, whatever names them',
    (standing) => {
      const named: RoleSources = {
        ...NOBODY,
        standing,
        fileRole: 'admin',
        assignedRole: 'admin',
        slackAdmin: true,
        adminNamed: false,
      };
      expect(effectiveRole(named)).toBe('viewer');
    },
  );
});

describe('roles', () => {
  it('are ordered: a role satisfies itself and every lower one, and no higher one', () => {
    for (const [i, held] of ROLES.entries()) {
      for (const [j, asked] of ROLES.entries()) expect(satisfies(held, asked)).toBe(i >= j);
    }
    expect(ROLES).toEqual(['viewer', 'member', 'lead', 'admin']);
  });
});

describe('departments', () => {
  it('of a person cover the workflows of these departments alone', () => {
    expect(covers(lead('U1', { departments: ['support', 'growth'] }), 'growth')).toBe(true);
    expect(covers(lead('U1', { departments: ['support'] }), 'growth')).toBe(false);
    expect(covers(lead('U1', { departments: ['support'] }), null)).toBe(false);
  });

  it('do not bound somebody who has none', () => {
    expect(covers(member('U1'), 'growth')).toBe(true);
    expect(covers(member('U1'), null)).toBe(true);
  });

  it('do not bound an admin', () => {
    expect(covers(admin('U1', { departments: ['support'] }), 'growth')).toBe(true);
  });
});
