import { type ReactNode, useState } from 'react';

const LONG_CHARACTERS = 1500;
const LONG_LINES = 24;

/** True for a text that would push everything else off the screen. */
export function isLong(text: string): boolean {
  return text.length > LONG_CHARACTERS || text.split('\n').length > LONG_LINES;
}

/** Shows the head of something long with a button for the rest; what is short is shown as it is. */
export function Clamped({ text, children }: { text: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  if (!isLong(text)) return children;
  return (
    <>
      <div className={open ? undefined : 'clamped'}>{children}</div>
      <button type="button" className="text-button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Show less' : 'Show more'}
      </button>
    </>
  );
}
