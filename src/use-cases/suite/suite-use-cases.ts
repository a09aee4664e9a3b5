import type { Actor } from '../../domain/actor.ts';
import type { SuiteRunKind } from '../../domain/suite/suite-run.ts';
import type { Page, PageRequest } from '../ports.ts';
import type { SavedSuite, SuiteRunSummary, SuiteRunView, SuiteView } from './suite-views.ts';

/** Suites that workflows keep, and their runs. Part of `UseCases`. */
export interface SuiteUseCases {
  /**
   * Keeps a suite for a workflow, its secrets masked; the same content again changes nothing. Open promotions that wait for its results
   * have it run.
   * @throws Refusal unknown_workflow, not_permitted, too_large, unavailable
   * @throws InvalidDefinitionError with every problem, its path and its line
   */
  saveSuite(request: { actor: Actor; workflow: string; source: string; fileName?: string }): Promise<SavedSuite>;
  /** @throws Refusal unknown_workflow, no_suite */
  showSuite(request: { workspaceId: string; workflow: string }): Promise<SuiteView>;
  /**
   * Has the workflow's suite run on a version with what an environment gives it. Left out, the version is the one that an open promotion
   * proposes there, else the newest; the environment is the first. What waits or runs for the same is answered with `already`. With
   * `kind: 'shadow'` inputs are replayed on it and on what is live there instead, as the policy has it.
   * @throws Refusal unknown_workflow, unknown_version, unknown_environment, ambiguous_environment, not_permitted, no_suite, no_runner,
   *   nothing_active, already_active, too_many
   */
  testVersion(request: {
    actor: Actor;
    workflow: string;
    version?: string;
    environment?: string;
    /** `suite` unless said. */
    kind?: SuiteRunKind;
  }): Promise<SuiteRunView & { already: boolean }>;
  /** @throws Refusal unknown_suite_run */
  showSuiteRun(request: { workspaceId: string; id: string }): Promise<SuiteRunView>;
  /** Newest first. @throws Refusal unknown_workflow, unknown_environment, ambiguous_environment */
  listSuiteRuns(request: {
    workspaceId: string;
    workflow: string;
    environment?: string;
    page: PageRequest;
  }): Promise<Page<SuiteRunSummary>>;
  /** `changed` is false for one that has ended already. @throws Refusal unknown_suite_run, not_permitted */
  stopSuiteRun(request: { actor: Actor; id: string }): Promise<SuiteRunView & { changed: boolean }>;
  /** Ends runs whose process ended; returns how many. */
  failLostSuiteRuns(workspaceId: string): Promise<number>;
}
