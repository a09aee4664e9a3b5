import type { Deployment } from '../domain/deployment.ts';
import type { BlocksViewLine } from '../domain/diff/blocks-view.ts';
import type { CodeView } from '../domain/diff/code-view.ts';
import type { WorkflowDiff } from '../domain/diff/diff-definitions.ts';
import type { Risk } from '../domain/diff/risk.ts';
import type { SideBySide } from '../domain/diff/side-by-side.ts';
import type { Environment } from '../domain/environment.ts';
import type { Moved } from '../domain/fingerprint.ts';
import type { Role } from '../domain/person.ts';
import type { PromotionStatus } from '../domain/promotion.ts';
import type { JudgedRequirement } from '../domain/requirements/evaluate.ts';
import type { Lock } from '../domain/requirements/lock.ts';
import type { Version, VersionStage, Workflow } from '../domain/version.ts';
import type { Definition } from '../domain/workflow/definition.ts';
import type { TestsOfPromotion } from './checks/check-views.ts';
import type { ChecklistItem } from './holds/hold-views.ts';
import type { InEffect } from './ports/documents.ts';
import type { RolloutReceiptView, RolloutView } from './rollout/rollout-views.ts';

export type * from './checks/check-views.ts';
export type * from './holds/hold-views.ts';
export type * from './rollout/rollout-views.ts';
export type * from './running-views.ts';
export type * from './settings/settings-views.ts';
export type * from './story-views.ts';
export type * from './suite/suite-views.ts';

/** A version as people name it. */
export type VersionTag = Pick<Version, 'id' | 'number' | 'label'> & { author: string };
export type EnvironmentTag = Pick<Environment, 'id' | 'name' | 'badge'>;
export type WorkflowTag = Pick<Workflow, 'id' | 'slug' | 'department'>;

/** What changed, in sentences by importance; `more` says how many were left out. */
export interface DiffSummary {
  lines: string[];
  more: number;
  functional: boolean;
  risk: Risk;
}

/** Versions that go along with the proposed one, because they were pushed after what is live. */
export interface RidesAlong {
  /** The newest first, at most 5. */
  versions: VersionTag[];
  /** How many more there are. */
  more: number;
  /** Of the changes that all of them make together, how many the proposed version made itself; null where that is not known. */
  share: { madeByLast: number; total: number } | null;
}

/** Somebody approved the request that this one took the place of: what changed since they said yes. */
export interface EarlierApproval {
  by: string[];
  version: VersionTag;
  diff: DiffSummary;
}

