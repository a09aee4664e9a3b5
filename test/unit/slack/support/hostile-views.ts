import fc from 'fast-check';
import type {
  ApprovalView,
  DeploymentReceiptView,
  DiffSummary,
  DiffView,
  HistoryEntry,
  HomeView,
  PromotionView,
  RollbackReceiptView,
  SettingsProposalsView,
  StatusView,
} from '../../../../src/use-cases/views.ts';
import { hostileTestsOnCard } from './hostile-tests.ts';
import { hostileText } from './hostile-texts.ts';

export { hostileText } from './hostile-texts.ts';

/*
 * View models as nobody sane would make them: texts of any length in any script, with everything that Slack reads as
 * markup, and lists of any length. What is made of them must still be taken by Slack.
 */

export const optionalText = fc.option(hostileText);
export const userId = fc.oneof(
  { arbitrary: fc.stringMatching(/^U[A-Z0-9]{5,10}$/), weight: 4 },
  { arbitrary: hostileText, weight: 1 },
);
export const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
export const optionalDate = fc.option(date);
const role = fc.constantFrom('viewer', 'member', 'lead', 'admin') as fc.Arbitrary<'lead'>;
export const version = fc.record({ id: fc.uuid(), number: fc.nat(), label: optionalText, author: userId });
export const environment = fc.record({ id: fc.uuid(), name: hostileText, badge: hostileText });
export const workflow = fc.record({ id: fc.uuid(), slug: hostileText, department: optionalText });
const long = { maxLength: 80 };

const diff: fc.Arbitrary<DiffSummary> = fc.record({
  lines: fc.array(hostileText, long),
  more: fc.integer({ min: 0, max: 5_000 }),
  functional: fc.boolean(),
  risk: fc.record({
    level: fc.constantFrom('none', 'low', 'medium', 'high'),
    reasons: fc.array(hostileText, { maxLength: 20 }),
  }),
});

const ridesAlong = fc.record({
  versions: fc.array(version, { minLength: 1, maxLength: 20 }),
  more: fc.nat(),
  share: fc.option(fc.record({ madeByLast: fc.nat(), total: fc.nat() })),
});
const earlierApproval = fc.record({ by: fc.array(userId, { minLength: 1, maxLength: 20 }), version, diff });

const moved = fc.subarray(['version', 'replaced', 'settings', 'policy'] as const);
const approval: fc.Arbitrary<ApprovalView> = fc.record({
  by: userId,
  role,
  at: date,
  counts: fc.boolean(),
  since: fc.record({ moved, lines: fc.array(hostileText, { maxLength: 10 }) }),
});

export const share = fc.integer({ min: 0, max: 10_000 });
export const possibleSteps = fc.constantFrom('all' as const, 'whole' as const, 'none' as const);
export const waiting = fc.option(fc.record({ version, canary: fc.option(share) }));
const deploymentStatus = fc.constantFrom('active', 'candidate', 'superseded', 'rolled_back', 'aborted');

const ended = fc.record({ by: optionalText, at: date, reason: optionalText });

export const requirement = fc.record(
  {
    kind: fc.constantFrom('approvals', 'soak', 'lock', 'freeze', 'checklist', 'schedule'),
    state: fc.constantFrom('met' as const, 'pending' as const, 'failed' as const),
    summary: hostileText,
    detail: hostileText,
    retryAt: date,
    people: fc.array(userId, { maxLength: 20 }),
  },
  { requiredKeys: ['kind', 'state', 'summary'] },
);

export const hostilePromotion: fc.Arbitrary<PromotionView> = fc.record({
  id: fc.uuid(),
  status: fc.constantFrom('open', 'deployed', 'rejected', 'cancelled', 'expired', 'stale'),
  fingerprint: fc.oneof(fc.constant('f'.repeat(64)), hostileText),
  workflow,
  version,
  from: environment,
  to: environment,
  replaces: fc.option(version),
  sourceMovedTo: fc.option(version),
  requestedBy: userId,
  reason: optionalText,
  canary: fc.option(share),
  requestedAt: date,
  expiresAt: date,
  closedAt: optionalDate,
  closedBy: fc.option(userId),
  closeReason: optionalText,
  diff,
  inEffect: fc.option(fc.record({ lines: fc.array(hostileText, long), more: fc.nat() })),
  ridesAlong: fc.option(ridesAlong),
  earlierApproval: fc.option(earlierApproval),
  requirements: fc.array(requirement, long),
  approvals: fc.array(approval, long),
  deployAt: fc.option(date),
  rejections: fc.array(fc.record({ by: userId, reason: hostileText, at: date, stands: fc.boolean() }), long),
  checklist: fc.array(fc.record({ item: hostileText, ticked: fc.option(fc.record({ by: userId, at: date })) }), long),
  locks: fc.array(
    fc.record({
      ...{ id: fc.uuid(), reason: hostileText, by: userId, at: date },
      until: fc.option(date),
      promotionId: fc.option(fc.uuid()),
    }),
    long,
  ),
  tests: hostileTestsOnCard,
  canApprove: fc.record({ userIds: fc.array(userId, long), more: fc.boolean() }),
  nobodyCanApprove: fc.boolean(),
  deployment: fc.option(
    fc.record({
      id: fc.uuid(),
      active: fc.boolean(),
      status: deploymentStatus,
      share: fc.option(share),
      ended: fc.option(ended),
      rollout: fc.option(
        fc.record({ steps: possibleSteps, waiting, sinceApproved: fc.array(hostileText, { maxLength: 20 }) }),
      ),
      beside: fc.option(version),
    }),
  ),
});

