import type { Logger } from 'pino';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { WebhookEndpoint } from '../../domain/environment.ts';
import { webhooksTold } from '../../domain/settings/webhooks-told.ts';
import { type Lookup, makeGuardedAgent, makeOpenAgent } from '../../outbound/guarded-agent.ts';
import type { Ports, Reading, WebhookDelivery } from '../../use-cases/ports.ts';
import { nextAttemptAt } from './next-attempt-at.ts';
import { type Attempt, sendWebhook } from './send-webhook.ts';

export interface DeliverWebhookOptions {
  ports: Pick<Ports, 'reading' | 'inTransaction'>;
  /** The value of a variable that holds an endpoint's secret. */
  secrets: (variable: string) => string | undefined;
  log: Logger;
  /** Milliseconds until an attempt without an answer counts as failed. */
  timeout?: number;
  /** How names are resolved, where not by the system. */
  lookup?: Lookup;
}

const Payload = z.object({ workspaceId: z.string(), deliveryId: z.string() });

/**
 * Returns the task `deliver-webhook`: one attempt to deliver one webhook, in the form of Standard Webhooks, recorded together
 * with what follows from it. An attempt that fails is no failure of the task; one that could not be recorded is, and then the
 * webhook goes out again under the same `webhook-id`.
 */
export function makeDeliverWebhook(options: DeliverWebhookOptions): (payload: unknown) => Promise<void> {
  const { ports, log, timeout = 10_000 } = options;
  const guarded = makeGuardedAgent(options.lookup);
  const open = makeOpenAgent();

  async function attempt(
    delivery: WebhookDelivery,
    endpoint: WebhookEndpoint | undefined,
    now: Date,
  ): Promise<Attempt> {
    const request = prepare(delivery, endpoint, options.secrets, now);
    if (typeof request === 'string')
      return { status: null, durationMs: 0, decision: { kind: 'give-up', error: request } };
    return sendWebhook(request.url, request.message, {
      agent: endpoint?.allowPrivate === true ? open : guarded,
      timeout,
    });
  }

  return async (payload) => {
    const { workspaceId, deliveryId } = Payload.parse(payload);
    const found = await ports.reading(workspaceId, async (tx) => {
      const delivery = await tx.webhooks.find(deliveryId);
      if (delivery?.status !== 'pending') return null;
      return { delivery, endpoint: await endpointOf(tx, delivery) };
    });
    if (found === null) return;
    const { delivery, endpoint } = found;
    await record(delivery, await attempt(delivery, endpoint, new Date()), ports, log);
  };
}

/** As it is configured now: undefined where the workflow is told of elsewhere by now, or nowhere. */
async function endpointOf(
  tx: Reading,
  { environmentId, workflowId, url: wanted }: WebhookDelivery,
): Promise<WebhookEndpoint | undefined> {
  const environment = await tx.environments.get(environmentId);
  const own = workflowId === null ? null : await tx.settings.layer(environmentId, workflowId);
  return webhooksTold(environment, own?.settings).find(({ url }) => url === wanted);
}

/** What to send where, or why it can't be sent at all. */
function prepare(
  delivery: WebhookDelivery,
  endpoint: WebhookEndpoint | undefined,
  secrets: DeliverWebhookOptions['secrets'],
  now: Date,
): { url: URL; message: { headers: Record<string, string>; body: string } } | string {
  if (endpoint === undefined) return 'This endpoint is no longer in the configuration.';
  const url = URL.parse(delivery.url);
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return 'The address is no http or https address.';
  if (url.protocol === 'http:' && !endpoint.allowPrivate)
    return 'Webhooks go out over https only, unless allowPrivate: true is set on them.';
  if (url.username !== '' || url.password !== '')
    return 'The address holds a user name or password, which are not sent. Take them out.';
  const secret = secrets(endpoint.secretVariable);
  if (secret === undefined || secret === '')
    return `The variable ${endpoint.secretVariable} with this webhook's secret is not set.`;
  const signature = sign(secret, delivery, now);
  if (signature === null)
    return `The secret in ${endpoint.secretVariable} is not in base64, with or without “whsec_” before it.`;
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Towpath',
    'webhook-id': delivery.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signature,
  };
  return { url, message: { headers, body: delivery.body } };
}

/** Null for a secret that can't be one. */
function sign(secret: string, { id, body }: WebhookDelivery, now: Date): string | null {
  try {
    return new Webhook(secret.trim()).sign(id, now, body);
  } catch {
    return null;
  }
}

async function record(
  delivery: WebhookDelivery,
  attempt: Attempt,
  ports: DeliverWebhookOptions['ports'],
  log: Logger,
): Promise<void> {
  const { status, durationMs, decision } = attempt;
  const result = await ports.inTransaction(delivery.workspaceId, async (tx) => {
    const error = decision.kind === 'delivered' ? null : decision.error;
    const next = whatNext(delivery, decision, tx.now);
    await tx.webhooks.recordAttempt(delivery.id, { status, error, durationMs }, next);
    return { webhook: delivery.id, type: delivery.type, status, error, durationMs, ...next };
  });
  log[decision.kind === 'delivered' ? 'debug' : 'warn'](result, 'a webhook was sent');
}

function whatNext(
  delivery: WebhookDelivery,
  decision: Attempt['decision'],
  now: Date,
): { retryAt: Date } | { status: 'delivered' | 'given_up' } {
  if (decision.kind === 'delivered') return { status: 'delivered' };
  if (decision.kind === 'give-up') return { status: 'given_up' };
  const { id, startedAt, attempts } = delivery;
  const retryAt = nextAttemptAt({ id, attempt: attempts + 1, startedAt, now, retryAfter: decision.retryAfter });
  return retryAt === null ? { status: 'given_up' } : { retryAt };
}
