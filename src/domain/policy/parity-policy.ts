import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { yamlWebAddress } from '../configuration/yaml-web-address.ts';
import { type PolicyPart, union } from './policy-part.ts';

/** Something that has to answer before a version comes to the environment: a web address, or `host:port`. */
export type Probe = { url: string } | { tcp: string };

/** That the target has everything that the version names. */
export interface ParityPolicy {
  probes: readonly Probe[];
}

/** How a probe is named where people read it. */
export function probeName(probe: Probe): string {
  return 'url' in probe ? probe.url : probe.tcp;
}

const address = z
  .string()
  .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\]):\d{1,5}$/, {
    error: 'has to be a host and a port, such as db.example.com:5432',
  })
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, { error: 'has a port that there is not' });

const probe = closedObject({
  url: yamlWebAddress.optional().describe('A web address that has to answer with a status below 500.'),
  tcp: address.optional().describe('host:port that has to take connections.'),
}).transform(({ url, tcp }, context): Probe => {
  if (url !== undefined && tcp === undefined) return { url };
  if (tcp !== undefined && url === undefined) return { tcp };
  context.addIssue({ code: 'custom', message: 'has to name exactly one of url or tcp' });
  return z.NEVER;
});
const keptProbe: z.ZodType<Probe> = z.union([z.looseObject({ url: z.string() }), z.looseObject({ tcp: z.string() })]);

export const parityPart: PolicyPart<ParityPolicy> = {
  yaml: closedObject({
    probes: z.array(probe).max(20).default([]).describe('What has to answer: { url: … } or { tcp: host:port }.'),
  }),
  kept: z.looseObject({ probes: z.array(keptProbe) }),
  stricter: (a, b) => ({ probes: union(a.probes, b.probes, (one) => JSON.stringify(one)) }),
};
