import type { Environment, WebhookEndpoint } from '../environment.ts';
import type { Settings } from './settings.ts';

/**
 * Who is told of what happens to a workflow in an environment: the workflow's own endpoints there, in place of all the
 * environment's. None of its own and an empty list are two things: the one leaves it to the environment, the other tells nobody.
 *
 * @param own the workflow's layer; undefined where it has none
 */
export function webhooksTold(
  { webhooks }: Pick<Environment, 'webhooks'>,
  own: Pick<Settings, 'webhooks'> | undefined,
): readonly WebhookEndpoint[] {
  return own?.webhooks ?? webhooks;
}

/**
 * Endpoints in words: `ci.example.com (deployment.activated), hooks.example.com`. Never the whole address: those are for admins,
 * as they may say much.
 */
export function webhookWords(endpoints: readonly WebhookEndpoint[]): string {
  if (endpoints.length === 0) return 'nobody';
  return endpoints
    .map(({ url, events }) => `${new URL(url).host}${events.length === 0 ? '' : ` (${events.join(', ')})`}`)
    .join(', ');
}
