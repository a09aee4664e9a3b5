/** A way in which Slack lets an app down. */
export interface PlannedFailure {
  /** An HTTP status with a body that is no JSON. Default 500, or 429 with `retryAfter`. */
  status?: number;
  /** Slack's own error code, with HTTP 200. */
  error?: string;
  /** Seconds; answers 429 with `Retry-After`. */
  retryAfter?: number;
  /** Never answers. */
  hang?: boolean;
  /** Cuts the connection. */
  dropConnection?: boolean;
  /** Does what was asked first; only the answer is lost. */
  afterEffect?: boolean;
}

/** Failures ordered by a test, each used up by one call of its method (`*`: of any). */
export class PlannedFailures {
  readonly #planned: { method: string; failure: PlannedFailure }[] = [];

  plan(method: string, failure: PlannedFailure, times = 1): void {
    for (let nth = 0; nth < times; nth += 1) this.#planned.push({ method, failure });
  }

  take(method: string): PlannedFailure | null {
    const index = this.#planned.findIndex((planned) => planned.method === method || planned.method === '*');
    return index < 0 ? null : (this.#planned.splice(index, 1)[0]?.failure ?? null);
  }
}
