import { SlackApiError } from './slack-api-error.ts';
import type { RateTier, WebApiMethod } from './web-api-method.ts';

interface Bucket {
  tokens: number;
  at: number;
}

/** Calls a minute, and how many may come at once. */
const LIMITS: Record<Exclude<RateTier, 'none'>, { perMinute: number; burst: number }> = {
  tier2: { perMinute: 20, burst: 20 },
  tier3: { perMinute: 50, burst: 50 },
  tier4: { perMinute: 100, burst: 100 },
  posting: { perMinute: 60, burst: 4 },
};

/** Slack's limits: a method in the whole workspace, and posting in each channel. Beyond them: 429 with `Retry-After`. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Counts a call, or throws `ratelimited`. */
  count(method: WebApiMethod, args: Record<string, unknown>): void {
    if (method.tier === 'none') return;
    const { perMinute, burst } = LIMITS[method.tier];
    const key = method.tier === 'posting' ? `${method.name} ${String(args['channel'])}` : method.name;
    const now = this.#clock();
    const before = this.#buckets.get(key) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, before.tokens + ((now - before.at) / 60_000) * perMinute);
    if (tokens < 1) {
      this.#buckets.set(key, { tokens, at: now });
      const seconds = Math.max(1, Math.ceil(((1 - tokens) / perMinute) * 60));
      throw new SlackApiError('ratelimited', { status: 429, headers: { 'retry-after': String(seconds) } });
    }
    this.#buckets.set(key, { tokens: tokens - 1, at: now });
  }
}
