import type { Freeze } from '../../domain/requirements/freeze.ts';
import type { Lock } from '../../domain/requirements/lock.ts';
import type { Candidate } from './lifecycle.ts';

export interface KeptFreeze extends Freeze {
  id: string;
}

/** What may keep a version from going live in an environment. */
export interface InTheWay {
  /** The canary that runs there. */
  candidate: Candidate | null;
  /** That concern the workflow or the environment, and were not ended. */
  locks: Lock[];
  /** Set by hand on the environment, and not ended. */
  freezes: KeptFreeze[];
}

export interface HoldReader {
  /** Everything, in one query: each act that may make something live asks it. */
  inTheWay(workflowId: string, environmentId: string): Promise<InTheWay>;
  /** Locks in force, the oldest first, at most 200. */
  listLocks(): Promise<Lock[]>;
  /** Freezes in force, the oldest first, at most 200. */
  listFreezes(): Promise<KeptFreeze[]>;
}

export interface HoldWriter {
  lock(lock: Omit<Lock, 'id' | 'at'>): Promise<Lock>;
  /** False: it was ended already. */
  unlock(id: string, by: string): Promise<boolean>;
  freeze(freeze: Omit<Freeze, 'at'>): Promise<KeptFreeze>;
  /** False: it was ended already. */
  unfreeze(id: string, by: string): Promise<boolean>;
  /** The locks that were taken from the promotion's card and were not ended are nobody's card's any more. Returns them. */
  unbind(promotionId: string): Promise<Lock[]>;
  /** They are from now on as if they were taken from this promotion's card. */
  bind(lockIds: readonly string[], promotionId: string): Promise<void>;
}
