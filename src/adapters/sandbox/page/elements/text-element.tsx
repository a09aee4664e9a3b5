import type { EmailInput, NumberInput, PlainTextInput, URLInput } from '@slack/types';
import type { KeyboardEvent } from 'react';
import { type ElementProps, useElement } from './block-form-context.ts';

type TextInput = PlainTextInput | EmailInput | URLInput | NumberInput;

const TYPES = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
} as const;
const MODES = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'decimal',
} as const;

/** A line or a field of text. */
export function TextElement(props: ElementProps<TextInput>) {
  const { element, labelledBy, describedBy, invalid, dispatches } = props;
  const { chosen, hold, tell } = useElement(props);
  const value = (chosen['value'] as string | null | undefined) ?? '';
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const type = (typed: string) => {
    const next = { value: typed === '' ? null : typed };
    hold(next);
    if (dispatches && triggers.includes('on_character_entered')) void tell(next);
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || !dispatches || !triggers.includes('on_enter_pressed')) return;
    event.preventDefault();
    void tell({ value: value === '' ? null : value });
  };
  const shared = {
    className: 'input',
    value,
    dir: 'auto',
    placeholder: element.placeholder?.text,
    'aria-label': labelledBy === undefined ? (element.placeholder?.text ?? 'Text') : undefined,
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    'aria-invalid': invalid,
    'data-focus': element.focus_on_load === true ? '' : undefined,
    onKeyDown: press,
    onChange: ({ target }: { target: { value: string } }) => type(target.value),
  } as const;
  if (element.type === 'plain_text_input' && element.multiline === true) return <textarea {...shared} rows={5} />;
  return <input {...shared} type={TYPES[element.type]} inputMode={MODES[element.type]} autoComplete="off" />;
}
