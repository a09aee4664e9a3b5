import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { yamlDuration } from '../configuration/yaml-duration.ts';
import { yamlWebAddress } from '../configuration/yaml-web-address.ts';
import { type PolicyPart, union } from './policy-part.ts';

/** A system outside that is asked by a signed webhook when a promotion opens, and answers at the address that it is given. */
export interface GatePolicy {
  url: string;
  /** Names the variable that holds the signing secret. */
  secretVariable: string;
  /** Milliseconds that it has to answer in. */
  timeout: number;
  allowPrivate: boolean;
}

const gate = closedObject({
  url: yamlWebAddress.describe('Where it is asked, by POST. https, unless allowPrivate is true.'),
  secret: z
    .string()
    .regex(/^\$\{[A-Z][A-Z0-9_]*\}$/, {
      error: 'has to be a reference to a variable, such as ${GATE_SECRET}; the secret itself never stands in this file',
    })
    .describe('Names the variable that holds the signing secret: ${GATE_SECRET}.'),
  timeout: yamlDuration('10s', '30d').prefault('1h').describe('How long it has to answer. Left out: 1h.'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Whether the address may be on this machine or in a private network, and may use http.'),
})
  .refine(({ url, allowPrivate }) => allowPrivate || new URL(url).protocol === 'https:', {
    path: ['url'],
    error: 'has to use https; plain http is for addresses with allowPrivate: true',
  })
  .transform(({ secret, ...rest }): GatePolicy => ({ ...rest, secretVariable: secret.slice(2, -1) }));

const kept: z.ZodType<GatePolicy> = z.looseObject({
  ...{ url: z.string(), secretVariable: z.string() },
  ...{ timeout: z.number(), allowPrivate: z.boolean() },
});

export const gatesPart: PolicyPart<readonly GatePolicy[]> = {
  yaml: z
    .array(gate)
    .max(5)
    .refine((gates) => new Set(gates.map(({ url }) => url)).size === gates.length, { error: 'names a gate twice' }),
  kept: z.array(kept),
  // The same address is one gate, however long it has: what the environment says of it holds.
  stricter: (a, b) => union(a, b, ({ url }) => url),
};
