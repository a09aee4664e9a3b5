/** One of Block Kit's nameless things, with the key that React wants. */
export interface Keyed<Item> {
  key: string;
  item: Item;
}

/**
 * Gives the things of a list their positions as keys. For lists whose things have no id, keep no state and are
 * replaced as a whole when the message is: runs of a text, fields, cells.
 */
export function withKeys<Item>(items: readonly Item[]): Keyed<Item>[] {
  return items.map((item, at) => ({ key: String(at), item }));
}
