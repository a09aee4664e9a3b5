/**
 * Why Towpath gave no answer. `unauthorized`: the token is unknown, expired or revoked. `forbidden`: it may not resolve.
 * `not_found`: nothing of that name is live in that environment, as far as this token may see. `conflict`: what is live
 * cannot be filled, as when a masked value is not bound. `unavailable`: no connection, no answer in time, or 429 and 5xx.
 * `malformed`: something else answers at that address. `refused`: any other status. `closed`: the client is closed.
 */
export type TowpathClientErrorCode =
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'unavailable'
  | 'malformed'
  | 'refused'
  | 'closed';

/** Thrown for a workflow for which there has been no good answer yet. Its message never holds the token. */
export class TowpathClientError extends Error {
  override readonly name = 'TowpathClientError';
  readonly code: TowpathClientErrorCode;
  /** HTTP status, where there was an answer. */
  readonly status: number | null;
  /** Milliseconds for which Towpath asked to be left alone. */
  readonly retryAfter: number | null;

  constructor(
    code: TowpathClientErrorCode,
    message: string,
    { status = null, retryAfter = null }: { status?: number | null; retryAfter?: number | null } = {},
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}
