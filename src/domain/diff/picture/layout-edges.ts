/** An arrow as a layout sees it: two ends, by any key. */
export interface Ends {
  readonly from: number;
  readonly to: number;
  /** Anything but `same` is what a reader looks for. */
  readonly state?: string;
}

/** How many ranks all arrows together may cross: what a layout costs grows with them, not with the arrows. */
const MOST_RANKS = 1_200;

/**
 * Chooses the arrows that decide where boxes stand: the short ones, as many as the layout can bear. The others are drawn
 * between the boxes wherever these are. Counted, not timed, so that the same workflow always gives the same picture.
 */
export function arrowsForLayout<T extends Ends>(keys: readonly number[], arrows: readonly T[]): Set<T> {
  const rank = ranksOf(keys, arrows);
  const spanOf = ({ from, to }: Ends) => Math.max(1, Math.abs((rank.get(to) ?? 0) - (rank.get(from) ?? 0)));
  const chosen = new Set<T>();
  let left = MOST_RANKS;
  for (const arrow of [...arrows].sort((a, b) => spanOf(a) - spanOf(b))) {
    left -= spanOf(arrow);
    if (left < 0) break;
    chosen.add(arrow);
  }
  return chosen;
}

/** How many arrows lead to each at most, those that close a circle left out. */
function ranksOf(keys: readonly number[], arrows: readonly Ends[]): Map<number, number> {
  const next = Map.groupBy(arrows, ({ from }) => from);
  const order = finishedLast(keys, next);
  const place = new Map(order.map((key, index) => [key, index]));
  const rank = new Map(keys.map((key) => [key, 0]));
  for (const key of order) {
    for (const { to } of next.get(key) ?? []) {
      const isForward = (place.get(to) ?? 0) > (place.get(key) ?? 0);
      if (isForward) rank.set(to, Math.max(rank.get(to) ?? 0, (rank.get(key) ?? 0) + 1));
    }
  }
  return rank;
}

/** A depth-first order in which every arrow but those that close a circle leads onwards. */
function finishedLast(keys: readonly number[], next: ReadonlyMap<number, readonly Ends[]>): number[] {
  const seen = new Set<number>();
  const done: number[] = [];
  for (const start of keys) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack = [{ key: start, at: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = next.get(top.key)?.[top.at++]?.to;
      if (to === undefined) done.push(stack.pop()?.key ?? start);
      else if (!seen.has(to)) {
        seen.add(to);
        stack.push({ key: to, at: 0 });
      }
    }
  }
  return done.reverse();
}
