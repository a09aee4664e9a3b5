import type { Actor } from '../../domain/actor.ts';
import type { CheckReport } from '../../domain/check-report.ts';
import type { KeptCheck, ReportedDocument } from '../ports.ts';
import type { Decision } from '../use-cases.ts';
import type { EnvironmentTag, VersionTag, WorkflowTag } from '../views.ts';
import type { ChecksView, CheckView } from './check-views.ts';

/** A report in Towpath's own words, or a file of another tool. `name` takes the place of the file's own. */
export type GivenReport = { own: CheckReport } | { file: ReportedDocument; name?: string };

export interface RecordedChecks {
  workflow: WorkflowTag;
  version: VersionTag;
  environment: EnvironmentTag;
  results: KeptCheck[];
}

/** What is found out about versions elsewhere. Part of `UseCases`. */
export interface CheckUseCases {
  /**
   * Keeps what a program found out about a version in an environment; open promotions that it concerns are judged again.
   * @throws Refusal unknown_workflow, unknown_version, unknown_environment, ambiguous_environment, not_permitted, invalid_input
   * @throws InvalidDefinitionError for a file that is not what it should be
   */
  recordCheck(request: {
    actor: Actor;
    workflow: string;
    version: string;
    environment: string;
    report: GivenReport;
  }): Promise<RecordedChecks>;
  /**
   * What was found out about a version. `version` left out: the one under review for the environment, else the newest. `environment` left
   * out: all of them.
   * @throws Refusal unknown_workflow, unknown_version, unknown_environment, ambiguous_environment
   */
  listChecks(request: {
    workspaceId: string;
    workflow: string;
    version?: string;
    environment?: string;
  }): Promise<ChecksView>;
  /** One result with its cases. @throws Refusal unknown_check */
  showCheck(request: { workspaceId: string; id: string }): Promise<CheckView>;
  /**
   * What a gate outside says to what it was asked, by the token that it was asked with.
   * @throws Refusal unknown_promotion for a token that is none, already_decided
   */
  answerGate(request: {
    workspaceId: string;
    token: string;
    state: 'approved' | 'rejected';
    detail?: string;
  }): Promise<{ changed: boolean }>;
  /**
   * Asks gates anew that could not be asked or did not answer in their time.
   * @throws Refusal unknown_promotion, already_decided, not_permitted, invalid_input where there is none
   */
  askGatesAgain(request: { actor: Actor; promotionId: string }): Promise<Decision>;
}
