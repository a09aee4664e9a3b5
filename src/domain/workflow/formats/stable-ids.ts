/** What a document says of the steps it lists. */
export interface Named {
  /** As it stands in the document; undefined where it has none. */
  readonly id: string | undefined;
  /** What to make an id from instead, best first; empty texts are passed over. */
  readonly names: readonly (string | undefined)[];
}

export interface StableId {
  readonly id: string;
  /** Made here, so that it proves nothing across versions. */
  readonly isWeak: boolean;
}

/**
 * One id for each, unique among them. A step without an id, or with one that others have too, is called after its name;
 * `#2` tells apart those that are called the same, in the order in which they are listed.
 */
export function stableIds(steps: readonly Named[]): StableId[] {
  const count = new Map<string, number>();
  for (const { id } of steps) if (id !== undefined) count.set(id, (count.get(id) ?? 0) + 1);
  const isOwn = (id: string | undefined): id is string => id !== undefined && id !== '' && count.get(id) === 1;
  const taken = new Set(steps.flatMap(({ id }) => (isOwn(id) ? [id] : [])));
  return steps.map(({ id, names }) => {
    if (isOwn(id)) return { id, isWeak: false };
    const name = names.find((candidate) => candidate !== undefined && candidate.trim() !== '') ?? 'step';
    const made = freeName(name, taken);
    taken.add(made);
    return { id: made, isWeak: true };
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}#${number}`)) number++;
  return `${name}#${number}`;
}
