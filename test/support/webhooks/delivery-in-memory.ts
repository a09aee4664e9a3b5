import { pino } from 'pino';
import { expect } from 'vitest';
import { type DeliverWebhookOptions, makeDeliverWebhook } from '../../../src/adapters/webhooks/deliver-webhook.ts';
import type { Environment, WebhookEndpoint } from '../../../src/domain/environment.ts';
import type { Reading, Transaction, WebhookDelivery, WebhookWriter } from '../../../src/use-cases/ports.ts';

export const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
export const BODY =
  '{"type":"deployment.activated","timestamp":"2026-11-21T12:00:00.000Z","data":{"workflow":"réponse ✓"}}';

type Attempt = Parameters<WebhookWriter['recordAttempt']>[1];
type Next = Parameters<WebhookWriter['recordAttempt']>[2];

/** One delivery and its endpoint's settings, and the task that works on them. */
export interface DeliveryInMemory {
  delivery: WebhookDelivery;
  /** Null: no longer configured. */
  endpoint: WebhookEndpoint | null;
  recorded: [Attempt, Next][];
  deliver(): Promise<void>;
}

/** Just what the task needs of the ports, fulfilled as they promise: an attempt counts, an end is an end. */
export function deliveryTo(
  url: string,
  { allowPrivate = true, ...options }: Partial<DeliverWebhookOptions> & { allowPrivate?: boolean } = {},
): DeliveryInMemory {
  const now = new Date();
  const ids = { id: 'msg_1', workspaceId: 'T1', environmentId: 'e1', workflowId: 'w1' };
  const state: Omit<DeliveryInMemory, 'deliver'> = {
    delivery: {
      ...ids,
      url,
      type: 'deployment.activated',
      body: BODY,
      status: 'pending',
      attempts: 0,
      startedAt: now,
      createdAt: now,
    },
    endpoint: { url, secretVariable: 'HOOK_SECRET', events: [], allowPrivate },
    recorded: [],
  };
  const task = makeDeliverWebhook({
    ports: portsOf(state),
    secrets: (variable) => (variable === 'HOOK_SECRET' ? SECRET : undefined),
    log: pino({ level: 'silent' }),
    ...options,
  });
  return Object.assign(state, { deliver: () => task({ workspaceId: 'T1', deliveryId: 'msg_1' }) });
}

function portsOf(state: Omit<DeliveryInMemory, 'deliver'>): DeliverWebhookOptions['ports'] {
  const webhooks = {
    find: async (id: string) => (id === state.delivery.id ? state.delivery : null),
    recordAttempt: async (_id: string, attempt: Attempt, next: Next) => {
      state.recorded.push([attempt, next]);
      const attempts = state.delivery.attempts + 1;
      state.delivery = { ...state.delivery, attempts, ...('status' in next ? { status: next.status } : {}) };
    },
  };
  const environments = {
    get: async () => ({ webhooks: state.endpoint === null ? [] : [state.endpoint] }) as unknown as Environment,
  };
  const settings = { layer: async () => null };
  const context = () => ({ now: new Date(), webhooks, environments, settings });
  return {
    reading: (_workspace, work) => work(context() as unknown as Reading),
    inTransaction: (_workspace, work) => work(context() as unknown as Transaction),
  };
}

export const retried = (error: string, status: number | null = null): unknown => [
  { status, error, durationMs: expect.any(Number) },
  { retryAt: expect.any(Date) },
];
export const givenUp = (error: RegExp, status: number | null = null): unknown => [
  { status, error: expect.stringMatching(error), durationMs: expect.any(Number) },
  { status: 'given_up' },
];
