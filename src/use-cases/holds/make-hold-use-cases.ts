import type { Ports } from '../ports.ts';
import type { HoldUseCases } from './hold-use-cases.ts';

/** Locks, freezes, checklists, and why something waits. */
export function makeHoldUseCases(_ports: Ports): HoldUseCases {
  const missing = () => Promise.reject(new Error('This is not there yet.'));
  return {
    lock: missing,
    unlock: missing,
    freeze: missing,
    unfreeze: missing,
    listHolds: missing,
    tickItem: missing,
    untickItem: missing,
    explainPromotion: missing,
    judgeDue: missing,
  };
}
