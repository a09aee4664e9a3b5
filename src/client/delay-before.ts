const FIRST_MS = 500;
const MOST_MS = 30_000;

/**
 * Milliseconds to wait after so many failures in a row (1, 2, 3 …): doubling from half a second to at most half a minute,
 * of which a random part is left out, so that not all clients come back in the same moment. What the server asked for is
 * kept to, up to the same bound.
 */
export function delayBefore(
  failures: number,
  askedFor: number | null = null,
  random: () => number = Math.random,
): number {
  const doubled = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  const spread = doubled * (0.5 + random() / 2);
  return Math.min(MOST_MS, Math.max(spread, (askedFor ?? 0) * (1 + random() / 10)));
}
