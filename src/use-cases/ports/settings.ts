import type { Settings, SettingsRevision } from '../../domain/settings/settings.ts';
import type { Page, PageRequest } from './paging.ts';

/** What applies to one workflow in one environment: the environment's own layer and the workflow's in it. Null: none was ever given. */
export interface SettingsLayers {
  environment: SettingsRevision | null;
  workflow: SettingsRevision | null;
}

export interface SettingsReader {
  /** Both layers as they are now, in one query. */
  current(environmentId: string, workflowId: string): Promise<SettingsLayers>;
  /** Both layers as they were at that moment: what a version that ended then last ran with. */
  asOf(environmentId: string, workflowId: string, at: Date): Promise<SettingsLayers>;
  /** One layer as it is now; `workflowId` null is the environment's own. */
  layer(environmentId: string, workflowId: string | null): Promise<SettingsRevision | null>;
  /** The environment's own layer and the newest changed ones of its workflows, at most `limit` in all, as they are now. */
  layers(environmentId: string, limit: number): Promise<SettingsRevision[]>;
  /** Layers of which `towpath.yaml` gives something, as they are now. */
  managed(environmentId: string): Promise<SettingsRevision[]>;
  /** Revisions of one layer, or with `any` of all that the environment has, newest first. */
  list(environmentId: string, workflowId: string | null | 'any', page: PageRequest): Promise<Page<SettingsRevision>>;
  /** By its number in the environment. @throws Refusal unknown_settings_revision */
  get(environmentId: string, number: number): Promise<SettingsRevision>;
  /** Of the revision that a proposal became; null where it became none. */
  numberOf(proposalId: string): Promise<number | null>;
}

/** One layer as it is from now on. */
export interface NewSettings {
  environmentId: string;
  workflowId: string | null;
  settings: Settings;
  changedBy: string;
  via: SettingsRevision['via'];
  reason: string | null;
  proposalId?: string;
  /** Number of the earlier revision that it brings back. */
  restores?: number;
  /** Fields that `towpath.yaml` gives; those of the layer's revision before unless said. */
  managed?: SettingsRevision['managed'];
}
export interface SettingsWriter {
  /**
   * Numbers it one past the newest of the environment, whose row it holds until the transaction ends: nothing goes live there
   * meanwhile. Whoever saves takes `environments.pipelineHeld` first, in place of `pipelineLocked`: two that hold the pipeline
   * with others and then want it alone wait for each other, and one of them begins anew.
   */
  save(settings: NewSettings): Promise<SettingsRevision>;
}
