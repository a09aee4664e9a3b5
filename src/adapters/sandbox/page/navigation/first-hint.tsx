import { useState } from 'react';

const KEY = 'sandbox-hint-dismissed';

/** One line for a newcomer; gone for good once it is closed. */
export function FirstHint() {
  const [gone, setGone] = useState(isGone);
  if (gone) return null;
  const close = () => {
    setGone(true);
    try {
      localStorage.setItem(KEY, 'yes');
    } catch {
      // Without storage the hint comes back with the next reload.
    }
  };
  return (
    <p className="first-hint">
      <span>
        Try <code>/promote summarize-flow staging</code>, then switch to Lee and approve.
      </span>
      <button type="button" className="button button-icon" aria-label="Dismiss hint" onClick={close}>
        <span aria-hidden="true">✕</span>
      </button>
    </p>
  );
}

function isGone(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
