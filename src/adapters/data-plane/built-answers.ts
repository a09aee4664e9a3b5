import { sideOf } from '../../domain/rollout.ts';
import type { ReadyAnswer } from '../../use-cases/ports.ts';

/**
 * All that a workflow is answered with in an environment, and what decides between both answers: remembered as one, so that nobody
 * is given a side by the share of one moment and its answer by another.
 */
export interface BuiltAnswers {
  /** What changes name it by. */
  readonly workflowId: string;
  readonly active: ReadyAnswer;
  /** `share`: hundredths of a percent. */
  readonly candidate: { readonly answer: ReadyAnswer; readonly deploymentId: string; readonly share: number } | null;
}

/** The one that a key is given; null: nobody in particular. */
export function answerFor({ workflowId, active, candidate }: BuiltAnswers, key: string | null): ReadyAnswer {
  if (candidate === null) return active;
  const { answer, deploymentId, share } = candidate;
  return sideOf({ workflowId, deploymentId, key }, share) === 'candidate' ? answer : active;
}

/** Bytes of both. */
export function bytesOf({ active, candidate }: BuiltAnswers): number {
  return active.body.length + (candidate?.answer.body.length ?? 0);
}
