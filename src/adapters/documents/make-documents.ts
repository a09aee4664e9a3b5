import { createHmac } from 'node:crypto';
import { Piscina } from 'piscina';
import { Refusal } from '../../domain/refusal.ts';
import { InvalidDefinitionError } from '../../domain/workflow/invalid-definition-error.ts';
import { documentWork } from '../../use-cases/document-work.ts';
import { type Documents, LARGE_DOCUMENT } from '../../use-cases/ports/documents.ts';
import type { DocumentAnswer, DocumentTask } from './document-thread.ts';

export interface DocumentOptions {
  /** What secrets are hashed with for their masks: the same for every process on one database. */
  maskKey: Uint8Array;
  /** Of the thread, in MB: what one piece of work may take. */
  memory?: number;
}

/** Two documents of 10 MB with millions of values take about half of it. */
const MEMORY_MB = 1_024;
/** Far longer than the slowest document takes: what still reads then never ends. */
const TIMEOUT_MS = 60_000;
/** The thread goes when nothing large was read for so long, and all that it took. */
const IDLE_MS = 30_000;
/** Each that waits holds its text, up to 20 MB. */
const MOST_WAITING = 8;

/** Reads large documents in one thread beside, small ones here. `stop` ends what runs. */
export function makeDocuments(options: DocumentOptions): Documents & { stop(): Promise<void> } {
  const { maskKey } = options;
  const here = documentWork((secret) => createHmac('sha256', maskKey).update(secret).digest('hex'));
  let pool: Piscina | undefined;
  const inThread = async (task: DocumentTask, fileName?: string): Promise<unknown> => {
    pool ??= openPool(options);
    const answer = await ask(pool, task);
    if ('result' in answer) return answer.result;
    if ('problems' in answer) throw new InvalidDefinitionError(answer.problems, fileName);
    throw new Error(`Reading a document failed: ${answer.bug}`);
  };
  const isLarge = (...texts: ({ source: string } | null)[]) =>
    texts.reduce((sum, text) => sum + (text?.source.length ?? 0), 0) > LARGE_DOCUMENT;
  return {
    take: async (pushed) =>
      isLarge(pushed)
        ? ((await inThread({ name: 'take', arguments: [pushed] }, pushed.fileName)) as Answer<'take'>)
        : here.take(pushed),
    document: async (stored) =>
      isLarge(stored)
        ? ((await inThread({ name: 'document', arguments: [stored] })) as Answer<'document'>)
        : here.document(stored),
    compare: async (before, after) =>
      isLarge(before, after)
        ? ((await inThread({ name: 'compare', arguments: [before, after] })) as Answer<'compare'>)
        : here.compare(before, after),
    summarize: async (before, after) =>
      isLarge(before, after)
        ? ((await inThread({ name: 'summarize', arguments: [before, after] })) as Answer<'summarize'>)
        : here.summarize(before, after),
    stop: async () => pool?.destroy(),
  };
}

type Answer<Name extends keyof Documents> = Awaited<ReturnType<Documents[Name]>>;

function openPool({ maskKey, memory = MEMORY_MB }: DocumentOptions): Piscina {
  // Compiled, this file and its neighbour end in .js.
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Piscina({
    filename: new URL(`./document-thread.${ending}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    maxQueue: MOST_WAITING,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: memory },
    workerData: { maskKey },
    // It needs nothing of the process's secrets but that key.
    env: {},
    execArgv: [],
  });
}

/** @throws Refusal too_large, unavailable */
async function ask(pool: Piscina, task: DocumentTask): Promise<DocumentAnswer> {
  try {
    return await pool.run(task, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const isTimeout = error instanceof Error && error.name === 'AbortError';
    if (code === 'ERR_WORKER_OUT_OF_MEMORY' || isTimeout) throw tooLarge(task.name);
    if (error instanceof Error && QUEUE_IS_FULL.test(error.message)) throw busy();
    throw error;
  }
}

/** The pool tells its errors apart by their messages alone. */
const QUEUE_IS_FULL = /queue is at limit|no task queue available|terminating|closing|closed/i;

function tooLarge(work: keyof Documents): Refusal {
  return new Refusal(
    'too_large',
    work === 'take'
      ? 'Reading this file takes more memory or time than there is for one. Leave out what is generated, or split it into several workflows, and push it again.'
      : 'These versions are too large to be read here. Compare their sources with a tool of your own.',
  );
}

function busy(): Refusal {
  return new Refusal('unavailable', 'Several large files are being read just now. Try again in a minute.');
}
