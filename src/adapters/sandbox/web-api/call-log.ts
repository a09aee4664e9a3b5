/** One call of the Web API, for tests to look back at. Tokens are left out. */
export interface LoggedCall {
  method: string;
  /** Milliseconds of the stand-in's clock. */
  at: number;
  args: Record<string, unknown>;
  /** `ok`, Slack's error code, or what was made to fail: `http_500`, `hang` … */
  answer: string;
}

const KEPT = 5_000;

/** The last calls, oldest first. */
export class CallLog {
  readonly calls: LoggedCall[] = [];

  add(call: LoggedCall): void {
    this.calls.push(call);
    if (this.calls.length > KEPT) this.calls.shift();
  }
}
