import { Refusal } from '../refusal.ts';
import type { FillProblem } from './fill-problem.ts';

/** A version can't go where the settings do not fill it: the sentence for people, and every single problem for programs. */
export class UnfilledRefusal extends Refusal {
  readonly problems: readonly FillProblem[];

  constructor(userMessage: string, problems: readonly FillProblem[]) {
    super('does_not_fill', userMessage);
    this.name = 'UnfilledRefusal';
    this.problems = problems;
  }
}
