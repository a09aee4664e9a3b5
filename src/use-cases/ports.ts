import type { AgentReader, AgentWriter } from './ports/agents.ts';
import type {
  EnvironmentReader,
  EnvironmentWriter,
  VersionReader,
  VersionWriter,
  WorkflowReader,
  WorkflowWriter,
} from './ports/catalogue.ts';
import type { ConfigurationFileReader, ConfigurationFileWriter } from './ports/configuration-file.ts';
import type { LiveReader } from './ports/data-plane.ts';
import type { Documents } from './ports/documents.ts';
import type { EvidenceReader, EvidenceWriter } from './ports/evidence.ts';
import type { ExecutionReader, ExecutionWriter } from './ports/executions.ts';
import type { HoldReader, HoldWriter } from './ports/holds.ts';
import type { DeploymentReader, DeploymentWriter, PromotionReader, PromotionWriter } from './ports/lifecycle.ts';
import type { LoginWriter } from './ports/logins.ts';
import type { PeopleReader, PeopleWriter, WorkspaceReader, WorkspaceWriter } from './ports/people.ts';
import type { PictureReader, PictureWriter } from './ports/pictures.ts';
import type { ProposalReader, ProposalWriter } from './ports/proposals.ts';
import type { RunReader, RunWriter } from './ports/runs.ts';
import type { SettingsReader, SettingsWriter } from './ports/settings.ts';
import type { SuiteReader, SuiteWriter } from './ports/suites.ts';
import type {
  AnnouncementReader,
  AnnouncementWriter,
  AuditReader,
  AuditWriter,
  WebhookReader,
  WebhookWriter,
} from './ports/telling.ts';
import type { TokenReader, TokenWriter } from './ports/tokens.ts';
import type { GroupsAside } from './with-directory.ts';
import type { DocumentsAside } from './with-documents.ts';

export type * from './ports/agents.ts';
export * from './ports/catalogue.ts';
export type * from './ports/configuration-file.ts';
export type * from './ports/data-plane.ts';
export type * from './ports/directory.ts';
export type * from './ports/documents.ts';
export type * from './ports/evidence.ts';
export type * from './ports/executions.ts';
export type * from './ports/holds.ts';
export * from './ports/lifecycle.ts';
export type * from './ports/logins.ts';
export * from './ports/paging.ts';
export * from './ports/people.ts';
export * from './ports/pictures.ts';
export type * from './ports/proposals.ts';
export type * from './ports/runs.ts';
export type * from './ports/settings.ts';
export type * from './ports/suites.ts';
export * from './ports/telling.ts';
export type * from './ports/tokens.ts';

/**
 * How use cases reach the world. `get…` throws, `find…` returns null. Everything inside a `Transaction` belongs to one
 * workspace: an id of another workspace is simply not found.
 */
export interface Ports {
  /**
   * Runs `work` in one database transaction, committed when it returns and rolled back when it throws. Retries the whole of
   * it (at most three times) on a serialization failure, a deadlock or a unique violation (a race lost: what `work` looked for
   * in vain is there by now), so `work` must do nothing but use what it is given.
   * @throws Refusal unavailable when the database can't be reached
   */
  inTransaction<T>(workspaceId: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The same without writes, on one consistent snapshot. */
  reading<T>(workspaceId: string, work: (tx: Reading) => Promise<T>): Promise<T>;
  /** One question, without the snapshot that several would need to agree: a fifth of the way to the database and back. */
  glance<T>(workspaceId: string, ask: (tx: Omit<Reading, 'now'>) => Promise<T>): Promise<T>;
}

/** The database, and a place where documents are read. */
export interface AllPorts extends Ports {
  documents: Documents;
}

/** What may be asked without changing anything. */
export interface Reading {
  /** Where large documents are read; only of ports made by `withDocuments`. */
  readonly aside?: DocumentsAside;
  /** Who is in which user group; only of ports made by `withDirectory`. */
  readonly groups?: GroupsAside;
  /**
   * The database's clock, to the millisecond: at the start of the transaction, and read again whenever a workflow's lock is
   * taken (`findLocked`, `getByIdLocked`, `takeDue`) or the pipeline's, so that whoever waited for the lock is later than whoever held it. Read it
   * where it is used; a copy made before the lock is too early.
   */
  readonly now: Date;
  workspaceId: string;
  workspace: WorkspaceReader;
  configurationFile: ConfigurationFileReader;
  people: PeopleReader;
  environments: EnvironmentReader;
  settings: SettingsReader;
  proposals: ProposalReader;
  /** What is live, and all that is resolved from. */
  live: LiveReader;
  workflows: WorkflowReader;
  versions: VersionReader;
  deployments: DeploymentReader;
  promotions: PromotionReader;
  /** What promotions are judged by. */
  evidence: EvidenceReader;
  /** Locks and freezes. */
  holds: HoldReader;
  /** Suites of workflows, and runs of them. */
  suites: SuiteReader;
  audit: AuditReader;
  announcements: AnnouncementReader;
  webhooks: WebhookReader;
  pictures: PictureReader;
  runs: RunReader;
  tokens: TokenReader;
  agents: AgentReader;
  /** Runs that Towpath was asked for, and who may take them. */
  executions: ExecutionReader;
}

/** Everything a use case may change, in one transaction. */
export interface Transaction extends Reading {
  workspace: WorkspaceReader & WorkspaceWriter;
  configurationFile: ConfigurationFileReader & ConfigurationFileWriter;
  people: PeopleReader & PeopleWriter;
  environments: EnvironmentReader & EnvironmentWriter;
  settings: SettingsReader & SettingsWriter;
  proposals: ProposalReader & ProposalWriter;
  workflows: WorkflowReader & WorkflowWriter;
  versions: VersionReader & VersionWriter;
  deployments: DeploymentReader & DeploymentWriter;
  promotions: PromotionReader & PromotionWriter;
  evidence: EvidenceReader & EvidenceWriter;
  holds: HoldReader & HoldWriter;
  suites: SuiteReader & SuiteWriter;
  audit: AuditReader & AuditWriter;
  announcements: AnnouncementReader & AnnouncementWriter;
  webhooks: WebhookReader & WebhookWriter;
  pictures: PictureReader & PictureWriter;
  runs: RunReader & RunWriter;
  tokens: TokenReader & TokenWriter;
  agents: AgentReader & AgentWriter;
  executions: ExecutionReader & ExecutionWriter;
  logins: LoginWriter;
}
