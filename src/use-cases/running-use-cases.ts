import type { Actor } from '../domain/actor.ts';
import type { Agent } from '../domain/agent.ts';
import type { RefusalCode } from '../domain/refusal.ts';
import type { RunOutcome, RunReport } from '../domain/run-record.ts';
import type { KnownToken, Page, PageRequest } from './ports.ts';
import type * as views from './views.ts';

/** Which runs are meant: names as typed. A `version` is one of `workflow`'s. */
export interface RunsAsked {
  workspaceId: string;
  /** Id of the one environment that whoever asks sees; null: all of them. */
  within: string | null;
  workflow?: string;
  environment?: string;
  version?: string;
  since?: Date;
}

/** Why one of several records was not taken. */
export interface RunRefusal {
  index: number;
  code: RefusalCode;
  detail: string;
}

/** Of a workflow in an environment, by its name in the settings. */
export interface ReadSecretRequest {
  actor: Actor;
  workflow: string;
  environment: string;
  name: string;
}

/** What can be done for programs: tokens, agents, secrets and records of runs. Part of `UseCases`. */
export interface RunningUseCases {
  /** @throws Refusal invalid_input, too_many */
  registerAgent(request: {
    actor: Actor;
    /** Its token's. */
    environment: { id: string; name: string };
    tokenId: string;
    name: string;
    release: string | null;
  }): Promise<Agent & { environment: { name: string } }>;
  /** Those seen last first. */
  listAgents(request: {
    workspaceId: string;
    environment?: string;
    page: PageRequest;
  }): Promise<Page<Agent & { environment: views.EnvironmentTag }>>;
  /** @throws Refusal unknown_secret, secret_unavailable */
  readSecret(request: ReadSecretRequest): Promise<{ name: string; value: string }>;

  /**
   * `scopes` as typed; `expiresIn` in milliseconds, null for never. `text` is the token itself: show it to its creator, once, and
   * nowhere else.
   */
  createToken(request: {
    actor: Actor;
    name: string;
    environment?: string;
    scopes: readonly string[];
    expiresIn?: number | null;
  }): Promise<{ text: string; token: views.TokenView }>;
  /** `overlap`: milliseconds that the old one stays good, an hour unless told. `expiresIn`: left out, as long as the old one. */
  rotateToken(request: {
    actor: Actor;
    name: string;
    overlap?: number;
    expiresIn?: number | null;
  }): Promise<{ text: string; token: views.TokenView; oldGoodUntil: Date }>;
  /** `revoked`: how many, with those of its name that another one took the place of. */
  revokeToken(request: {
    actor: Actor;
    name: string;
    /** `all`: refused to who is no admin, of what is theirs as well. */
    whose?: 'mine' | 'all';
  }): Promise<{ name: string; revoked: number }>;
  /** Admins are told of all, others of their own logins; or with `all` refused. */
  listTokens(request: { actor: Actor; page: PageRequest; whose?: 'mine' | 'all' }): Promise<Page<views.TokenView>>;
  /** By the hash of its text, in whatever state it is. */
  findToken(request: { workspaceId: string; hash: string }): Promise<KnownToken | null>;
  recordTokenUses(request: { workspaceId: string; tokenIds: string[] }): Promise<void>;

  /**
   * Keeps what runners report, each run once. `within`: id of the one environment that whoever reports sees, or null. What is
   * refused is told by its place in `reports`. `isCharged`: what they cost is counted in the day's already.
   */
  recordRuns(request: {
    workspaceId: string;
    within: string | null;
    reports: readonly RunReport[];
    isCharged?: boolean;
  }): Promise<{
    accepted: number;
    duplicates: number;
    refused: RunRefusal[];
  }>;
  /** Newest first. `within` as above; inputs and outputs, where they are kept, with `payloads`. */
  listRuns(
    request: RunsAsked & { outcome?: RunOutcome; runId?: string; payloads?: boolean; page: PageRequest },
  ): Promise<Page<views.RunView>>;
  /** Since seven days ago unless told; 30 days at most. */
  summarizeRuns(
    request: RunsAsked & { workflow: string },
  ): Promise<{ workflow: views.WorkflowTag; since: Date; figures: views.RunFiguresView[] }>;
}
