import { RefusedError } from '../../domain/refused-error.ts';
import { parsePeriod, parseSchedule } from '../../domain/schedule.ts';
import { UsageError } from './terminal.ts';

/** A moment as it is typed on this machine, in its time zone: `monday 09:00`, `in 2h`. ISO 8601, UTC. @throws UsageError */
export function momentOfTyped(typed: string, option: string): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  try {
    return parseSchedule(typed, { now: new Date(), timeZone }).toISOString();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    throw new UsageError(`${option}: ${error.userMessage.replaceAll('`', '')}`);
  }
}

/** A length of time as the API takes it: `2h`, `90m`, `1d 12h`. @throws UsageError */
export function periodOfTyped(typed: string, option: string): string {
  const ms = parsePeriod(typed);
  if (ms === null)
    throw new UsageError(`${option} “${typed}” is no length of time. Write one such as 2h, 90m or "1d 12h".`);
  return `${ms}ms`;
}

/** When something is to end by itself, of two options of which one is enough. @throws UsageError */
export function endOfTyped({ until, for: lasts }: { until?: string; for?: string }): { until?: string; for?: string } {
  if (until !== undefined && lasts !== undefined) throw new UsageError('Give --until or --for, not both.');
  if (until !== undefined) return { until: momentOfTyped(until, '--until') };
  return lasts === undefined ? {} : { for: periodOfTyped(lasts, '--for') };
}
