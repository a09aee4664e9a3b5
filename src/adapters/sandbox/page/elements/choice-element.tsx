import type { Checkboxes, Option, RadioButtons } from '@slack/types';
import { useId } from 'react';
import { TextObject } from '../text/text-object.tsx';
import { type ElementProps, useElement } from './block-form-context.ts';

/** Radio buttons or checkboxes. */
export function ChoiceElement(props: ElementProps<RadioButtons | Checkboxes>) {
  const { element, labelledBy, describedBy } = props;
  const { chosen, choose } = useElement(props);
  const name = useId();
  const single = element.type === 'radio_buttons';
  const held = (single ? [chosen['selected_option']] : chosen['selected_options']) as (Option | null)[];
  const isHeld = (option: Option) => held.some((other) => other?.value === option.value);
  const toggle = (option: Option) => {
    if (single) return choose({ selected_option: option });
    return choose({
      selected_options: element.options.filter((other) => (other === option ? !isHeld(other) : isHeld(other))),
    });
  };
  return (
    <fieldset
      className="choices"
      role={single ? 'radiogroup' : undefined}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
    >
      {element.options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type={single ? 'radio' : 'checkbox'}
            name={name}
            checked={isHeld(option)}
            onChange={() => void toggle(option)}
          />
          <span>
            <TextObject text={option.text} />
            {option.description !== undefined && <span className="hint">{option.description.text}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
