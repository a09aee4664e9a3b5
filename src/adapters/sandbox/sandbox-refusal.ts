/** The stand-in will not do what a person at the page, or a test in their place, asked: no such button, no such modal. */
export class SandboxRefusal extends Error {
  /** HTTP status for the page. */
  readonly status: number;

  /** `message` is one sentence for the person. */
  constructor(message: string, status = 400) {
    super(message);
    this.name = 'SandboxRefusal';
    this.status = status;
  }
}
