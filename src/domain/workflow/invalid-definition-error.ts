import { RefusedError } from '../refused-error.ts';

/** One thing that is wrong with a definition. Lines and columns count from 1. */
export interface DefinitionProblem {
  /** Such as `steps[2].model`; empty for the document as a whole. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

const SHOWN = 3;
const SHOWN_PATH_LENGTH = 120;

/** The definition cannot be taken. Lists every problem that was found, up to a bound. */
export class InvalidDefinitionError extends RefusedError {
  readonly code = 'invalid_definition';
  readonly userMessage: string;
  readonly problems: readonly DefinitionProblem[];

  constructor(problems: readonly DefinitionProblem[], fileName?: string) {
    const userMessage = describe(problems, fileName);
    super(userMessage);
    this.name = 'InvalidDefinitionError';
    this.userMessage = userMessage;
    this.problems = problems;
  }
}

function describe(problems: readonly DefinitionProblem[], fileName: string | undefined): string {
  const shown = problems.slice(0, SHOWN).map(describeProblem).join('; ');
  const more = problems.length > SHOWN ? `; and ${problems.length - SHOWN} more` : '';
  return `${fileName ? `${fileName} can’t` : 'This definition can’t'} be used: ${shown}${more}. Correct it and push it again.`;
}

function describeProblem({ path, line, message }: DefinitionProblem): string {
  const where = [line === undefined ? '' : `line ${line}`, shortPath(path)].filter(Boolean).join(', ');
  return where === '' ? message : `${where}: ${message}`;
}

/** Keeps the end, which says most. */
function shortPath(path: string): string {
  return path.length <= SHOWN_PATH_LENGTH ? path : `…${path.slice(-SHOWN_PATH_LENGTH)}`;
}
