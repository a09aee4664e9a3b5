import type { SandboxCommand } from '../../../src/adapters/sandbox/protocol.ts';
import type { StandInChannel, StandInPerson } from '../../../src/adapters/sandbox/stand-in-options.ts';

export const testTeam = { id: 'T0CANAL', name: 'Canal Company', domain: 'canal' };

/** One of each kind of account that a rule looks at. */
export const testPeople: readonly StandInPerson[] = [
  { id: 'U0DEV', name: 'dev', realName: 'Dana Developer' },
  { id: 'U0LEE', name: 'lee', realName: 'Lee Lead' },
  { id: 'U0LIA', name: 'lia', realName: 'Lia Lead' },
  { id: 'U0ADA', name: 'ada', realName: 'Ada Admin', isAdmin: true },
  { id: 'U0OWN', name: 'own', realName: 'Olu Owner', isOwner: true },
  { id: 'U0ONCALL', name: 'oncall', realName: 'Onno Call' },
  { id: 'U0OTHER', name: 'other', realName: 'Otis Other' },
  { id: 'U0GUEST', name: 'guest', realName: 'Gus Guest', isRestricted: true },
  { id: 'U0GONE', name: 'gone', realName: 'Gone Gina', deleted: true },
  { id: 'U0ROBOT', name: 'robot', realName: 'Robot', isBot: true },
  { id: 'U0STRANGER', name: 'stranger', realName: 'Sam Stranger', teamId: 'T0ELSEWHERE' },
  { id: 'U0EMOJI', name: 'عادل', realName: 'عادل 🛶' },
];

export const testChannels: readonly StandInChannel[] = [
  { id: 'C0GENERAL', name: 'general', topic: 'Everything' },
  { id: 'C0STAGING', name: 'staging', topic: 'What goes to staging' },
  { id: 'C0PROD', name: 'production', topic: 'What goes to production' },
  { id: 'C0NOBOT', name: 'no-bots', topic: 'The bot was never invited', botIsMember: false },
  { id: 'C0OLD', name: 'old', isArchived: true },
  { id: 'C0SECRET', name: 'secret', isPrivate: true, botIsMember: false },
];

export const testCommands: readonly SandboxCommand[] = [
  { command: '/deploy', description: 'Put a version live in development', usageHint: 'WORKFLOW [VERSION]' },
  { command: '/promote', description: 'Ask for the next environment', usageHint: 'WORKFLOW ENV [REASON]' },
  { command: '/approve', description: 'Approve what is open', usageHint: 'WORKFLOW [ENV]' },
  { command: '/reject', description: 'Reject what is open', usageHint: 'WORKFLOW [ENV] REASON' },
  { command: '/rollback', description: 'Go back to what ran before', usageHint: 'WORKFLOW ENV [to VERSION] [REASON]' },
  { command: '/towpath', description: 'Everything else', usageHint: 'help' },
];