export const hostileProposal: fc.Arbitrary<SettingsProposalsView['proposals'][number]> = fc.record({
  id: fc.uuid(),
  status: fc.constant('open' as const),
  fingerprint: fc.oneof(fc.constant('f'.repeat(64)), hostileText),
  environment,
  workflow: fc.option(workflow),
  settings: fc.constant({}),
  baseNumber: fc.nat(),
  restores: fc.option(fc.nat()),
  requestedBy: userId,
  reason: optionalText,
  requestedAt: date,
  expiresAt: date,
  closedAt: optionalDate,
  closedBy: fc.option(userId),
  closeReason: optionalText,
  sentences: fc.array(hostileText, { minLength: 1, maxLength: 51 }),
  approvals: fc.array(fc.record({ by: userId, role, at: date, counts: fc.boolean() }), long),
  needs: hostileText,
  canApprove: fc.record({ userIds: fc.array(userId, long), more: fc.boolean() }),
});
export const hostileProposals: fc.Arbitrary<SettingsProposalsView> = fc.record({
  environment,
  proposals: fc.array(hostileProposal, { maxLength: 20 }),
  more: fc.boolean(),
});

export const hostileDeployment: fc.Arbitrary<DeploymentReceiptView> = fc.record({
  deployment: fc.record({
    id: fc.uuid(),
    deployedBy: userId,
    deployedAt: date,
    reason: optionalText,
    active: fc.boolean(),
  }),
  workflow,
  environment,
  version,
  replaced: fc.option(version),
  diff,
  next: fc.option(environment),
});

export const hostileRollback: fc.Arbitrary<RollbackReceiptView> = fc.record({
  rollbackId: fc.uuid(),
  workflow,
  environment,
  removed: version,
  restored: version,
  restoredRanFor: fc.integer({ min: -1, max: 10 ** 12 }),
  by: userId,
  at: date,
  reason: optionalText,
  lacks: optionalText,
  diff,
  undoneAt: optionalDate,
  undoUntil: optionalDate,
});

export const hostileDiff: fc.Arbitrary<DiffView> = fc.record({
  workflow,
  from: fc.option(version),
  to: version,
  summary: diff,
  inEffect: fc.option(fc.record({ environment: hostileText, lines: fc.array(hostileText, long), more: fc.nat() })),
  total: fc.nat(),
  changes: fc.array(fc.record({ class: hostileText, kind: hostileText, path: hostileText, sentence: hostileText }), {
    maxLength: 5,
  }),
  blocks: fc.array(
    fc.record({
      mark: fc.constantFrom('+', '-', '~', '>', ' '),
      depth: fc.integer({ min: 0, max: 50 }),
      text: hostileText,
      path: hostileText,
    }),
    { maxLength: 120 },
  ),
  code: fc.record({
    text: fc.array(hostileText, { maxLength: 60 }).map((lines) => lines.join('\n')),
    lines: fc.constant([]),
    truncated: fc.boolean(),
  }),
});

export const hostileStatus: fc.Arbitrary<StatusView> = fc.record({
  workflow: fc.record({ id: fc.uuid(), slug: hostileText, department: optionalText, ownerId: userId }),
  newest: fc.record({
    id: fc.uuid(),
    number: fc.nat(),
    label: optionalText,
    author: userId,
    stage: fc.constant('draft' as const),
  }),
  environments: fc.array(
    fc.record({
      environment,
      live: fc.option(fc.record({ version, deployedBy: userId, since: date })),
      candidate: fc.option(fc.record({ version, share, since: date })),
      open: fc.option(fc.record({ promotionId: fc.uuid(), version, requestedBy: userId })),
    }),
    { maxLength: 20 },
  ),
  quarantined: fc.array(version, { maxLength: 20 }),
});

export const hostileHistory: fc.Arbitrary<HistoryEntry> = fc.record({
  environment,
  version,
  status: deploymentStatus,
  share: fc.option(share),
  deployedBy: userId,
  deployedAt: date,
  endedAt: optionalDate,
  endedBy: fc.option(userId),
  promotionId: fc.option(fc.uuid()),
  approvals: fc.array(fc.record({ by: userId, role, at: date }), { maxLength: 20 }),
  changes: fc.array(hostileText, { maxLength: 20 }),
  reason: optionalText,
});

const line = fc.record({
  promotionId: fc.uuid(),
  workflow,
  version,
  to: environment,
  requestedBy: userId,
  requestedAt: date,
  card: fc.option(fc.record({ channel: fc.constant('C0STAGING'), ts: fc.constant('1700000000.000100') })),
});

export const hostileHome: fc.Arbitrary<HomeView> = fc.record({
  role,
  departments: fc.array(hostileText, { maxLength: 20 }),
  waitingForMe: fc.array(line, { maxLength: 40 }),
  askedByMe: fc.array(line, { maxLength: 40 }),
  live: fc.array(hostileStatus, { maxLength: 20 }),
  moreWorkflows: fc.boolean(),
});
