import type { z } from 'zod';
import type { SlackState } from '../state/slack-state.ts';
import { SlackApiError } from './slack-api-error.ts';

/** Slack's rate limit tiers, in calls a minute; `posting` is its own rule: about one message a second in each channel. */
export type RateTier = 'tier2' | 'tier3' | 'tier4' | 'posting' | 'none';

export interface WebApiMethod {
  name: string;
  /** The scope every call needs. Scopes that depend on the conversation are checked by `requireScope`. */
  scope: string | null;
  tier: RateTier;
  /** Which kind of token it takes. */
  token: 'bot' | 'app';
  /** The answer without `ok: true`. Throws `SlackApiError`. */
  answer(state: SlackState, args: Record<string, unknown>): Record<string, unknown>;
}

/** Describes one method; arguments that do not fit answer `invalid_arguments`, unknown ones are ignored as Slack ignores them. */
export function webApiMethod<S extends z.ZodObject>(
  name: string,
  {
    scope = null,
    tier,
    token = 'bot',
    args,
  }: { scope?: string | null; tier: RateTier; token?: 'bot' | 'app'; args: S },
  answer: (state: SlackState, args: z.infer<S>) => Record<string, unknown>,
): WebApiMethod {
  return {
    name,
    scope,
    tier,
    token,
    answer: (state, raw) => {
      const parsed = args.safeParse(raw);
      if (parsed.success) return answer(state, parsed.data);
      throw new SlackApiError('invalid_arguments', {
        messages: parsed.error.issues.map((issue) => complaint(issue, raw)),
      });
    },
  };
}

function complaint(issue: z.core.$ZodIssue, raw: Record<string, unknown>): string {
  const name = String(issue.path[0] ?? '');
  if (raw[name] === undefined) return `[ERROR] missing required field: ${name}`;
  return `[ERROR] ${issue.message} [json-pointer:/${issue.path.map(String).join('/')}]`;
}

/** Throws `missing_scope` unless the bot token was granted the scope. */
export function requireScope(state: SlackState, scope: string): void {
  if (state.settings.scopes.includes(scope)) return;
  throw new SlackApiError('missing_scope', { fields: { needed: scope, provided: state.settings.scopes.join(',') } });
}
