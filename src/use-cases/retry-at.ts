/** Thrown by a task that could not do its work yet and knows when to try again (a rate limit's Retry-After). Not a failure. */
export class RetryAt extends Error {
  readonly at: Date;
  constructor(at: Date, why: string) {
    super(why);
    this.name = 'RetryAt';
    this.at = at;
  }
}
