import { makeExplainPromotion } from '../explain-promotion.ts';
import { makeJudgeDue } from '../judge-due.ts';
import type { Ports } from '../ports.ts';
import { makeTickItem, makeUntickItem } from '../tick-item.ts';
import { makeFreeze } from './freeze.ts';
import type { HoldUseCases } from './hold-use-cases.ts';
import { makeListHolds } from './list-holds.ts';
import { makeLock } from './lock.ts';
import { makeUnfreeze } from './unfreeze.ts';
import { makeUnlock } from './unlock.ts';

/** Locks, freezes, checklists, and why something waits. */
export function makeHoldUseCases(ports: Ports): HoldUseCases {
  return {
    lock: makeLock(ports),
    unlock: makeUnlock(ports),
    freeze: makeFreeze(ports),
    unfreeze: makeUnfreeze(ports),
    listHolds: makeListHolds(ports),
    tickItem: makeTickItem(ports),
    untickItem: makeUntickItem(ports),
    explainPromotion: makeExplainPromotion(ports),
    judgeDue: makeJudgeDue(ports),
  };
}
