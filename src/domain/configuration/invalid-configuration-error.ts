import { RefusedError } from '../refused-error.ts';

/** One thing that is wrong with the configuration. Never holds the value of a secret. */
export interface ConfigurationProblem {
  /** A variable's name, or `towpath.yaml, line 12, column 5 (environments[1].approvals)`. */
  readonly where: string;
  /** What is wrong, and its cure. */
  readonly message: string;
}

/** The process can't start like this. Lists every problem at once, so that nobody corrects them one start at a time. */
export class InvalidConfigurationError extends RefusedError {
  readonly code = 'invalid_configuration';
  readonly userMessage: string;
  readonly problems: readonly ConfigurationProblem[];

  constructor(problems: readonly ConfigurationProblem[]) {
    const userMessage = describe(problems);
    super(userMessage);
    this.name = 'InvalidConfigurationError';
    this.userMessage = userMessage;
    this.problems = problems;
  }
}

function describe(problems: readonly ConfigurationProblem[]): string {
  const lines = problems.map(({ where, message }) => `  ${where}: ${message}`);
  return [
    `The configuration can't be used. Correct ${problems.length === 1 ? 'this' : 'these'} and start again:`,
    ...lines,
  ].join('\n');
}
