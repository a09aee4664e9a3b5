import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * Shows a `<dialog>` above everything for as long as it is mounted: the browser keeps the focus inside, makes the
 * rest inert, and gives the focus back at the end. Where the element that had it is gone, the message box gets it.
 */
export function useDialog(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      const lost = !(before instanceof HTMLElement) || !before.isConnected || before === document.body;
      if (lost && document.querySelector('dialog[open]') === null) document.getElementById('message-box')?.focus();
    };
  }, []);
  return dialog;
}
