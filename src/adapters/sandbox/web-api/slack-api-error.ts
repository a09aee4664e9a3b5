/** Slack said no: becomes `{ok: false, error: code, …}` with HTTP 200, or with `status` where Slack uses another one. */
export class SlackApiError extends Error {
  readonly code: string;
  /** Further fields of the answer, e.g. `needed` and `provided`. */
  readonly fields: Record<string, unknown>;
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(
    code: string,
    extra: {
      messages?: string[];
      fields?: Record<string, unknown>;
      status?: number;
      headers?: Record<string, string>;
    } = {},
  ) {
    super(extra.messages ? `${code}: ${extra.messages.join('; ')}` : code);
    this.name = 'SlackApiError';
    this.code = code;
    this.status = extra.status ?? 200;
    this.headers = extra.headers ?? {};
    this.fields = { ...extra.fields };
    if (extra.messages) {
      const bare = extra.messages.map((message) => message.replace('[ERROR] ', ''));
      this.fields = { ...this.fields, errors: bare, response_metadata: { messages: extra.messages } };
    }
  }
}