/** Everything a promotion's card shows, in every state. */
export interface PromotionView {
  id: string;
  status: PromotionStatus;
  /** Of what is proposed now: the Approve button carries it, so that nobody approves what they did not see. */
  fingerprint: string;
  workflow: WorkflowTag;
  version: VersionTag;
  from: EnvironmentTag;
  to: EnvironmentTag;
  /** What is live in the target now (while open), or was replaced (once deployed); null for nothing. */
  replaces: VersionTag | null;
  /** What is live in `from` now, where that is no longer the proposed version; null otherwise. */
  sourceMovedTo: VersionTag | null;
  requestedBy: string;
  reason: string | null;
  /** The share that it starts with as a canary, in hundredths of a percent; null for all at once. */
  canary: number | null;
  /** When it is to be deployed at the earliest; null: as soon as nothing is missing. */
  deployAt: Date | null;
  requestedAt: Date;
  expiresAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
  closeReason: string | null;
  diff: DiffSummary;
  /** What changes once both versions are filled with the target's settings; null where that is what `diff` says, and when closed. */
  inEffect: InEffect | null;
  /** Null where no version lies between what is live and what is proposed. */
  ridesAlong: RidesAlong | null;
  /** Null where nobody had approved what was proposed before, or nothing was. */
  earlierApproval: EarlierApproval | null;
  requirements: JudgedRequirement[];
  approvals: ApprovalView[];
  /** Noes that only count, the newest last; `stands`: they have not said yes since. */
  rejections: { by: string; reason: string; at: Date; stands: boolean }[];
  /** What people have to tick; empty where nothing is asked, and when closed. */
  checklist: ChecklistItem[];
  /** In force on the workflow or the target, while open. */
  locks: Pick<Lock, 'id' | 'reason' | 'by' | 'at' | 'until' | 'promotionId'>[];
  /** Null where nothing of that is asked for, and when closed. */
  tests: TestsOfPromotion | null;
  /** User ids of known people who could still give what is missing, at most 10, and whether there are more. */
  canApprove: { userIds: string[]; more: boolean };
  /** Set while open and nobody known could give what is missing: nobody has the role, or only the requester. */
  nobodyCanApprove: boolean;
  /**
   * The deployment it became; `active` says whether it is still live (then the card offers Roll back). `share`: of a candidate, and
   * what one had that was aborted; null otherwise. `ended`: null while it is there; `reason` is its end's own.
   */
  deployment: {
    id: string;
    active: boolean;
    status: Deployment['status'];
    share: number | null;
    ended: { by: string | null; at: Date; reason: string | null } | null;
    /** Of a candidate: what can be done with it, what moved since it was approved, and what waits for its end. Null otherwise. */
    rollout: (Pick<RolloutReceiptView, 'steps' | 'waiting'> & Pick<RolloutView, 'sinceApproved'>) | null;
    /** Of what is live: the canary that runs beside it, which goes with it by a rollback. Null for none. */
    beside: VersionTag | null;
  } | null;
}

/** A promotion in a list: all but what takes reading its versions. */
export interface PromotionSummary {
  id: string;
  status: PromotionStatus;
  workflow: WorkflowTag;
  version: VersionTag;
  from: EnvironmentTag;
  to: EnvironmentTag;
  requestedBy: string;
  reason: string | null;
  canary: number | null;
  requestedAt: Date;
  expiresAt: Date;
  closedAt: Date | null;
  closedBy: string | null;
  closeReason: string | null;
  approvals: { by: string; role: Role; at: Date }[];
}

/** One person's approval as it stands now. */
export interface ApprovalView {
  by: string;
  role: Role;
  at: Date;
  /** False: of an earlier state, or by a person who no longer may. */
  counts: boolean;
  /** What moved since this approval, in sentences; empty where it counts. */
  since: { moved: Moved[]; lines: string[] };
}

/** A version went live in the first environment. */
export interface DeploymentReceiptView {
  deployment: Pick<Deployment, 'id' | 'deployedBy' | 'deployedAt' | 'reason'> & { active: boolean };
  workflow: WorkflowTag;
  environment: EnvironmentTag;
  version: VersionTag;
  replaced: VersionTag | null;
  diff: DiffSummary;
  /** Where it can be promoted to; null in a pipeline's last environment. */
  next: EnvironmentTag | null;
}

/** What a rollback did. */
export interface RollbackReceiptView {
  rollbackId: string;
  workflow: WorkflowTag;
  environment: EnvironmentTag;
  removed: VersionTag;
  restored: VersionTag;
  /** Milliseconds that the restored version had been live there before. */
  restoredRanFor: number;
  by: string;
  at: Date;
  reason: string | null;
  /** What the restored version no longer finds in the environment's settings, as the end of a sentence; null where it finds all. */
  lacks: string | null;
  /** The reverse diff: from what went to what came back. */
  diff: DiffSummary;
  undoneAt: Date | null;
  /** Until when its doer may undo it; null once that is over, done, or something else went live there. */
  undoUntil: Date | null;
}

