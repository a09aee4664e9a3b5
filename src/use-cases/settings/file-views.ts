import type { RefusalCode } from '../../domain/refusal.ts';
import type { EnvironmentTag, WorkflowTag } from '../views.ts';
import type { SettingsProposalView } from './settings-views.ts';

/** What becomes of one layer that a file names: as it would be, or where the file was applied as it was. */
export type FileOutcome = 'unchanged' | 'applies' | 'needs_approval' | 'refused' | 'applied' | 'proposed';

export interface FileLayerView {
  environment: EnvironmentTag;
  /** Null: what the environment gives every workflow. */
  workflow: WorkflowTag | null;
  outcome: FileOutcome;
  /** What it changes, plain text, at most 51. */
  sentences: string[];
  /** Why nothing of it can be had. */
  refusal: { code: RefusalCode; message: string } | null;
  /** Of the revision that is in force; 0 where nothing was ever given. */
  number: number;
  /** What waits for approval, or waited: once the file was applied. */
  proposal: SettingsProposalView | null;
}

/** What a `towpath.yaml` means for the settings that are in force, and what became of it. */
export interface FilePlanView {
  /** Names what is shown here: applying with it does this, or nothing. */
  plan: string;
  /** False: nothing was done. */
  applied: boolean;
  layers: FileLayerView[];
  /** Places where the file differs from the one that was applied last and that only a start applies; at most 50. */
  operators: { places: string[]; more: number };
  /** What the file gives to workflows that nobody pushed yet; at most 50. */
  missing: { workflows: { environment: string; workflow: string }[]; more: number };
}
