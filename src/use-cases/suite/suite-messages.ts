import type { Actor } from '../../domain/actor.ts';

/** How runs of suites are shown in Slack. Part of `UseCases`. */
export interface SuiteMessageUseCases {
  /**
   * Shows a run in a channel, in a message that follows it to its end. Again changes nothing.
   * @throws Refusal unknown_suite_run
   */
  postSuiteRun(request: { actor: Actor; id: string; channel: string }): Promise<{ posted: boolean }>;
}