/** What a request for a promotion would ask for and need. */
export interface PromotionPreviewView
  extends Pick<
    PromotionView,
    | 'workflow'
    | 'version'
    | 'from'
    | 'to'
    | 'canary'
    | 'deployAt'
    | 'replaces'
    | 'diff'
    | 'inEffect'
    | 'ridesAlong'
    | 'requirements'
    | 'canApprove'
  > {
  /** What is under review there already: of this version the request changes nothing, of another it would take its place. */
  open: {
    promotionId: string;
    version: Pick<Version, 'number' | 'label'>;
    canary: number | null;
    deployAt: Date | null;
    requestedBy: string;
    approvedBy: string[];
  } | null;
}

/** What a rollback would do. */
export interface RollbackPreviewView
  extends Pick<RollbackReceiptView, 'workflow' | 'environment' | 'removed' | 'restored' | 'diff'> {
  /** Of what would go: name it to roll back exactly that. */
  deploymentId: string;
  /** `aborts`: a canary (`removed`) would be taken back, and what is live (`restored`) stays live. */
  kind: 'rolls-back' | 'aborts';
  /** A canary that would be taken back beside. */
  alsoAborts: VersionTag | null;
}

export interface StatusView {
  workflow: WorkflowTag & { ownerId: string };
  newest: VersionTag & { stage: VersionStage };
  /** In order of the pipeline. */
  environments: {
    environment: EnvironmentTag;
    live: { version: VersionTag; deployedBy: string; since: Date } | null;
    /** What runs beside it, for a share (hundredths of a percent) of the keys. */
    candidate: { version: VersionTag; share: number; since: Date } | null;
    open: { promotionId: string; version: VersionTag; requestedBy: string } | null;
  }[];
  quarantined: VersionTag[];
}

export interface HistoryEntry {
  environment: EnvironmentTag;
  version: VersionTag;
  status: Deployment['status'];
  /** Of a candidate, and what one had that was aborted, in hundredths of a percent; null otherwise. */
  share: number | null;
  deployedBy: string;
  deployedAt: Date;
  endedAt: Date | null;
  endedBy: string | null;
  promotionId: string | null;
  approvals: { by: string; role: Role; at: Date }[];
  changes: readonly string[];
  reason: string | null;
}

/** The whole of a comparison, for the Full diff modal, `/towpath diff` and the API. */
export interface DiffView {
  workflow: WorkflowTag;
  from: VersionTag | null;
  to: VersionTag;
  summary: DiffSummary;
  /**
   * What changes once both are filled with the settings of the environment that `to` would go to; null where that is what the
   * versions say themselves, or no environment is meant.
   */
  inEffect: (InEffect & { environment: string }) | null;
  /** All changes, also those that are not listed. */
  total: number;
  /** Every change (at most 1,000), by importance. */
  changes: { class: string; kind: string; path: string; sentence: string; before?: unknown; after?: unknown }[];
  blocks: BlocksViewLine[];
  code: CodeView;
}

/** A comparison on a wide screen. */
export interface WideDiffView extends DiffView {
  /** What a promotion takes where; null for two versions by themselves. */
  promotion: { from: EnvironmentTag; to: EnvironmentTag; status: PromotionStatus } | null;
  texts: SideBySide[];
  contents: ComparedContents;
}

/** Both versions as they were read and what lies between them, for whoever draws it. */
export interface ComparedContents {
  before: Definition | null;
  after: Definition;
  diff: WorkflowDiff;
}

/** App Home: what waits for this person, and what is live where. */
export interface HomeView {
  role: Role;
  departments: readonly string[];
  /** Open promotions that this person could approve now. */
  waitingForMe: PromotionLine[];
  /** Open promotions that this person asked for. */
  askedByMe: PromotionLine[];
  live: StatusView[];
  moreWorkflows: boolean;
}
export interface PromotionLine {
  promotionId: string;
  workflow: WorkflowTag;
  version: VersionTag;
  to: EnvironmentTag;
  requestedBy: string;
  requestedAt: Date;
  /** Link parts of its card, once posted. */
  card: { channel: string; ts: string } | null;
}
