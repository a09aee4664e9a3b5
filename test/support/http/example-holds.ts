import type { ApiUseCases } from '../../../src/adapters/http/api/api-context.ts';
import type { FreezeView, LockView, WhyView } from '../../../src/use-cases/views.ts';

const NOW = new Date('2026-03-01T10:00:00.000Z');
const workflow = { id: 'w1', slug: 'summarize-flow', department: 'support' };
const environment = { id: 'e2', name: 'staging', badge: '' };
const version = { id: 'v2', number: 2, label: null, author: 'U0DEV' };
const held = { reason: 'We move the database', by: 'U0LEE', at: NOW };
const lock: LockView = { id: 'l1', workflow, environment: null, ...held, until: null, promotionId: 'p1' };
const freeze: FreezeView = { id: 'f1', environment, ...held, until: NOW };
const why: WhyView = {
  ...{ workflow, environment, live: version, version, bar: null, retryAt: NOW },
  promotion: { id: 'p1', requestedBy: 'U0DEV', requestedAt: NOW, deployAt: NOW, card: null },
  requirements: [
    { kind: 'lock', state: 'pending', summary: 'staging is locked', detail: 'moving', retryAt: NOW, people: ['U0LEE'] },
  ],
};
const decided = () => Promise.reject(new Error('Nobody ticks by the operator’s token.'));

/** Locks, freezes, checklists and reasons, as the API answers them. */
export const exampleHolds: Pick<
  ApiUseCases,
  'lock' | 'unlock' | 'freeze' | 'unfreeze' | 'listHolds' | 'tickItem' | 'untickItem' | 'explainPromotion'
> = {
  lock: async () => lock,
  unlock: async () => ({ ended: [lock] }),
  freeze: async () => freeze,
  unfreeze: async () => ({ ended: [freeze] }),
  listHolds: async () => ({
    locks: [lock],
    freezes: [freeze],
    windows: [{ environment, kind: 'deny', reason: 'weekend', until: null }],
  }),
  tickItem: decided,
  untickItem: decided,
  explainPromotion: async () => why,
};
