/**
 * Hands out Slack message timestamps: seconds with six decimals, unique and rising in the whole workspace,
 * even where the clock stands still or is moved back by a test.
 */
export function makeTimestamps(clock: () => number): () => string {
  let last = 0;
  return () => {
    last = Math.max(Math.floor(clock()) * 1_000, last + 1);
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
}
