import type { Deployment, Rollback } from '../../domain/deployment.ts';
import type { Promotion, PromotionStatus } from '../../domain/promotion.ts';
import type { Page, PageRequest } from './paging.ts';

export interface ActiveDeployment extends Deployment {
  /** Since when it has been active without a break. */
  since: Date;
}
/** A deployment that runs beside the active one. */
export interface Candidate extends Deployment {
  share: number;
}
export interface DeploymentReader {
  findActive(workflowId: string, environmentId: string): Promise<ActiveDeployment | null>;
  /** What runs beside the active one. */
  findCandidate(workflowId: string, environmentId: string): Promise<Candidate | null>;
  /** All candidates of the workflows, in one query. */
  listCandidates(workflowIds: readonly string[]): Promise<Candidate[]>;
  /** Candidates in the environments, at most `limit`. */
  listCandidatesIn(environmentIds: readonly string[], limit: number): Promise<Pick<Deployment, 'id' | 'promotionId'>[]>;
  /** All active ones of the workflows, in one query. */
  listActive(workflowIds: readonly string[]): Promise<ActiveDeployment[]>;
  /**
   * Active ones and candidates in the environment (`workflowId` null: of any workflow) whose version's source holds one of the words, at most
   * `limit`.
   */
  listActiveHolding(
    environmentId: string,
    workflowId: string | null,
    words: readonly string[],
    limit: number,
  ): Promise<Pick<Deployment, 'id' | 'workflowId' | 'versionId' | 'status'>[]>;
  getById(id: string): Promise<Deployment>;
  /** The one that a promotion became. */
  findByPromotion(promotionId: string): Promise<Deployment | null>;
  getMany(ids: readonly string[]): Promise<Map<string, Deployment>>;
  /** The newest 500, newest first: what rule 9 chooses from. */
  history(workflowId: string, environmentId: string): Promise<Deployment[]>;
  list(workflowId: string, environmentId: string | null, page: PageRequest): Promise<Page<Deployment>>;
  /** How long it was active in all before that moment, in milliseconds. */
  ranFor(deploymentId: string, before: Date): Promise<number>;
  findRollback(id: string): Promise<Rollback | null>;
}
export interface DeploymentWriter {
  /**
   * Ends what is active there (`superseded`) and makes the new one active, in that order, as the partial unique index asks.
   */
  activate(
    deployment: Pick<
      Deployment,
      'workflowId' | 'environmentId' | 'versionId' | 'promotionId' | 'deployedBy' | 'reason' | 'changes'
    >,
  ): Promise<{ activated: Deployment; superseded: Deployment | null }>;
  /** Adds one beside what is active there. @throws Error where nothing is, or another candidate runs */
  startCandidate(
    deployment: Pick<
      Deployment,
      'workflowId' | 'environmentId' | 'versionId' | 'promotionId' | 'deployedBy' | 'reason' | 'changes'
    > & { share: number },
  ): Promise<Candidate>;
  changeShare(candidate: Pick<Candidate, 'id'>, share: number): Promise<Candidate>;
  /** Ends what is active there (`superseded`) and makes the candidate active. */
  finishCandidate(candidate: Candidate, by: string): Promise<{ activated: Deployment; superseded: Deployment }>;
  /** Ends the candidate; what is active stays as it is. It keeps its own reason where none is given. */
  abortCandidate(candidate: Candidate, by: string, reason: string | null): Promise<Deployment>;
  /** Makes an aborted deployment the candidate again, with the share and the reason that it had. */
  resumeCandidate(aborted: Pick<Deployment, 'id'>, reason: string | null): Promise<Candidate>;
  /** Rule 9: flips both statuses, records the rollback and quarantines the removed version. */
  rollBack(rollback: {
    removed: Deployment;
    restored: Deployment;
    by: string;
    reason: string | null;
    originChannel: string | null;
  }): Promise<Rollback>;
  /** Restores both statuses as they were and lifts the quarantine that this rollback brought. */
  undoRollback(rollback: Rollback): Promise<void>;
}

/** Which open promotions: one, those of a version into an environment, or all in a scope (null: any). */
export type Concerned =
  | { promotionId: string }
  | { versionId: string; environmentId: string }
  | { scope: { workflowId: string | null; environmentId: string | null } }
  /** Those that ask how these versions run in the environment before. */
  | { ran: readonly { workflow: string; version: number; environmentId: string }[] };

/** A promotion, and what the clock last found of it. */
export interface JudgedPromotion {
  promotion: Promotion;
  judgedAt: Date | null;
  judgedAs: string | null;
  /** When people were told that something was missing at the time it was scheduled for. */
  missedAt: Date | null;
}

export interface PromotionReader {
  find(id: string): Promise<Promotion | null>;
  getMany(ids: readonly string[]): Promise<Map<string, Promotion>>;
  findOpen(workflowId: string, targetEnvironmentId: string): Promise<Promotion | null>;
  listOpen(workflowIds: readonly string[]): Promise<Promotion[]>;
  /** Open promotions of the whole workspace, oldest first, at most `limit`. */
  listAllOpen(limit: number): Promise<Promotion[]>;
  list(filter: { status?: PromotionStatus; workflowId?: string }, page: PageRequest): Promise<Page<Promotion>>;
}
export interface PromotionWriter {
  create(
    promotion: Pick<
      Promotion,
      | 'workflowId'
      | 'versionId'
      | 'sourceEnvironmentId'
      | 'targetEnvironmentId'
      | 'requestedBy'
      | 'reason'
      | 'originChannel'
      | 'expiresAt'
    > & {
      /** None unless said. */
      canary?: number | null;
      /** As soon as nothing is missing, unless said. */
      deployAt?: Date | null;
    },
  ): Promise<Promotion>;
  /** Saves status, end, new approvals and rejections. `judgeAgain`: see `judgeAt`. */
  save(promotion: Promotion, judgeAgain?: Date | null): Promise<void>;
  /** Keeps an open promotion back since then, or, with null, no longer. */
  keepBack(promotionId: string, since: Date | null): Promise<void>;
  /** Has the clock judge an open promotion at that time, or earlier where that was said already. */
  judgeAt(promotionId: string, at: Date): Promise<void>;
  /**
   * Has the clock judge again the open promotions that new evidence or the end of a hold concerns: at once, but none more often than once a
   * second. The last thing in a transaction, since whoever judges them waits for its end.
   */
  markForJudging(concerned: Concerned): Promise<void>;
  /**
   * The next open promotion that the clock is to judge, its workflow locked; null when none is left or all are being worked on by other
   * processes (SKIP LOCKED).
   */
  takeToJudge(): Promise<Promotion | null>;
  /**
   * As `find`, holding the promotion itself, so that evidence that comes from here on marks it again once this transaction ended. Locks
   * what `markForJudging` locks: after the pipeline.
   */
  findHeld(id: string): Promise<JudgedPromotion | null>;
  /** One that can't be judged now keeps no other from being judged. */
  postponeJudging(promotionId: string, until: Date): Promise<void>;
  /** What the clock found. `again` takes the place of what was said before. */
  judged(promotionId: string, found: { again: Date | null; as: string; missed: boolean }): Promise<void>;
  /**
   * The next open promotion whose time is over, its workflow locked; null when none is left or all are being worked on by
   * other processes (SKIP LOCKED).
   */
  takeDue(): Promise<Promotion | null>;
}
