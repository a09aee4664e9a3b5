import type { Actor } from '../../domain/actor.ts';
import type { RollbackReceiptView, RolloutReceiptView, RolloutView, VersionTag } from '../views.ts';

/** `workflow` and `environment` as typed. `expectedDeploymentId`: the candidate that was shown, refused where another one runs. */
export interface RolloutChoice {
  actor: Actor;
  workflow: string;
  environment: string;
  expectedDeploymentId?: string;
}

/** A rollback while a canary runs aborts the canary alone, unless an earlier version or the active deployment is named. */
export type RollbackResult =
  | {
      kind: 'rolled-back';
      receipt: RollbackReceiptView;
      /** A canary that was aborted beside. */
      aborted: VersionTag | null;
    }
  | { kind: 'aborted'; receipt: RolloutReceiptView };

/** What can be done with a canary while it runs. Part of `UseCases`. */
export interface RolloutUseCases {
  /** @throws Refusal no_rollout */
  showRollout(request: { workspaceId: string; workflow: string; environment: string }): Promise<RolloutView>;
  /**
   * Shares in hundredths of a percent. `expectedShare`: the one that was shown; nothing is done where it is another by now, so that a
   * button of before takes it from nobody who was given it since.
   * @throws Refusal no_rollout, moved_on, quarantined, scheduled_workflow, not_permitted; locked or frozen, of a larger share
   */
  changeRollout(request: RolloutChoice & { share: number; expectedShare?: number }): Promise<RolloutReceiptView>;
  /** Gives the candidate everything for good. @throws Refusal no_rollout, moved_on, quarantined, does_not_fill, not_permitted, locked, frozen */
  finishRollout(request: RolloutChoice): Promise<RolloutReceiptView>;
  /** @throws Refusal no_rollout, moved_on, not_permitted */
  abortRollout(request: RolloutChoice & { reason?: string }): Promise<RolloutReceiptView>;
  /** @throws Refusal not_permitted, undo_expired, moved_on, quarantined */
  undoAbort(request: { actor: Actor; deploymentId: string }): Promise<RolloutReceiptView>;
}
