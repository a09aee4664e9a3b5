/** What an object of its own has under a name that may be anything, such as `constructor`; undefined where it has nothing. */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
