/** What a run of a suite may still spend, in US dollars. */
export interface Budget {
  /** Null: as much as it takes. */
  readonly limit: number | null;
  readonly spent: number;
  /** Cases that run and have not told their cost. */
  readonly running: number;
  /** The dearest case so far; null: none has ended. */
  readonly dearest: number | null;
  /** What a case may cost at most, as the settings say; null: unknown. */
  readonly mostPerCase: number | null;
  /** Cases that ended without saying what they cost. */
  readonly untold: number;
}

export function openBudget(limit: number | null, mostPerCase: number | null): Budget {
  return { limit, spent: 0, running: 0, dearest: null, mostPerCase, untold: 0 };
}

/**
 * Whether one more case may begin. What runs is counted with the most that a case may cost, else with the dearest so far; until
 * one has ended, a single one runs to find out. So the limit is passed by no more than the last cases cost above that.
 */
export function mayBegin(budget: Budget): 'yes' | 'wait' | 'spent' {
  const { limit, spent, running } = budget;
  if (limit === null) return 'yes';
  const assumed = budget.mostPerCase ?? budget.dearest;
  if (assumed === null) return running === 0 && spent < limit ? 'yes' : running > 0 ? 'wait' : 'spent';
  if (spent + assumed * (running + 1) <= limit && (spent < limit || limit === 0)) return 'yes';
  return running > 0 ? 'wait' : 'spent';
}

export function begun(budget: Budget): Budget {
  return { ...budget, running: budget.running + 1 };
}

/** @param cost undefined: the runner does not say; it counts as the most that a case may cost, if that is known */
export function ended(budget: Budget, cost: number | undefined): Budget {
  const counted = cost ?? budget.mostPerCase ?? 0;
  return {
    ...budget,
    spent: budget.spent + counted,
    running: budget.running - 1,
    dearest: Math.max(budget.dearest ?? 0, counted),
    untold: budget.untold + (cost === undefined ? 1 : 0),
  };
}
