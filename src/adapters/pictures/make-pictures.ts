import { Piscina } from 'piscina';
import type { Definition } from '../../domain/workflow/definition.ts';
import type { Pictures } from '../../use-cases/ports/pictures.ts';

/** Far longer than the largest picture takes: what still draws then never ends. */
const TIMEOUT_MS = 30_000;
/** The thread goes when nothing was drawn for so long, and with it the fonts and all that drawing took. */
const IDLE_MS = 30_000;
const MOST_WAITING = 50;

/** Draws in one thread beside, so that the event loop is never held. `stop` waits for nothing. */
export function makePictures(): Pictures & { stop(): Promise<void> } {
  // Compiled, this file and its neighbour end in .js.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = new Piscina({
    filename: new URL(`./picture-thread.${ending}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    maxQueue: MOST_WAITING,
    idleTimeout: IDLE_MS,
    // It needs nothing of the process's secrets.
    env: {},
    execArgv: [],
  });
  const run = (task: unknown, name: 'draw' | 'png') =>
    pool.run(task, { name, signal: AbortSignal.timeout(TIMEOUT_MS) });
  return {
    draw: (before, after, diff) =>
      run({ before: before === null ? null : withoutSource(before), after: withoutSource(after), diff }, 'draw'),
    png: (svg) => run(svg, 'png'),
    stop: () => pool.destroy(),
  };
}

/** A thread is handed a copy, and no picture shows the document itself. */
function withoutSource(definition: Definition): Definition {
  return { ...definition, document: {}, rest: {}, layout: {} };
}
