import { Piscina } from 'piscina';
import { Refusal } from '../../domain/refusal.ts';
import type { DocumentAnswer, DocumentTask } from './document-thread.ts';

export interface ThreadOptions {
  /** What secrets are hashed with for their masks. */
  maskKey: Uint8Array;
  /** MB that one piece of work may take. */
  memory: number;
}

/** Far longer than the slowest document takes: what still reads then never ends. */
const PATIENCE_MS = 60_000;
/** The thread goes when nothing large was read for so long, and with it all that it took. */
const IDLE_MS = 30_000;
/** Each that waits holds its text, up to 20 MB. */
const MOST_WAITING = 8;
const LOOK_EVERY_MS = 50;
/**
 * MB. A thread that meets its heap's own limit inside the engine (`JSON.parse`, a list that grows) takes the whole process with
 * it. So that limit lies far above the one that is kept here, by looking at the heap from outside and ending the thread.
 */
const FAR_ABOVE = 1_024;

/** One thread beside, started when it is first needed, which does one thing after the other. */
export function makeWatchedThread(options: ThreadOptions): {
  run(task: DocumentTask): Promise<DocumentAnswer>;
  stop(): Promise<void>;
} {
  let pool: Piscina | undefined;
  let isStopping = false;
  const inTurn = takingTurns();
  return {
    run: (task) =>
      inTurn(async () => {
        if (isStopping) throw busy();
        pool ??= openPool(options);
        return watched(pool, task, options.memory * 1_048_576);
      }),
    async stop() {
      isStopping = true;
      await pool?.destroy();
    },
  };
}

/** The pool has a queue of its own, but forgets it when its only thread dies. @throws Refusal unavailable */
function takingTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    if (waiting > MOST_WAITING) throw busy();
    waiting++;
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      waiting--;
    }
  };
}

function openPool({ maskKey, memory }: ThreadOptions): Piscina {
  // Compiled, this file and its neighbour end in .js.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = new Piscina({
    filename: new URL(`./document-thread.${ending}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: memory + FAR_ABOVE },
    workerData: { maskKey },
    // It needs nothing of the process's secrets but that key.
    env: {},
    execArgv: [],
  });
  // A thread that dies with nothing to do is made anew when it is needed; unheard, this event would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/** @throws Refusal too_large when the thread takes more memory or time than it may */
async function watched(pool: Piscina, task: DocumentTask, memory: number): Promise<DocumentAnswer> {
  const end = new AbortController();
  const patience = setTimeout(() => end.abort(), PATIENCE_MS);
  const look = setInterval(() => {
    for (const thread of pool.threads) {
      thread.getHeapStatistics().then(
        (heap) => heap.used_heap_size > memory && end.abort(),
        // It has just ended.
        () => undefined,
      );
    }
  }, LOOK_EVERY_MS);
  try {
    return await pool.run(task, { signal: end.signal });
  } catch (error) {
    const isOutOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    throw end.signal.aborted || isOutOfMemory ? tooLarge(task.name) : error;
  } finally {
    clearTimeout(patience);
    clearInterval(look);
  }
}

function tooLarge(work: DocumentTask['name']): Refusal {
  if (work === 'figures')
    return new Refusal(
      'too_large',
      'Reading this report takes more memory or time than there is for one. Split it, and send its parts under names of their own.',
    );
  if (work === 'takeSuite')
    return new Refusal(
      'too_large',
      'Reading this suite takes more memory or time than there is for one. Leave out cases, or shorten them, and save it again.',
    );
  return new Refusal(
    'too_large',
    work === 'take'
      ? 'Reading this file takes more memory or time than there is for one. Leave out what is generated, or split it into several workflows, and push it again.'
      : 'These versions take more memory or time to read than there is here. Compare their sources with a tool of your own.',
  );
}

function busy(): Refusal {
  return new Refusal('unavailable', 'Several large files are being read just now. Try again in a minute.');
}
