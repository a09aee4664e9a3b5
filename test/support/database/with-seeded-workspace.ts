import { beforeEach } from 'vitest';
import type { Transaction } from '../../../src/use-cases/ports.ts';
import type { TestPersistence, TestPersistenceOptions } from './open-test-persistence.ts';
import { seedWorkspace } from './seed.ts';
import { withTestPersistence } from './with-test-persistence.ts';

export type SeededWorkspace = Awaited<ReturnType<typeof seedWorkspace>> & { db: TestPersistence };

/**
 * One database for all tests and a workspace of its own for each, which `opened` is given before the test.
 * `write` is a transaction in the workspace of the test that runs.
 */
export function withSeededWorkspace(
  opened: (seeded: SeededWorkspace) => void,
  options: TestPersistenceOptions = {},
): { write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> } {
  let db: TestPersistence;
  let workspaceId: string;
  withTestPersistence((persistence) => {
    db = persistence;
  }, options);
  beforeEach(async () => {
    const seeded = await seedWorkspace(db.ports);
    workspaceId = seeded.workspaceId;
    opened({ db, ...seeded });
  });
  return { write: (work) => db.ports.inTransaction(workspaceId, work) };
}
