import { RefusedError } from '../refused-error.ts';

/**
 * Why a runner gave no output: it took too long, could not be reached, said no, answered too much or what can't be read, ended in
 * the middle, asks to come later, can't run such a workflow, no place for it came free in its time, or the day's money is spent.
 */
export type RunnerFailureKind =
  | 'timeout'
  | 'unreachable'
  | 'refused'
  | 'too_large'
  | 'malformed'
  | 'died'
  | 'rate_limited'
  | 'unsupported'
  | 'too_busy'
  | 'cost_reached';

/** A run came to nothing. Its message is for people, and holds no secret. */
export class RunnerFailure extends RefusedError {
  readonly code: `runner_${RunnerFailureKind}`;
  readonly userMessage: string;
  readonly kind: RunnerFailureKind;
  /** Milliseconds after which the runner asks to be tried again, where it does. */
  readonly retryAfterMs: number | null;
  /** US dollars that it had spent by then, where the runner knows. */
  readonly cost: number | null;

  constructor(
    kind: RunnerFailureKind,
    message: string,
    retryAfterMs: number | null = null,
    cost: number | null = null,
  ) {
    super(message);
    this.name = 'RunnerFailure';
    this.code = `runner_${kind}`;
    this.userMessage = message;
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
    this.cost = cost;
  }

  /** Whether the same call may well succeed a little later. */
  get mayPass(): boolean {
    return this.kind === 'rate_limited' || this.kind === 'unreachable' || this.kind === 'died';
  }
}
