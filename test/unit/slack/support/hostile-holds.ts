import fc from 'fast-check';
import type { HoldsView, LockView, WhyView } from '../../../../src/use-cases/views.ts';
import { date, environment, hostileText, requirement, userId, version, workflow } from './hostile-views.ts';

/*
 * Locks, freezes and reasons for waiting as nobody sane would have them.
 */

const held = { reason: hostileText, by: userId, at: date, until: fc.option(date) };
const some = { maxLength: 40 };

export const hostileLock: fc.Arbitrary<LockView> = fc.record({
  ...{ id: fc.uuid(), ...held, promotionId: fc.option(fc.uuid()) },
  ...{ workflow: fc.option(workflow), environment: fc.option(environment) },
});

export const hostileHolds: fc.Arbitrary<HoldsView> = fc.record({
  locks: fc.array(hostileLock, some),
  freezes: fc.array(fc.record({ id: fc.uuid(), ...held, environment }), some),
  windows: fc.array(
    fc.record({
      ...{ environment, kind: fc.constantFrom('deny' as const, 'allow' as const) },
      ...{ reason: hostileText, until: fc.option(date) },
    }),
    some,
  ),
});

export const hostileWhy: fc.Arbitrary<WhyView> = fc.record({
  ...{ workflow, environment, live: fc.option(version), version: fc.option(version), bar: fc.option(hostileText) },
  promotion: fc.option(
    fc.record({
      ...{ id: fc.uuid(), requestedBy: userId, requestedAt: date, deployAt: fc.option(date) },
      card: fc.option(fc.constant({ channel: 'C0STAGING', ts: '1795255200.000100' })),
    }),
  ),
  requirements: fc.array(requirement, some),
  retryAt: fc.option(date),
});
