/** A rule said no. Expected, safe to show to whoever asked, never paged on. */
export abstract class RefusedError extends Error {
  abstract readonly code: string;
  /** One or two sentences for the person: what happened, and what to do next. */
  abstract readonly userMessage: string;
}
