import type { Ports, Transaction } from '../../../src/use-cases/ports.ts';

/** What the database would be asked to change. Everything else of a transaction is looking. */
const WRITES = new Set([
  ...['workflows.create', 'workflows.update', 'versions.create', 'versions.setLabel', 'versions.liftQuarantine'],
  ...[
    'deployments.activate',
    'deployments.rollBack',
    'deployments.undoRollback',
    'deployments.startCandidate',
    'deployments.changeShare',
    'deployments.finishCandidate',
    'deployments.abortCandidate',
    'deployments.resumeCandidate',
    'promotions.create',
    'promotions.save',
  ],
  ...[
    'audit.record',
    'announcements.post',
    'announcements.refresh',
    'webhooks.publish',
    'webhooks.restart',
    'people.assign',
  ],
  ...['people.saveProfiles'],
]);

/** The power cut of these tests. */
export class BrokenOffError extends Error {}

/** Ports whose transactions break off right after the `nth` write (counted from 1). */
export function breakAt(ports: Ports, nth: number): Ports {
  let writes = 0;
  const afterWrite = () => {
    writes += 1;
    if (writes === nth) throw new BrokenOffError(`broken off after write ${nth}`);
  };
  return { ...ports, inTransaction: (id, work) => ports.inTransaction(id, (tx) => work(watched(tx, afterWrite))) };
}

function watched(tx: Transaction, afterWrite: () => void): Transaction {
  return new Proxy(tx, {
    get(target, part: keyof Transaction) {
      const value = target[part];
      if (typeof value !== 'object' || value instanceof Date) return value;
      return new Proxy(value as object, {
        get(of, method: string) {
          const act = Reflect.get(of, method) as (...args: unknown[]) => Promise<unknown>;
          if (!WRITES.has(`${part}.${method}`)) return act;
          return async (...args: unknown[]) => {
            const result = await act.apply(of, args);
            afterWrite();
            return result;
          };
        },
      });
    },
  });
}
