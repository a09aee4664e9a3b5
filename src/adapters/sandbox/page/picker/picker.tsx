import { type ReactNode, useId } from 'react';
import { type Popup, usePopup } from '../use-popup.ts';
import { PickerList } from './picker-list.tsx';
import type { PickerOption } from './picker-options.ts';

export interface PickerProps {
  options: readonly PickerOption[];
  selected: readonly string[];
  /** Called with everything that is selected after the pick. */
  onPick: (ids: string[]) => void;
  /** What the closed picker shows; a placeholder where nothing is selected. */
  children: ReactNode;
  multiple?: boolean;
  most?: number | undefined;
  busy?: boolean;
  className?: string;
  label?: string | undefined;
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  /** Draws what stands before an option's words. */
  mark?: (option: PickerOption) => ReactNode;
}

/** A select whose list is drawn by the page: a button that opens a list one can search and walk by keyboard. */
export function Picker(props: PickerProps) {
  const popup: Popup<HTMLButtonElement> = usePopup();
  const list = useId();
  const pick = (id: string) => {
    props.onPick(props.multiple === true ? toggled(props.selected, id, props.most) : [id]);
    if (props.multiple !== true) popup.close();
  };
  return (
    <>
      <button
        ref={popup.anchor}
        type="button"
        role="combobox"
        className={props.className ?? 'select'}
        aria-haspopup="listbox"
        aria-expanded={popup.isOpen}
        aria-controls={popup.isOpen ? list : undefined}
        aria-label={props.label}
        aria-labelledby={props.labelledBy}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        aria-busy={props.busy}
        onClick={popup.open}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          popup.open();
        }}
      >
        {props.children}
        <span className="chevron" aria-hidden="true" />
      </button>
      {popup.isOpen && (
        <div ref={popup.panel} popover="auto" className="popup">
          <PickerList
            id={list}
            options={props.options}
            selected={props.selected}
            multiple={props.multiple === true}
            label={props.label ?? 'Options'}
            onPick={pick}
            mark={props.mark}
          />
        </div>
      )}
    </>
  );
}

function toggled(selected: readonly string[], id: string, most = Number.POSITIVE_INFINITY): string[] {
  if (selected.includes(id)) return selected.filter((other) => other !== id);
  return selected.length >= most ? [...selected] : [...selected, id];
}
