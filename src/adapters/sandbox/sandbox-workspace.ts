import type { StandInChannel, StandInPerson, StandInTeam } from './stand-in-options.ts';

/** The workspace that a newcomer meets: who is there, where they talk, and what role each has in Towpath. */
export const SANDBOX_TEAM: StandInTeam = { id: 'T0SANDBOX', name: 'Sandbox', domain: 'sandbox' };

export interface SandboxMember extends StandInPerson {
  role: 'member' | 'lead' | 'admin';
  departments: readonly string[];
}

export const SANDBOX_PEOPLE: readonly SandboxMember[] = [
  {
    id: 'U0DANA',
    name: 'dana',
    realName: 'Dana Weber',
    title: 'developer, support',
    colour: '#2f6f4f',
    role: 'member',
    departments: ['support'],
  },
  {
    id: 'U0LEE',
    name: 'lee',
    realName: 'Lee Park',
    title: 'lead, support',
    colour: '#8a4b9e',
    role: 'lead',
    departments: ['support'],
  },
  {
    id: 'U0PRIYA',
    name: 'priya',
    realName: 'Priya Nair',
    title: 'lead, all departments',
    colour: '#b4552d',
    role: 'lead',
    departments: [],
  },
  {
    id: 'U0ADA',
    name: 'ada',
    realName: 'Ada Okafor',
    title: 'admin',
    colour: '#27548a',
    isAdmin: true,
    role: 'admin',
    departments: [],
  },
  {
    id: 'U0OMAR',
    name: 'omar',
    realName: 'Omar Haddad',
    title: 'on-call engineer',
    colour: '#7a6a1f',
    role: 'member',
    departments: [],
  },
  {
    id: 'U0GRACE',
    name: 'grace',
    realName: 'Grace Lin',
    title: 'developer, growth',
    colour: '#a03a5b',
    role: 'member',
    departments: ['growth'],
  },
];

export const SANDBOX_CHANNELS: readonly StandInChannel[] = [
  { id: 'C0RELEASES', name: 'releases', topic: 'What goes live, and who said yes' },
  { id: 'C0GENERAL', name: 'general', topic: 'Everything else' },
  { id: 'C0QUIET', name: 'quiet-corner', topic: 'Towpath was never invited here', botIsMember: false },
];

/** The configuration that stands in for a `towpath.yaml` where the newcomer has none. */
export const SANDBOX_CONFIGURATION = `departments: [support, growth]
environments:
  - { name: development, aliases: [dev] }
  - { name: staging, aliases: [stg], channel: C0RELEASES, approvals: [{ role: lead, count: 1 }] }
  - { name: production, aliases: [prod], channel: C0RELEASES, approvals: [{ role: lead, count: 1 }, { role: admin, count: 1 }] }
`;
