import type { Environment, Pipeline } from '../../domain/environment.ts';
import type { Version, VersionReference, Workflow } from '../../domain/version.ts';
import type { Page, PageRequest } from './paging.ts';

export type NewEnvironment = Omit<Environment, 'id'>;
export interface EnvironmentReader {
  /** The pipeline in order of rank, archived environments left out. */
  pipeline(): Promise<Pipeline>;
  /** By id, archived ones too. */
  get(id: string): Promise<Environment>;
  getMany(ids: readonly string[]): Promise<Map<string, Environment>>;
}
export interface EnvironmentWriter {
  /** As `pipeline`, kept as it is until this transaction ends. */
  pipelineLocked(): Promise<Pipeline>;
  /** The same for whoever changes what every act there reads: acts wait until this transaction ends. */
  pipelineHeld(): Promise<Pipeline>;
  /** Makes the pipeline exactly this, matched by name: creates, updates, archives what is left out. */
  replace(environments: NewEnvironment[]): Promise<void>;
}

export interface WorkflowReader {
  find(slug: string): Promise<Workflow | null>;
  getById(id: string): Promise<Workflow>;
  getMany(ids: readonly string[]): Promise<Map<string, Workflow>>;
  /** At most `limit` slugs, the most alike first (for "did you mean"). */
  nearestSlugs(slug: string, limit: number): Promise<string[]>;
  list(page: PageRequest & { owner?: string }): Promise<Page<Workflow>>;
}
export interface WorkflowWriter {
  /**
   * As `find`, holding the workflow's lock until the transaction ends. Every act that changes a workflow, its deployments
   * or promotions takes this lock first: acts on one workflow happen one after the other, in an order nobody can deadlock.
   */
  findLocked(slug: string): Promise<Workflow | null>;
  getByIdLocked(id: string): Promise<Workflow>;
  /** As `findLocked`, the workflow that a promotion is of. */
  findOfPromotionLocked(promotionId: string): Promise<Workflow | null>;
  create(workflow: {
    slug: string;
    department: string | null;
    ownerId: string;
    format: string;
    createdBy: string;
  }): Promise<Workflow>;
  update(workflow: Workflow): Promise<void>;
}

/** A version barred from promotion by the rollback that removed it. */
export interface Quarantine {
  workflowId: string;
  versionId: string;
  by: string;
  at: Date;
  reason: string | null;
}

/** A version with what was pushed. */
export interface VersionContent {
  source: string;
  fileName: string | null;
}
export interface VersionReader {
  find(workflowId: string, reference: VersionReference): Promise<Version | null>;
  getById(id: string): Promise<Version>;
  getMany(ids: readonly string[]): Promise<Map<string, Version>>;
  newest(workflowId: string): Promise<Version | null>;
  /** The newest of each workflow, by workflow id, in one query. */
  newestOf(workflowIds: readonly string[]): Promise<Map<string, Version>>;
  findByContentHash(workflowId: string, contentHash: string): Promise<Version | null>;
  content(id: string): Promise<VersionContent & { format: string }>;
  list(workflowId: string, page: PageRequest): Promise<Page<Version>>;
  /** Those with a number between the two, both left out: the newest `limit` (at most 100), and how many there are in all. */
  between(
    workflowId: string,
    numbers: { above: number; below: number },
    limit: number,
  ): Promise<{ items: Version[]; total: number }>;
  /** The quarantined ones among the workflows' versions, by version id, each with the newest rollback that did it. */
  quarantined(workflowIds: readonly string[]): Promise<Map<string, Quarantine>>;
  /** Which of these versions were ever deployed anywhere, in one query. */
  everDeployed(versionIds: readonly string[]): Promise<Set<string>>;
}
export interface VersionWriter {
  /** Numbers it one past the newest. */
  create(version: Omit<Version, 'id' | 'number' | 'createdAt'> & VersionContent): Promise<Version>;
  setLabel(id: string, label: string, note: string | null): Promise<void>;
  /** Lifts every quarantine of the version. Returns how many there were. */
  liftQuarantine(versionId: string, by: string, reason: string): Promise<number>;
}
