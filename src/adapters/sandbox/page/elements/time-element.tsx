import type { Datepicker, DateTimepicker, Timepicker } from '@slack/types';
import { type ElementProps, useElement } from './block-form-context.ts';

const FIELDS = {
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
} as const;
const TYPES = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' } as const;

/** A date, a time, or both, by the browser's own picker (the phone's, on a phone). */
export function TimeElement(props: ElementProps<Datepicker | Timepicker | DateTimepicker>) {
  const { element, labelledBy, describedBy, invalid } = props;
  const { chosen, choose } = useElement(props);
  const field = FIELDS[element.type];
  const held = chosen[field];
  const placeholder = 'placeholder' in element ? element.placeholder?.text : undefined;
  return (
    <input
      className="input input-time"
      type={TYPES[element.type]}
      value={typeof held === 'number' ? localOf(held) : ((held as string | null | undefined) ?? '')}
      aria-label={labelledBy === undefined ? (placeholder ?? 'Choose a date') : undefined}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      onChange={({ target: { value } }) => void choose({ [field]: readBack(element.type, value) })}
    />
  );
}

function readBack(type: keyof typeof TYPES, value: string): string | number | null {
  if (value === '') return null;
  return type === 'datetimepicker' ? Math.floor(new Date(value).getTime() / 1000) : value;
}

/** Seconds since 1970 as the local "2026-01-31T13:05" that the browser's input wants. */
function localOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
