export const SUITE_RUN_KINDS = ['suite', 'shadow'] as const;
/** `suite`: a suite's cases on one version. `shadow`: inputs replayed on it and on what is live. */
export type SuiteRunKind = (typeof SUITE_RUN_KINDS)[number];

export const SUITE_RUN_STATES = ['queued', 'running', 'completed', 'failed', 'stopped'] as const;
/**
 * `completed`: every case had its turn, or the money or the time was up; its results say what it came to. `failed`: it could not be
 * carried out. `stopped`: by a person, or because its promotion was closed.
 */
export type SuiteRunState = (typeof SUITE_RUN_STATES)[number];

/** Whether it is still to end. */
export function isUnderWay(state: SuiteRunState): boolean {
  return state === 'queued' || state === 'running';
}
