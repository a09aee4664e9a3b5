import { documentWork } from './document-work.ts';
import { type Documents, LARGE_DOCUMENT } from './ports/documents.ts';
import type { AllPorts, Ports, Reading, StoredDocument } from './ports.ts';

/** What a transaction is given to read large documents with. */
export interface DocumentsAside {
  readonly documents: Documents;
  /** What was done for this transaction before it was begun anew, by what it was. */
  readonly done: ReadonlyMap<string, Promise<unknown>>;
  /** False: it has been begun anew often enough; what is still missing is done inside it. */
  readonly mayBeginAnew: boolean;
}

/** Ends a transaction that needs large documents read. It is begun anew when they are: until then it would hold its locks. */
class NeedsReading extends Error {
  readonly key: string;
  readonly work: () => Promise<unknown>;

  constructor(key: string, work: () => Promise<unknown>) {
    super(`A transaction waits for ${key}.`);
    this.name = 'NeedsReading';
    this.key = key;
    this.work = work;
  }
}

/** More than any transaction compares pairs of versions. */
const MOST_BEGINNINGS = 20;

/**
 * The ports with a place where large documents are read. A transaction that turns out to need one is rolled back, the document
 * is read with nothing open, and the transaction is begun anew with the answer at hand: no lock and no connection waits for a
 * thread. That is harmless for the reason that `inTransaction` may repeat its work anyway.
 */
export function withDocuments(ports: Ports, documents: Documents): AllPorts {
  const { inTransaction, reading } = ports;
  return {
    ...ports,
    documents,
    inTransaction: (workspaceId, work) =>
      beginningAnew(documents, (aside) => inTransaction(workspaceId, (tx) => work(Object.assign(tx, { aside })))),
    reading: (workspaceId, work) =>
      beginningAnew(documents, (aside) => reading(workspaceId, (tx) => work(Object.assign(tx, { aside })))),
  };
}

async function beginningAnew<T>(documents: Documents, run: (aside: DocumentsAside) => Promise<T>): Promise<T> {
  const done = new Map<string, Promise<unknown>>();
  for (let beginning = 1; ; beginning++) {
    try {
      return await run({ documents, done, mayBeginAnew: beginning < MOST_BEGINNINGS });
    } catch (error) {
      if (!(error instanceof NeedsReading)) throw error;
      // A refusal too is an answer, for whoever asks again inside the transaction and may know how to go on without.
      const outcome = error.work();
      await outcome.catch(() => undefined);
      done.set(error.key, outcome);
    }
  }
}

/** For ports that nobody gave a place to read large documents: nothing that is stored is masked again, so no key is needed. */
const AT_ONCE: DocumentsAside = {
  documents: documentWork(() => {
    throw new Error('There is no key to mask secrets with: make the ports with withDocuments.');
  }),
  done: new Map(),
  mayBeginAnew: false,
};

/**
 * Does something with stored documents from inside a transaction: at once where they are small, otherwise as `withDocuments`
 * says. Call it again with the same key and it answers the same.
 * @param key what is done with which versions
 */
export async function readAside<T>(
  tx: Reading,
  key: string,
  versionIds: readonly (string | null)[],
  work: (documents: Documents, stored: (StoredDocument | null)[]) => Promise<T>,
): Promise<T> {
  const { aside = AT_ONCE } = tx;
  const known = aside.done.get(key);
  if (known !== undefined) return known as Promise<T>;
  const stored: (StoredDocument | null)[] = [];
  for (const id of versionIds) stored.push(id === null ? null : await tx.versions.content(id));
  const size = stored.reduce((sum, document) => sum + (document?.source.length ?? 0), 0);
  if (size <= LARGE_DOCUMENT || !aside.mayBeginAnew) return work(aside.documents, stored);
  throw new NeedsReading(key, () => work(aside.documents, stored));
}
