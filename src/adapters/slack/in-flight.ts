/** Counts what goes on after its acknowledgement, so that a stop can wait for it: Bolt's own does not. */
export class InFlight {
  readonly #running = new Set<Promise<unknown>>();

  /** Runs the work and keeps account of it until it settles. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    const settled = running.then(
      () => undefined,
      () => undefined,
    );
    this.#running.add(settled);
    try {
      return await running;
    } finally {
      this.#running.delete(settled);
    }
  }

  /** Resolves when nothing runs any more, at the latest after `withinMs`; says whether all ended. */
  async ended(withinMs: number): Promise<boolean> {
    const deadline = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), withinMs).unref());
    while (this.#running.size > 0) {
      if ((await Promise.race([Promise.all(this.#running), deadline])) === 'late') return false;
    }
    return true;
  }
}
