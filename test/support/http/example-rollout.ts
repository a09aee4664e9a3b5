import type { RolloutReceiptView, RolloutView } from '../../../src/use-cases/views.ts';

const NOW = new Date('2026-03-01T10:00:00.000Z');
const workflow = { id: 'w1', slug: 'summarize-flow', department: 'support' };
const environment = { id: 'e2', name: 'staging', badge: '' };
const version = { id: 'v2', number: 2, label: 'add-urgency-classifier', author: 'U0DEV' };
const older = { id: 'v1', number: 1, label: null, author: 'U0DEV' };
const side = { runs: 4, errorRate: 0.25, costPerRun: 0.125, p50: 80, p95: null };
export const exampleRollout: RolloutView = {
  ...{
    workflow,
    environment,
    quarantined: false,
    scheduled: false,
    waiting: { version, canary: 500 },
    sinceApproved: ['staging: the model is another'],
  },
  candidate: {
    ...{
      deploymentId: 'd2',
      version,
      share: 50,
      startedBy: 'U0LEE',
      startedAt: NOW,
      promotionId: '0190a0b0-0000-7000-8000-000000000001',
    },
  },
  active: { deploymentId: 'd1', version: older, since: NOW },
  runs: { since: NOW, candidate: side, active: side },
};
export const exampleRolloutReceipt: RolloutReceiptView = {
  ...{ act: 'changed', changed: true, workflow, environment, deploymentId: 'd2', version },
  ...{
    promotionId: '0190a0b0-0000-7000-8000-000000000001',
    share: 2_500,
    before: 50,
    active: { deploymentId: 'd1', version: older },
  },
  ...{
    superseded: null,
    followed: { version: older, canary: null },
    steps: 'all',
    waiting: null,
    by: 'U0LEE',
    at: NOW,
    reason: 'It goes well',
    undoUntil: null,
  },
};
