import type { Actor } from '../domain/actor.ts';
import type { DiffSubject } from '../domain/diff-link.ts';
import type { Person, Role } from '../domain/person.ts';
import type { PromotionStatus } from '../domain/promotion.ts';
import type { VersionStage } from '../domain/version.ts';
import type { MaskedSecret } from '../domain/workflow/secrets/mask-source.ts';
import type { CheckUseCases } from './checks/check-use-cases.ts';
import type { ExecutionUseCases } from './execution/execution-use-cases.ts';
import type { HoldUseCases, When } from './holds/hold-use-cases.ts';
import type { LoginUseCases } from './login/login-use-cases.ts';
import type { AuditEvent, Page, PageRequest, SlackProfile, WebhookAttempt, WebhookDelivery } from './ports.ts';
import type { RollbackResult, RolloutUseCases } from './rollout/rollout-use-cases.ts';
import type { RunningUseCases } from './running-use-cases.ts';
import type { SettingsUseCases } from './settings/settings-use-cases.ts';
import type { SuiteMessageUseCases } from './suite/suite-messages.ts';
import type { SuiteUseCases } from './suite/suite-use-cases.ts';
import type * as views from './views.ts';

export type * from './checks/check-use-cases.ts';
export type * from './execution/execution-use-cases.ts';
export type * from './holds/hold-use-cases.ts';
export type * from './rollout/rollout-use-cases.ts';
export type * from './running-use-cases.ts';
export type * from './settings/settings-use-cases.ts';
export type * from './suite/suite-use-cases.ts';

/** Names things as a person typed them; use cases resolve them again under the actor's workspace. */
export interface PromotionChoice {
  /** From a button. */
  promotionId?: string;
  /** From a command: a workflow's slug and, where two are open, an environment. */
  workflow?: string;
  environment?: string;
}

export interface PushRequest {
  actor: Actor;
  /** UTF-8 text of the file. */
  source: string;
  fileName?: string;
  /** Slug; default: the slugified name of the definition or the file. */
  workflow?: string;
  label?: string;
  note?: string;
  /** Only a new workflow's. */
  department?: string;
  /** A Slack user id; default: whoever pushes. Only a new workflow's. */
  owner?: string;
  sourceCommit?: string;
  /** Forces a format instead of detecting it. */
  format?: string;
}
export interface PushResult {
  workflow: views.WorkflowTag;
  version: views.VersionTag;
  /** False: this very content was pushed before, as `version`. */
  created: boolean;
  workflowCreated: boolean;
  /** Against the version before; null for the first. */
  diff: views.DiffSummary | null;
  /** Where secrets stood in what was pushed (20 at most), and how many more. They were masked before anything was kept. */
  masked: { secrets: readonly MaskedSecret[]; more: number };
}

export type RequestResult =
  | { kind: 'opened'; promotion: views.PromotionView }
  /** Nothing was missing: it went live with the request. */
  | { kind: 'deployed'; promotion: views.PromotionView }
  /** The same version is already under review, with the same canary or none; `card` links it once posted. */
  | { kind: 'already-open'; promotion: views.PromotionView; card: { channel: string; ts: string } | null }
  /** Another version, or this one with another canary, is under review: ask again with `replace` set to its id. */
  | { kind: 'confirm-replacement'; open: views.PromotionView; proposed: views.VersionTag; approvedBy: string[] };

/** Approving or otherwise deciding: `changed` is false for a repeated click. `requirements` are those of an open promotion. */
export interface Decision {
  promotion: Pick<views.PromotionView, 'id' | 'status' | 'workflow' | 'version' | 'to' | 'canary' | 'requirements'>;
  changed: boolean;
  deployed: boolean;
}

