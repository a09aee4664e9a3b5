import { setTimeout as wait } from 'node:timers/promises';
import type { SlackStandIn } from './slack-stand-in.ts';

/** Waits until the bot has called nothing for `silenceMs`, and no longer than `patienceMs`. */
export async function untilSilent(
  { calls }: Pick<SlackStandIn, 'calls'>,
  { silenceMs, patienceMs }: { silenceMs: number; patienceMs: number },
): Promise<void> {
  const start = Date.now();
  for (;;) {
    const now = Date.now();
    const lastHeard = Math.max(start, calls.at(-1)?.at ?? 0);
    const left = Math.min(lastHeard + silenceMs, start + patienceMs) - now;
    if (left <= 0) return;
    await wait(left);
  }
}
