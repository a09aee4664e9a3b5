import { afterAll, beforeAll } from 'vitest';
import { openTestPersistence, type TestPersistence, type TestPersistenceOptions } from './open-test-persistence.ts';

/** One database for all tests of the file or block that calls this. `opened` is given it before the first of them. */
export function withTestPersistence(opened: (db: TestPersistence) => void, options: TestPersistenceOptions = {}): void {
  let db: TestPersistence | undefined;
  beforeAll(async () => {
    db = await openTestPersistence(options);
    opened(db);
  });
  afterAll(() => db?.end());
}
