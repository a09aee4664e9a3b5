import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { matchingOptions, movedTo, type PickerOption } from './picker-options.ts';

interface Props {
  id: string;
  label: string;
  options: readonly PickerOption[];
  selected: readonly string[];
  multiple: boolean;
  onPick: (id: string) => void;
  mark?: ((option: PickerOption) => ReactNode) | undefined;
}

/** More options than this get a box to search them by. */
const SEARCHED = 8;

/** The open list of a picker. It takes the focus; the arrows move, Enter picks, letters search. */
export function PickerList({ id, label, options, selected, multiple, onPick, mark }: Props) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      options.findIndex((option) => option.id === selected[0]),
    ),
  );
  const focus = useRef<HTMLInputElement & HTMLDivElement>(null);
  const shown = matchingOptions(options, typed);
  const active = shown[at];

  useEffect(() => focus.current?.focus(), []);
  useEffect(() => {
    // Braces: newer browsers return a promise here, which React would take for the clean-up.
    document.getElementById(`${id}-${active?.id}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active?.id]);

  const press = (event: KeyboardEvent) => {
    const next = movedTo(event.key, at, shown.length);
    if (next !== null) setAt(next);
    else if ((event.key === 'Enter' || (event.key === ' ' && options.length <= SEARCHED)) && active !== undefined)
      onPick(active.id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const list = {
    'aria-activedescendant': active === undefined ? undefined : `${id}-${active.id}`,
    onKeyDown: press,
    ref: focus,
  };
  return (
    <>
      {options.length > SEARCHED && (
        <input
          {...list}
          className="input popup-search"
          type="search"
          role="combobox"
          aria-expanded="true"
          aria-controls={id}
          aria-label="Search"
          placeholder="Search"
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setAt(0);
          }}
        />
      )}
      <div
        id={id}
        role="listbox"
        className="options"
        aria-label={label}
        aria-multiselectable={multiple || undefined}
        tabIndex={-1}
        {...(options.length > SEARCHED ? {} : list)}
      >
        {shown.length === 0 && <p className="options-none">Nothing matches.</p>}
        {shown.map((option, position) => (
          <Option
            key={option.id}
            id={`${id}-${option.id}`}
            option={option}
            heading={option.group !== shown[position - 1]?.group ? option.group : undefined}
            isActive={position === at}
            isSelected={selected.includes(option.id)}
            mark={mark}
            onPick={() => onPick(option.id)}
            onPoint={() => setAt(position)}
          />
        ))}
      </div>
    </>
  );
}

interface OptionProps {
  id: string;
  option: PickerOption;
  heading: string | undefined;
  isActive: boolean;
  isSelected: boolean;
  mark: Props['mark'];
  onPick: () => void;
  onPoint: () => void;
}

function Option({ id, option, heading, isActive, isSelected, mark, onPick, onPoint }: OptionProps) {
  return (
    <>
      {heading !== undefined && (
        <div className="options-heading" role="presentation">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the list has the focus and the keys (aria-activedescendant) */}
      <div
        id={id}
        role="option"
        className={isActive ? 'option option-active' : 'option'}
        aria-selected={isSelected}
        onClick={onPick}
        onPointerMove={onPoint}
      >
        {mark?.(option)}
        <span className="option-words">
          <span className="option-label">
            <bdi>{option.label}</bdi>
          </span>
          {option.description !== undefined && (
            <span className="option-more">
              <bdi>{option.description}</bdi>
            </span>
          )}
        </span>
        {isSelected && (
          <span className="tick" aria-hidden="true">
            ✓
          </span>
        )}
      </div>
    </>
  );
}
