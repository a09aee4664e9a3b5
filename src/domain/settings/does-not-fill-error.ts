import { RefusedError } from '../refused-error.ts';
import { describeFillProblems, type FillProblem } from './fill-problem.ts';

/** What is live can't be handed out: the settings of its environment do not fill it. */
export class DoesNotFillError extends RefusedError {
  readonly code = 'does_not_fill';
  readonly userMessage: string;
  readonly problems: readonly FillProblem[];

  /** @param what such as `summarize-flow v12 in staging` */
  constructor(what: string, problems: readonly FillProblem[]) {
    const [first = ''] = describeFillProblems(problems);
    const more = problems.length > 1 ? ` There are ${problems.length - 1} more problems.` : '';
    super(`${what} does not fill`);
    this.name = 'DoesNotFillError';
    this.userMessage = `${what} can’t be handed out, as the settings there do not fill it: ${first.replace(/\.$/, '')}.${more} \`/towpath env\` changes them.`;
    this.problems = problems;
  }
}
