/** What a variable or a secret may be called: `[A-Z][A-Z0-9_]*`. */
export const SETTING_NAME: RegExp = /^[A-Z][A-Z0-9_]{0,127}$/;

/** Where a duration is written as people do: `30s`, `1.5h`. Ambiguous units (months) are none. */
export const DURATION_TEXT: RegExp = /^\d{1,10}(?:\.\d{1,3})?(?:ms|s|m|h|d)$/;

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** Milliseconds of a text that `DURATION_TEXT` takes. */
export function durationOf(text: string): number {
  const unit = text.replace(/^[\d.]+/, '');
  const factor = UNITS.find(([name]) => name === unit)?.[1] ?? 1;
  return Math.round(Number.parseFloat(text) * factor);
}

/** The shortest text that `durationOf` reads as these milliseconds: `90000` is `90s`, `3600000` is `1h`. */
export function durationText(milliseconds: number): string {
  const [unit, factor] = UNITS.find(([, size]) => milliseconds >= size && milliseconds % size === 0) ?? ['ms', 1];
  return `${milliseconds / factor}${unit}`;
}
