import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** A popup in the browser's top layer, placed beside its anchor and kept inside the window. */
export interface Popup<Anchor extends HTMLElement> {
  anchor: RefObject<Anchor | null>;
  panel: RefObject<HTMLDivElement | null>;
  isOpen: boolean;
  open: () => void;
  close: () => void;
}

const GAP = 4;
const EDGE = 8;

/** Opens below the anchor, or above it where there is more room; a click elsewhere or Escape closes it. */
export function usePopup<Anchor extends HTMLElement>(): Popup<Anchor> {
  const anchor = useRef<Anchor>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  const open = useCallback(() => setOpen(true), []);
  const close = useCallback(() => {
    setOpen(false);
    anchor.current?.focus();
  }, []);

  // Before any other effect: what is not shown yet can't take the focus.
  useLayoutEffect(() => {
    const element = panel.current;
    if (!isOpen || element === null) return undefined;
    element.showPopover();
    const place = () => {
      if (anchor.current !== null) placeBeside(element, anchor.current);
    };
    place();
    // "auto" popovers are closed by the browser; the page follows.
    const follow = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') setOpen(false);
    };
    element.addEventListener('toggle', follow);
    addEventListener('resize', place);
    addEventListener('scroll', place, true);
    return () => {
      element.removeEventListener('toggle', follow);
      removeEventListener('resize', place);
      removeEventListener('scroll', place, true);
    };
  }, [isOpen]);
  return { anchor, panel, isOpen, open, close };
}

function placeBeside(panel: HTMLElement, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const below = innerHeight - box.bottom - GAP - EDGE;
  const above = box.top - GAP - EDGE;
  const wanted = Math.min(panel.scrollHeight + 2, 360);
  const up = below < wanted && above > below;
  panel.style.minWidth = `${box.width}px`;
  panel.style.maxHeight = `${Math.max(120, Math.min(360, up ? above : below))}px`;
  const left = Math.min(box.left, innerWidth - panel.offsetWidth - EDGE);
  panel.style.left = `${Math.max(EDGE, left)}px`;
  panel.style.top = up ? `${Math.max(EDGE, box.top - GAP - panel.offsetHeight)}px` : `${box.bottom + GAP}px`;
}
