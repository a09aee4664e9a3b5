/** Does something for each of them, so many at a time. A failure of one is its own, and holds up none of the others. */
export async function inTurns<Item>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  const turns = Array.from({ length: atATime }, async () => {
    for (const item of left) await work(item).catch(() => undefined);
  });
  await Promise.all(turns);
}
