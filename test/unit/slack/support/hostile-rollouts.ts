import fc from 'fast-check';
import type { RolloutReceiptView, RolloutView } from '../../../../src/use-cases/views.ts';
import {
  date,
  environment,
  hostileText,
  optionalDate,
  optionalText,
  possibleSteps,
  share,
  userId,
  version,
  waiting,
  workflow,
} from './hostile-views.ts';

const figure = fc.option(fc.integer({ min: 0, max: 10 ** 9 }));
const side = fc.record({
  runs: fc.nat(),
  errorRate: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  costPerRun: fc.option(fc.double({ min: 0, max: 10 ** 6, noNaN: true })),
  p50: figure,
  p95: figure,
});
export const hostileRollout: fc.Arbitrary<RolloutView> = fc.record({
  workflow,
  environment,
  candidate: fc.record({
    deploymentId: fc.uuid(),
    version,
    share,
    startedBy: userId,
    startedAt: date,
    promotionId: fc.option(fc.uuid()),
  }),
  active: fc.record({ deploymentId: fc.uuid(), version, since: date }),
  quarantined: fc.boolean(),
  scheduled: fc.boolean(),
  waiting,
  sinceApproved: fc.array(hostileText, { maxLength: 20 }),
  runs: fc.record({ since: date, candidate: side, active: side }),
});

export const hostileRolloutReceipt: fc.Arbitrary<RolloutReceiptView> = fc.record({
  act: fc.constantFrom('changed', 'finished', 'aborted', 'resumed'),
  changed: fc.boolean(),
  workflow,
  environment,
  deploymentId: fc.uuid(),
  version,
  promotionId: fc.option(fc.uuid()),
  share,
  steps: possibleSteps,
  waiting,
  before: fc.option(share),
  active: fc.record({ deploymentId: fc.uuid(), version }),
  superseded: fc.option(version),
  followed: waiting,
  by: userId,
  at: date,
  reason: optionalText,
  undoUntil: optionalDate,
});
