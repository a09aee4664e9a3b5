import type { Problem, ProblemCode } from './problem.ts';

/** A request that only HTTP can find wrong: no token, a body that is no text. `message` is shown to the caller. */
export class RequestProblem extends Error {
  readonly code: ProblemCode;
  readonly more: Pick<Problem, 'problems' | 'open'>;

  constructor(code: ProblemCode, message: string, more: Pick<Problem, 'problems' | 'open'> = {}) {
    super(message);
    this.name = 'RequestProblem';
    this.code = code;
    this.more = more;
  }
}

/** A body that is not as the API describes it, found by the route itself. */
export class InvalidRequest extends Error {
  readonly faults: readonly { path: string; message: string }[];

  constructor(faults: readonly { path: string; message: string }[]) {
    super('invalid request');
    this.name = 'InvalidRequest';
    this.faults = faults;
  }
}
