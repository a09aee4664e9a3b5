/** Gives out step ids that are unique in one document, whatever the document says. */
export interface StepIds {
  /**
   * The id to use for a node. Its own, where it has one that no other has; else one made of it or of `name`, marked as weak.
   * @param own the id in the document, null where it has none
   */
  claim(own: string | null, name: string): { readonly id: string; readonly weakId?: true };
}

/** @param ids the ids of all nodes, nested ones included, null where one has none */
export function makeStepIds(ids: Iterable<string | null>): StepIds {
  const counts = new Map<string, number>();
  for (const id of ids) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  const taken = new Set<string>();
  const tries = new Map<string, number>();

  /** The name itself, or with the first number that neither a node of the document nor an earlier claim has. */
  const free = (base: string, isTaken: (id: string) => boolean): string => {
    let number = tries.get(base) ?? 1;
    let id = number === 1 ? base : `${base}#${number}`;
    while (isTaken(id)) id = `${base}#${++number}`;
    tries.set(base, number);
    return id;
  };

  return {
    claim: (own, name) => {
      if (own !== null && counts.get(own) === 1) return { id: own };
      const id = free(own ?? name, (candidate) => taken.has(candidate) || (candidate !== own && counts.has(candidate)));
      taken.add(id);
      return { id, weakId: true };
    },
  };
}
