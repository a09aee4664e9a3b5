/** A page of a list, newest first. `cursor` is opaque; null on the last page. */
export interface Page<T> {
  items: T[];
  cursor: string | null;
}
/** `limit` is at most 100. `cursor` comes from the page before. @throws Refusal invalid_input for a cursor it did not give */
export interface PageRequest {
  limit: number;
  cursor?: string;
}
