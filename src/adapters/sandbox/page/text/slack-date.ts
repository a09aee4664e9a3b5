type Options = Intl.DateTimeFormatOptions;

const FORMATS: Record<string, Options> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: 'numeric', minute: '2-digit' },
  time_secs: { hour: 'numeric', minute: '2-digit', second: '2-digit' },
};

/** Where and in which language a date is read; both default to the browser's own. */
export interface DateReader {
  locale?: string;
  timeZone?: string;
}

/**
 * Fills the placeholders of Slack's date token (`{date_short} at {time}`), in the reader's own time zone.
 * The `_pretty` ones say "today", "yesterday" and "tomorrow"; an unknown placeholder stays as it is.
 */
export function formatSlackDate(seconds: number, format: string, now: Date, reader: DateReader = {}): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return format;
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'ago') return agoOf(date, now, reader);
    const pretty = name.endsWith('_pretty');
    const options = FORMATS[pretty ? name.slice(0, -'_pretty'.length) : name];
    if (options === undefined) return whole;
    return (pretty ? nearDay(date, now, reader) : null) ?? formatIn(date, options, reader);
  });
}

/** "Today", "Yesterday" or the long date: what separates the days of a conversation. */
export function dayName(date: Date, now: Date, reader: DateReader = {}): string {
  const near = nearDay(date, now, reader);
  if (near !== null) return near.charAt(0).toUpperCase() + near.slice(1);
  return formatIn(date, { weekday: 'long', month: 'long', day: 'numeric' }, reader);
}

function formatIn(date: Date, options: Options, { locale, timeZone }: DateReader): string {
  return new Intl.DateTimeFormat(locale, timeZone === undefined ? options : { ...options, timeZone }).format(date);
}

function nearDay(date: Date, now: Date, reader: DateReader): string | null {
  const days = dayNumber(date, reader) - dayNumber(now, reader);
  if (days === 0) return 'today';
  if (days === -1) return 'yesterday';
  return days === 1 ? 'tomorrow' : null;
}

/** Days since 1970 in the reader's time zone: 23:59 and 00:01 are different days there, not in UTC. */
function dayNumber(date: Date, { timeZone }: DateReader): number {
  const parts = formatIn(date, FORMATS['date_num'] ?? {}, {
    locale: 'en-CA',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return Date.parse(`${parts}T00:00:00Z`) / 86_400_000;
}

function agoOf(date: Date, now: Date, { locale }: DateReader): string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size < 60) return words.format(seconds, 'second');
  if (size < 3600) return words.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return words.format(Math.round(seconds / 3600), 'hour');
  return words.format(Math.round(seconds / 86_400), 'day');
}
