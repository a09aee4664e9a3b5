import type { z } from 'zod';
import type { DiffSummary, VersionTag } from '../../../use-cases/views.ts';
import type { diffSummary, versionRef } from './schemas.ts';

export function presentVersion({ number, label }: Pick<VersionTag, 'number' | 'label'>): z.infer<typeof versionRef> {
  return { number, label };
}

export function presentDiff({ lines, more, functional, risk }: DiffSummary): z.infer<typeof diffSummary> {
  return { sentences: [...lines], more, functional, risk: { level: risk.level, reasons: [...risk.reasons] } };
}

export function presentDate(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

/** Without the keys whose value is undefined, as use cases want what was left out. */
export function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
