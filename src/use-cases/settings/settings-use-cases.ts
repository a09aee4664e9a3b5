import type { Actor } from '../../domain/actor.ts';
import type { TowpathConfiguration } from '../../domain/configuration/configuration.ts';
import type { Settings, SettingsRevision, VariableValue } from '../../domain/settings/settings.ts';
import type { Page, PageRequest } from '../ports.ts';
import type * as views from '../views.ts';
import type { FilePlanView } from './file-views.ts';

/** What became of a wish to change settings. */
export type SettingsChangeResult =
  /** Nothing was missing: the settings are these from now on, under this number. */
  | { kind: 'applied'; number: number; proposal: views.SettingsProposalView }
  /** It waits for approval; also where the same person asked for the same already. */
  | { kind: 'proposed'; proposal: views.SettingsProposalView }
  /** They are like that already. */
  | { kind: 'unchanged'; number: number };

/** Deciding on a proposed change: `changed` is false for a repeated click. */
export interface SettingsDecision {
  proposal: views.SettingsProposalView;
  changed: boolean;
  /** Of the revision that this decision made; null where it made none. */
  number: number | null;
}

/** What can be done with settings. Part of `UseCases`. */
export interface SettingsUseCases {
  /** What an environment gives workflows. `environment` as typed. */
  showSettings(request: { actor: Actor; environment: string }): Promise<views.SettingsView>;
  /** What two environments, as typed, give otherwise. */
  compareSettings(request: { actor: Actor; from: string; to: string }): Promise<views.SettingsComparisonView>;
  /** Makes one whole layer what is given, or asks for it. `environment` and `workflow` as typed; without: the environment's own. */
  proposeSettings(request: {
    actor: Actor;
    environment: string;
    workflow?: string;
    settings: Settings;
    /** Number of the layer's revision that this was made from. @throws Refusal moved_on where another is there by now */
    basedOn?: number;
    reason?: string;
    originChannel?: string;
  }): Promise<SettingsChangeResult>;
  /** What a form for one layer starts from. `earlier`: number of a revision of it to compare with. @throws Refusal not_permitted */
  startSettingsChange(request: {
    actor: Actor;
    environment: string;
    workflow?: string;
    earlier?: number;
  }): Promise<views.SettingsFormView>;
  /** Sets one variable of a layer and takes others out, whatever else is in it. @throws Refusal invalid_input */
  changeVariables(request: {
    actor: Actor;
    environment: string;
    workflow?: string;
    set?: { name: string; value: VariableValue };
    unset?: readonly string[];
    reason?: string;
    originChannel?: string;
  }): Promise<SettingsChangeResult>;
  /** Likewise, to what an earlier revision held: by its number, or the one before. */
  rollBackSettings(request: {
    actor: Actor;
    environment: string;
    workflow?: string;
    to?: number;
    basedOn?: number;
    reason?: string;
    originChannel?: string;
  }): Promise<SettingsChangeResult>;
  /** `reviewed`: fingerprint of what was shown, where a click knows it. */
  approveSettings(request: { actor: Actor; proposalId: string; reviewed?: string }): Promise<SettingsDecision>;
  rejectSettings(request: { actor: Actor; proposalId: string; reason: string }): Promise<SettingsDecision>;
  cancelSettings(request: { actor: Actor; proposalId: string }): Promise<SettingsDecision>;
  /**
   * Brings the settings of a `towpath.yaml` into force: at once, or as proposals where approvals are asked for. All or nothing.
   * `plan`: what was shown of it before. @throws Refusal moved_on where that would be something else by now
   */
  applyFile(request: {
    actor: Actor;
    configuration: TowpathConfiguration;
    /** Only says what would be done. */
    dryRun: boolean;
    plan?: string;
    reason?: string;
  }): Promise<FilePlanView>;
  /** Ends proposed changes of settings that are due; returns how many. */
  expireSettings(workspaceId: string): Promise<number>;
  /** In whatever state it is. @throws Refusal unknown_settings_proposal */
  showSettingsProposal(request: { workspaceId: string; proposalId: string }): Promise<views.SettingsCardView>;
  /** What one workflow gets in an environment, and what it lacks there. */
  showWorkflowSettings(request: {
    actor: Actor;
    environment: string;
    workflow: string;
  }): Promise<views.WorkflowSettingsView>;
  showSettingsLayer(request: {
    workspaceId: string;
    environment: string;
    workflow?: string;
  }): Promise<views.SettingsLayerNow>;
  /** Newest first. */
  listSettingsRevisions(request: {
    workspaceId: string;
    environment: string;
    workflow?: string;
    page: PageRequest;
  }): Promise<Page<SettingsRevision>>;
  /** What is open in all layers of an environment, oldest first, at most 20. */
  listSettingsProposals(request: { actor: Actor; environment: string }): Promise<views.SettingsProposalsView>;
}
