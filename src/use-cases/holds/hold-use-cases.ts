import type { Actor } from '../../domain/actor.ts';
import type { Decision } from '../use-cases.ts';
import type { FreezeView, HoldsView, LockView, WhyView } from './hold-views.ts';

/** A moment as somebody gives it: by itself, as typed in their time zone (`monday 09:00`), or in so many milliseconds. */
export type When = Date | { typed: string; timeZone: string } | { in: number };

/** What is held: a word that names a workflow or an environment, or is `all`; or each by itself, both for one workflow in one environment. */
export interface HoldScope {
  scope?: string;
  workflow?: string;
  environment?: string;
  all?: boolean;
}

/** Locks, freezes, checklists, and why something waits. Part of `UseCases`. */
export interface HoldUseCases {
  /**
   * Nothing goes live in the scope until then (left out: until somebody unlocks); rollbacks do. With `promotionId`, from its card: its
   * workflow in its target, and it ends with that promotion.
   * @throws Refusal not_permitted, invalid_input, unknown_workflow, unknown_environment, ambiguous_environment, unknown_promotion,
   *   already_decided, too_many
   */
  lock(request: HoldScope & { actor: Actor; promotionId?: string; reason: string; until?: When }): Promise<LockView>;
  /**
   * Ends the locks of exactly that scope, or the one with that id. Somebody else's only with `others`, and they are told.
   * @throws Refusal nothing_locked, not_permitted
   */
  unlock(
    request: HoldScope & { actor: Actor; lockId?: string; promotionId?: string; others?: boolean },
  ): Promise<{ ended: LockView[] }>;
  /** Nothing goes live in the environment until then (left out: until somebody ends it). @throws Refusal not_permitted, invalid_input, too_many */
  freeze(request: { actor: Actor; environment: string; reason: string; until?: When }): Promise<FreezeView>;
  /** Ends all freezes of the environment that were set by hand. @throws Refusal not_frozen, not_permitted */
  unfreeze(request: { actor: Actor; environment: string }): Promise<{ ended: FreezeView[] }>;
  listHolds(request: { workspaceId: string }): Promise<HoldsView>;
  /** `item` as the policy has it, in any case. The last one needed deploys. @throws Refusal unknown_item, already_decided, not_permitted */
  tickItem(request: { actor: Actor; promotionId: string; item: string }): Promise<Decision>;
  untickItem(request: { actor: Actor; promotionId: string; item: string }): Promise<Decision>;
  explainPromotion(request: { actor: Actor; workflow: string; environment: string }): Promise<WhyView>;
  /** Judges what the clock is to judge, and deploys what it makes complete; returns how many were judged. */
  judgeDue(workspaceId: string): Promise<number>;
}
