import { z } from 'zod';
import { RISK_LEVELS } from '../../domain/diff/risk.ts';
import type { Line } from './terminal.ts';

/** Parts of the API's answers that several commands read; fields that are not read are left open. */
export const versionSchema = z.object({ number: z.number().int(), label: z.string().nullable() });
export const diffSchema = z.object({
  sentences: z.array(z.string()),
  more: z.number().int(),
  risk: z.object({ level: z.enum(RISK_LEVELS), reasons: z.array(z.string()) }),
});

type NamedVersion = z.infer<typeof versionSchema>;

/** `v12 (label)` */
export function named({ number, label }: NamedVersion): string {
  return label === null ? `v${number}` : `v${number} (${label})`;
}

/** `@U0ADA`; those who are no person by what they are. */
export function who(userId: string): string {
  return /^[UW][A-Z0-9]+$/.test(userId) ? `@${userId}` : userId;
}

/** `@A, @B and @C` */
export function people(userIds: readonly string[], more = false): string {
  const names = [...userIds.map(who), ...(more ? ['others'] : [])];
  const last = names.pop() ?? 'nobody';
  return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

/** A moment to the minute, in UTC: `2026-03-01 10:00Z`. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`;
}

/** What changes, below a headline. */
export function changeLines({ sentences, more, risk }: z.infer<typeof diffSchema>): Line[] {
  const colour = { none: 'dim', low: 'green', medium: 'yellow', high: 'red' } as const;
  const reasons = risk.reasons.length === 0 ? '' : `, ${risk.reasons.join(', ')}`;
  return [
    [colour[risk.level], `  Risk: ${risk.level}${reasons}`],
    ...(sentences.length === 0 ? ['  Nothing differs.'] : sentences.map((sentence) => `  ${sentence}`)),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** `800 ms`, `2.4 s` */
export function milliseconds(count: number): string {
  return count < 1_000 ? `${count} ms` : `${(count / 1_000).toFixed(1)} s`;
}

/** `$0.0120`; a dash for what nobody said. */
export function dollars(cost: number | null): string {
  return cost === null ? '–' : `$${cost.toFixed(4)}`;
}

/** Columns of equal width, two spaces apart; the last is not padded. */
export function table(rows: readonly (readonly string[])[], indent = ''): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) => `${indent}${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
}

/** One page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), cursor: z.string().nullable() });
}

/** Says that there is more, below a page. */
export function moreLines(cursor: string | null): Line[] {
  return cursor === null ? [] : [['dim', `There is more: add --cursor ${cursor}`]];
}
