import type { RunAnswer } from './runners.ts';

/** A run that is asked for. */
export interface NewExecution {
  readonly id: string;
  readonly environmentId: string;
  /** Slug. */
  readonly workflow: string;
  readonly version: number | null;
  /** How many of the workflow may go on there at a time. */
  readonly concurrency: number;
  /** US dollars that it may cost; null: as much as it takes. */
  readonly mostCost: number | null;
  /** US dollars that all runs of the workflow may cost there in a day (UTC); null: as much as they take. */
  readonly costPerDay: number | null;
  /** Milliseconds that it may take once it has begun. */
  readonly timeLimitMs: number;
  /** JSON for an agent; null: Towpath runs it itself. */
  readonly message: string | null;
}

/** What an agent made of a run. */
export type WorkResult = { readonly answer: Omit<RunAnswer, 'latencyMs'> } | { readonly error: string };

/** A run that an agent has taken. */
export interface Work {
  readonly id: string;
  /** JSON. */
  readonly message: string;
  /** An answer that comes later is not taken. */
  readonly until: Date;
}

/**
 * What came of asking for a place. `left`: US dollars that are left of the day for it, null where the day has no limit. `full`: no
 * place is free; `costly`: one is, but what goes on already may cost the rest of the day; `spent`: the day has no more.
 */
export type Placing =
  | { readonly state: 'taken'; readonly left: number | null }
  | { readonly state: 'full' | 'costly' | 'spent' };

/** How a run goes. */
export interface ExecutionState {
  readonly state: 'waiting' | 'leased' | 'done' | 'failed' | 'gone';
  readonly agent: string | null;
  /** Of one that waits: as `Placing`. */
  readonly money: 'costly' | 'spent' | null;
  /** What an agent answered. */
  readonly result: WorkResult | null;
  /** Whoever took it has had its time. */
  readonly isLate: boolean;
  /** Milliseconds from its being taken until now; 0: it is not. */
  readonly heldMs: number;
}

/** The agents that an environment's runs are given to. */
export interface AgentsThere {
  /** Those registered whose tokens still let them in. */
  readonly registered: number;
  /** Of these, those that said in the last two minutes that they are there. */
  readonly present: number;
}

export interface ExecutionReader {
  agents(environmentId: string): Promise<AgentsThere>;
  /** Whether an agent of the environment would find anything to take. */
  hasWork(environmentId: string): Promise<boolean>;
  /** Whether the workflow's runs of today (UTC) have cost so many US dollars there, as far as they told. */
  isSpent(environmentId: string, workflow: string, costPerDay: number): Promise<boolean>;
}

export interface ExecutionWriter {
  /** Adds one that waits. False: `most` of its environment wait already. */
  add(execution: NewExecution, most: number): Promise<boolean>;
  /**
   * Gives one that waits a place for so many milliseconds, where those before it leave one, and those that go on money of its day.
   * Counted under a lock of its environment, so over all processes. Says also that somebody waits for it.
   */
  takePlace(id: string, environmentId: string, leaseMs: number): Promise<Placing>;
  /** Keeps a place for so many milliseconds from now on. */
  keepPlace(id: string, leaseMs: number): Promise<void>;
  /**
   * The one that has waited longest in the environment, of those that have a place and that somebody waits for. Nothing for a token
   * that lets nobody in any more: whoever waits for work may be told so later than it ended.
   */
  takeWork(
    environmentId: string,
    by: { agent: string; tokenId: string },
  ): Promise<(Work & { readonly left: number | null }) | null>;
  /** Its cost is added to the day's. False: it is no run that an agent of the environment has, or its time was up. */
  answer(id: string, environmentId: string, result: WorkResult): Promise<boolean>;
  /** How it goes; and says that somebody waits for it. Null: there is none. */
  look(id: string): Promise<ExecutionState | null>;
  /** Gives its place up, and adds what it cost (US dollars) to the day's. One that has ended stays as it did, and is not added again. */
  end(id: string, state: 'done' | 'failed' | 'gone', cost?: number): Promise<void>;
  /** Forgets those that ended a day ago, those that nobody has waited for since, and what days before yesterday cost. */
  forget(): Promise<void>;
}
