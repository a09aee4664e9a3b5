import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { type Lookup, makeGuardedAgent, makeOpenAgent } from '../../outbound/guarded-agent.ts';
import type { GateCaller } from '../../use-cases/ports/gate-caller.ts';
import { sendWebhook } from './send-webhook.ts';

export interface GateCallerOptions {
  /** The value of a variable that holds a gate's secret. */
  secrets: (variable: string) => string | undefined;
  /** What tokens are made with. */
  key: Uint8Array;
  /** Where Towpath is reached, without a trailing slash; null while nobody said. */
  reachedAt: () => string | null;
  /** Milliseconds until an attempt without an answer counts as failed. */
  timeout?: number;
  /** How names are resolved, where not by the system. */
  lookup?: Lookup;
}

/** Asks gates in the form of Standard Webhooks, by the rules that webhooks go out by. */
export function makeGateCaller({ secrets, key, reachedAt, timeout = 10_000, lookup }: GateCallerOptions): GateCaller {
  const guarded = makeGuardedAgent(lookup);
  const open = makeOpenAgent();
  return {
    answerUrl() {
      const origin = reachedAt();
      return origin === null ? null : `${origin}/api/v1/gates/answer`;
    },
    tokenOf: (subject) => `tg_${createHmac('sha256', key).update(subject).digest('base64url')}`,
    async call({ url, secretVariable, allowPrivate }, { id, body }) {
      const final = (why: string) => ({ kind: 'failed' as const, why, isFinal: true });
      const address = URL.parse(url);
      if (address === null || address.username !== '' || address.password !== '')
        return final('Its address holds a user name or password, or is none. Correct it in the configuration.');
      if (address.protocol !== 'https:' && !(allowPrivate && address.protocol === 'http:'))
        return final('Gates are asked over https only, unless allowPrivate: true is set on them.');
      const now = new Date();
      const signature = sign(secrets(secretVariable), id, now, body);
      if (signature === null) return final(`The variable ${secretVariable} holds no signing secret in base64.`);
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Towpath',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signature,
      };
      const agent = allowPrivate ? open : guarded;
      const { decision } = await sendWebhook(address, { headers, body }, { agent, timeout });
      if (decision.kind === 'delivered') return { kind: 'asked' };
      return { kind: 'failed', why: decision.error, isFinal: decision.kind === 'give-up' };
    },
  };
}

/** Null for a secret that there is not, or that can't be one. */
function sign(secret: string | undefined, id: string, now: Date, body: string): string | null {
  if (secret === undefined || secret === '') return null;
  try {
    return new Webhook(secret.trim()).sign(id, now, body);
  } catch {
    return null;
  }
}
