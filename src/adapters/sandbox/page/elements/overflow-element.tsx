import type { Overflow } from '@slack/types';
import { type KeyboardEvent, useEffect } from 'react';
import { movedTo } from '../picker/picker-options.ts';
import { PlainText } from '../text/mrkdwn-text.tsx';
import { isSafeLink } from '../text/mrkdwn-token.ts';
import { usePopup } from '../use-popup.ts';
import { type ElementProps, useElement } from './block-form-context.ts';

/** The "…" menu: what is chosen goes to the bot at once and leaves no mark. */
export function OverflowElement(props: ElementProps<Overflow>) {
  const { choose, busy } = useElement(props);
  const { anchor, panel, isOpen, open, close } = usePopup<HTMLButtonElement>();
  useEffect(() => {
    if (isOpen) panel.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  }, [isOpen, panel]);
  const pick = (option: Overflow['options'][number]) => {
    close();
    if (option.url !== undefined && isSafeLink(option.url))
      globalThis.open(option.url, '_blank', 'noopener,noreferrer');
    void choose({ selected_option: option });
  };
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="button button-icon"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-busy={busy}
        onClick={open}
      >
        <span aria-hidden="true">⋯</span>
      </button>
      {isOpen && (
        <div ref={panel} popover="auto" className="popup" role="menu" onKeyDown={walk}>
          {props.element.options.map((option) => (
            <button
              key={option.value ?? option.text.text}
              type="button"
              role="menuitem"
              className="option"
              onClick={() => pick(option)}
            >
              <span className="option-words">
                <span className="option-label">
                  <PlainText text={option.text.text} />
                </span>
                {option.description !== undefined && <span className="option-more">{option.description.text}</span>}
              </span>
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const next = movedTo(event.key, items.indexOf(document.activeElement as HTMLElement), items.length);
  if (next === null) return;
  event.preventDefault();
  items[next]?.focus();
}
