/**
 * Hands out Slack message timestamps: seconds with six decimals, unique and rising in the whole workspace,
 * even where the clock stands still or is moved back by a test. All are later than `after`.
 */
export function makeTimestamps(clock: () => number, after = '0.000000'): () => string {
  let last = Number(after.replace('.', ''));
  return () => {
    last = Math.max(Math.floor(clock()) * 1_000, last + 1);
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
}