/** Everything that can be done. Every one refuses with a `RefusedError`; anything else thrown is a bug. */
export interface UseCases
  extends SettingsUseCases,
    RunningUseCases,
    ExecutionUseCases,
    RolloutUseCases,
    LoginUseCases,
    HoldUseCases,
    CheckUseCases,
    SuiteUseCases,
    SuiteMessageUseCases {
  pushVersion(request: PushRequest): Promise<PushResult>;
  deployVersion(request: {
    actor: Actor;
    workflow: string;
    version?: string;
    originChannel?: string;
    reason?: string;
  }): Promise<views.DeploymentReceiptView>;
  requestPromotion(request: {
    actor: Actor;
    workflow: string;
    environment: string;
    reason?: string;
    originChannel?: string;
    replace?: string /** From a receipt's button: the version that was shown. */;
    expectedVersionId?: string;
    /** Likewise, where it was shown by its number. */
    expectedNumber?: number;
    /** The share that it starts with as a canary, in hundredths of a percent; left out, it goes live for all at once. */
    canary?: number;
    /** Approvals now, deployment then, everything judged again at that time. @throws Refusal invalid_input where it has passed */
    at?: When;
  }): Promise<RequestResult>;
  approvePromotion(request: {
    actor: Actor;
    choice: PromotionChoice /** Fingerprint that the card showed, where a click knows it. */;
    reviewed?: string;
  }): Promise<Decision>;
  /** Where the policy says that a rejection only counts, the promotion stays open. */
  rejectPromotion(request: { actor: Actor; choice: PromotionChoice; reason: string }): Promise<Decision>;
  cancelPromotion(request: { actor: Actor; promotionId: string }): Promise<Decision>;
  /** Ends what is due; returns how many. */
  expirePromotions(workspaceId: string): Promise<number>;
  /**
   * `environment` and `to` as typed. `expectedDeploymentId`: from a card's button, refused when that is no longer live. While a canary
   * runs, its deployment or none aborts it alone; the active one's, or `to`, aborts it and rolls back.
   */
  rollBack(request: {
    actor: Actor;
    workflow: string;
    environment: string;
    to?: string;
    reason?: string;
    originChannel?: string;
    expectedDeploymentId?: string;
  }): Promise<RollbackResult>;
  /** What `requestPromotion` would ask for and need. Changes nothing, and refuses what it would refuse. */
  previewPromotion(request: {
    actor: Actor;
    workflow: string;
    environment: string;
    canary?: number;
    /** When it is to go live. */
    at?: When;
  }): Promise<views.PromotionPreviewView>;
  /** What `rollBack` would do. Changes nothing, and refuses what it would refuse. */
  previewRollback(request: {
    actor: Actor;
    workflow: string;
    environment: string;
    to?: string;
    expectedDeploymentId?: string;
  }): Promise<views.RollbackPreviewView>;
  undoRollback(request: { actor: Actor; rollbackId: string }): Promise<views.RollbackReceiptView>;
  liftQuarantine(request: {
    actor: Actor;
    workflow: string;
    version: string;
    reason: string;
  }): Promise<{ workflow: views.WorkflowTag; version: views.VersionTag }>;
  labelVersion(request: {
    actor: Actor;
    workflow: string;
    version: string;
    label: string;
    note?: string;
  }): Promise<{ workflow: views.WorkflowTag; version: views.VersionTag; previousLabel: string | null }>;
  assignRole(request: { actor: Actor; userId: string; role: Role; departments: string[] }): Promise<Person>;
  changeWorkflow(request: {
    actor: Actor;
    workflow: string;
    department?: string;
    owner?: string;
  }): Promise<views.WorkflowTag & { ownerId: string }>;

  showStatus(request: { actor: Actor; workflow?: string; cursor?: string }): Promise<Page<views.StatusView>>;
  showHistory(request: {
    actor: Actor;
    workflow: string;
    environment?: string;
    page: PageRequest;
  }): Promise<{ workflow: views.WorkflowTag } & Page<views.HistoryEntry>>;
  /** `from` and `to` are versions or environments, as typed. */
  compareVersions(request: { actor: Actor; workflow: string; from: string; to: string }): Promise<views.DiffView>;
  /** What a promotion's Full diff shows: what is (or was) live in the target against the proposed version. */
  comparePromotion(request: { actor: Actor; promotionId: string }): Promise<views.DiffView>;
  /** What a picture is drawn of. `from` and `to` as for `compareVersions`. */
  compareContents(request: {
    workspaceId: string;
    workflow: string;
    from: string;
    to: string;
  }): Promise<views.ComparedContents>;
  /** A comparison by ids, with all that a wide screen has room for: for whoever holds a link that was signed for it. */
  showWideDiff(request: { workspaceId: string; subject: DiffSubject }): Promise<views.WideDiffView>;
  showPromotion(request: { workspaceId: string; promotionId: string }): Promise<views.PromotionView>;
  listPromotions(request: {
    workspaceId: string;
    status?: PromotionStatus;
    workflow?: string;
    page: PageRequest;
  }): Promise<Page<views.PromotionSummary>>;
  showDeploymentReceipt(request: { workspaceId: string; deploymentId: string }): Promise<views.DeploymentReceiptView>;
  showRollbackReceipt(request: { workspaceId: string; rollbackId: string }): Promise<views.RollbackReceiptView>;
  showHome(request: { actor: Actor }): Promise<views.HomeView>;
  listRoles(request: {
    actor: Actor;
  }): Promise<{ people: Person[]; defaultRole: Role; departments: string[]; slackAdminsStandIn: boolean }>;
  /** Departments that a push may name, and whether it must. */
  listDepartments(request: { workspaceId: string }): Promise<string[]>;
  showVersion(request: { workspaceId: string; workflow: string; version: string }): Promise<{
    workflow: views.WorkflowTag;
    version: views.VersionTag;
    note: string | null;
    format: string;
    contentHash: string;
    logicHash: string;
    sourceCommit: string | null;
    createdAt: Date;
    stage: VersionStage;
    definition: unknown;
  }>;
  /** What was pushed, its secrets masked. `file`: one of a bundle. @throws Refusal unknown_file */
  showSource(request: {
    workspaceId: string;
    workflow: string;
    version: string;
    file?: string;
  }): Promise<{ source: string; fileName: string | null; isBundle: boolean }>;
  /** What is live: the version, its deployment and the definition. @throws Refusal nothing_active */
  showLive(request: { workspaceId: string; workflow: string; environment: string }): Promise<{
    workflow: views.WorkflowTag;
    environment: views.EnvironmentTag;
    version: views.VersionTag & { contentHash: string };
    deployment: { id: string; status: string; deployedAt: Date; deployedBy: string; promotion: string | null };
    definition: unknown;
  }>;
  listAudit(request: {
    workspaceId: string;
    workflow?: string;
    environment?: string;
    action?: string;
    before?: string;
    limit: number;
  }): Promise<Page<AuditEvent>>;

  listWebhookDeliveries(request: {
    actor: Actor;
    status?: WebhookDelivery['status'];
    page: PageRequest;
  }): Promise<Page<WebhookDelivery & { lastAttempt: WebhookAttempt | null }>>;
  redeliverWebhook(request: { actor: Actor; deliveryId: string }): Promise<WebhookDelivery>;
  /** Saves what Slack says of people (a lookup, the start's listing, a `user_change` event). */
  recordProfiles(request: { workspaceId: string; profiles: SlackProfile[] }): Promise<void>;
}
