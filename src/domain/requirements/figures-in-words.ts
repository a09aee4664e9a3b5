/** `96%`, `96.25%`. Rounded down, so that what misses a minimum never looks as if it reached it; `up` for what has a maximum. */
export function percentText(rate: number, rounded: 'down' | 'up' = 'down'): string {
  // A rate such as 0.29 is a hair below itself times 10000.
  const hundredths = rate * 10_000;
  const whole = rounded === 'down' ? Math.floor(hundredths + 1e-6) : Math.ceil(hundredths - 1e-6);
  return `${whole / 100}%`;
}

/** `$0.031`: three digits that say something, and always cents. */
export function dollarText(dollars: number): string {
  const digits = dollars === 0 || dollars >= 1 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(dollars)));
  const text = dollars.toFixed(digits);
  const [whole, cents = ''] = text.split('.');
  return `$${whole}.${cents.replace(/0+$/, '').padEnd(2, '0')}`;
}

const UNITS = [
  ['d', 24 * 60 * 60_000],
  ['h', 60 * 60_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `3 d 4 h`, `24 h`, `5 min`, `1 min 30 s`, `1.8 s`, `320 ms`: the largest unit and the next one, cut off. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${Math.floor(milliseconds / 100) / 10} s`;
  let left = milliseconds;
  // A day is said as hours, as people ask for it, and days begin at two.
  const units = milliseconds < 48 * 60 * 60_000 ? UNITS.slice(1) : UNITS;
  const counts = units.map(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return { unit, count };
  });
  const largest = counts.findIndex(({ count }) => count > 0);
  return counts
    .slice(largest, largest + 2)
    .flatMap(({ unit, count }) => (count === 0 ? [] : [`${count} ${unit}`]))
    .join(' ');
}
