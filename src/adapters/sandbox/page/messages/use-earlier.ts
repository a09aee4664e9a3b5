import { useState } from 'react';
import type { SandboxMessage } from '../../protocol.ts';

const STEP = 100;

/** Draws the last hundred messages only, and a hundred more each time the person asks for earlier ones. */
export function useEarlier(messages: readonly SandboxMessage[]): {
  shown: readonly SandboxMessage[];
  hidden: number;
  showEarlier: () => void;
} {
  const [count, setCount] = useState(STEP);
  const shown = messages.slice(-count);
  return { shown, hidden: messages.length - shown.length, showEarlier: () => setCount(count + STEP) };
}
