import type { Role } from '../../domain/person.ts';
import type { SettingsProposal } from '../../domain/settings/proposal.ts';
import type { Settings, SettingsRevision } from '../../domain/settings/settings.ts';
import type { EnvironmentTag, VersionTag, WorkflowTag } from '../views.ts';

/** One layer of settings, as people read it. */
export interface SettingsLayerView {
  /** Of the revision. */
  number: number;
  changedBy: string;
  at: Date;
  /** Plain text, shortened, at most 60. */
  listed: { name: string; value: string; managedByFile: boolean }[];
  /** How many more there are. */
  more: number;
}

/** What an environment gives all workflows, and single ones. */
export interface SettingsView {
  environment: EnvironmentTag;
  /** What it has besides. */
  channel: string | null;
  webhooks: number;
  /** The newest revision of any layer; 0 where nothing was ever given. */
  number: number;
  own: SettingsLayerView | null;
  /** The last changed first, at most 20. */
  workflows: (SettingsLayerView & { workflow: WorkflowTag })[];
  moreWorkflows: boolean;
  /** Changes of any of its layers that wait for approval, counted up to 20. */
  waiting: number;
}

/** What one workflow gets in an environment. */
export interface WorkflowSettingsView {
  environment: EnvironmentTag;
  workflow: WorkflowTag;
  /** The newer of the two layers; 0 where nothing was ever given. */
  number: number;
  own: SettingsLayerView | null;
  /** What all workflows get, without what its own goes before. */
  shared: SettingsLayerView | null;
  /** Masked values of the versions that are live, proposed or next there, by path, at most 80; `secret` is the name it is bound to. */
  masks: { path: string; secret: string | null }[];
  moreMasks: number;
  /** What those versions name and nothing gives. */
  lacks: { version: VersionTag; names: string[] }[];
  /** Names of the secrets that apply to it, by name. */
  secretNames: string[];
  proposal: SettingsProposalView | null;
}

/** A proposed change of one layer of settings. */
export interface SettingsProposalView
  extends Omit<SettingsProposal, 'environmentId' | 'workflowId' | 'originChannel' | 'approvals'> {
  environment: EnvironmentTag;
  /** Null: what the environment gives every workflow. */
  workflow: WorkflowTag | null;
  /** Of what is proposed now: an approval carries it, so that nobody approves what they did not see. */
  fingerprint: string;
  /** What it changes, plain text, at most 51. */
  sentences: string[];
  approvals: { by: string; role: Role; at: Date /** Whether it still does. */; counts: boolean }[];
  /** What is still missing, or that nothing is. */
  needs: string;
  /** User ids of known people who could give what is missing, at most 10, and whether there are more. None once it is closed. */
  canApprove: { userIds: string[]; more: boolean };
}
export interface SettingsProposalsView {
  environment: EnvironmentTag;
  proposals: SettingsProposalView[];
  more: boolean;
}

/** One layer of settings as it is now. */
export interface SettingsLayerNow {
  environment: EnvironmentTag;
  workflow: WorkflowTag | null;
  /** Of its newest revision; 0 where nothing was ever given. */
  number: number;
  settings: Settings;
  /** Fields that `towpath.yaml` gives. */
  managed: SettingsRevision['managed'];
  /** What is proposed in their place. */
  proposal: SettingsProposalView | null;
}

/** All that a form for one layer starts from. */
export interface SettingsFormView extends SettingsLayerNow {
  /** Who changed it last; null where nothing was ever given. */
  changedBy: string | null;
  /** The approvals that a change needs, in words; null where it applies at once. */
  asksFor: string | null;
  /** The revision asked for. */
  earlier: { number: number; settings: Settings } | null;
}

/** A proposed change with what it replaces, and the number that it was applied as. */
export interface SettingsCardView extends SettingsProposalView {
  before: Settings;
  number: number | null;
}

/** One thing that two environments give otherwise; null where one of them does not give it. Plain text. */
export interface SettingsDifference {
  name: string;
  from: string | null;
  to: string | null;
}
export interface SettingsComparisonView {
  from: EnvironmentTag;
  to: EnvironmentTag;
  /** `workflow` is the slug of the one that it is given to, null for all. At most 60. */
  differences: (SettingsDifference & { workflow: string | null })[];
  more: number;
}
