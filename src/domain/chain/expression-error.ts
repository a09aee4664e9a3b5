/** An expression or a template of a workflow can't be worked out. Its message is for whoever wrote it. */
export class ExpressionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExpressionError';
  }
}
