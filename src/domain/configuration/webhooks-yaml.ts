import { z } from 'zod';
import { WEBHOOK_EVENT_TYPES, type WebhookEndpoint } from '../environment.ts';
import { closedObject } from './closed-object.ts';
import { yamlWebAddress } from './yaml-web-address.ts';

const REFERENCE = '${STAGING_WEBHOOK_SECRET}';
const webhook = closedObject({
  url: yamlWebAddress.describe('Where events are sent, by POST. https, unless allowPrivate is true.'),
  secret: z
    .string()
    .regex(/^\$\{[A-Z][A-Z0-9_]*\}$/, {
      error: `has to be a reference to a variable, such as ${REFERENCE}; the secret itself never stands in this file`,
    })
    .describe(`Names the variable that holds the signing secret: ${REFERENCE}.`),
  events: z
    .array(z.enum(WEBHOOK_EVENT_TYPES, { error: `has to be one of ${WEBHOOK_EVENT_TYPES.join(', ')}` }))
    .min(1, { error: 'is empty; leave it out to send every event' })
    .max(WEBHOOK_EVENT_TYPES.length)
    .optional()
    .describe('Which events are sent. Left out: every one.'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Whether the address may be on this machine or in a private network, and may use http.'),
});

/** Endpoints as `towpath.yaml` writes them, of an environment or of one workflow in it. Read, they name variables, never secrets. */
export const webhooksYaml = z
  .array(webhook)
  .max(20)
  .transform((held) =>
    held.map(({ url, secret, events = [], allowPrivate }): WebhookEndpoint => {
      return { url, secretVariable: secret.slice(2, -1), events, allowPrivate };
    }),
  );
