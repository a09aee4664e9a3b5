import { afterEach, expect } from 'vitest';
import type { TestPersistence, TestPersistenceOptions } from '../database/open-test-persistence.ts';
import { withTestPersistence } from '../database/with-test-persistence.ts';
import { brokenRules } from './broken-rules.ts';

/** One database for all tests, in which no rule may be broken after any of them. */
export function withRulesChecked(opened: (db: TestPersistence) => void, options: TestPersistenceOptions = {}): void {
  let db: TestPersistence;
  withTestPersistence((persistence) => {
    db = persistence;
    opened(db);
  }, options);
  afterEach(async () => {
    expect(await brokenRules(db)).toEqual([]);
  });
}
