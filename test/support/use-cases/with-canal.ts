import { beforeEach } from 'vitest';
import type { TestPersistence } from '../database/open-test-persistence.ts';
import { type Canal, type CanalOptions, openCanal } from './open-canal.ts';
import { withRulesChecked } from './with-rules-checked.ts';

/** As `withRulesChecked`, with a canal of its own for each test, which `opened` is given before the test. */
export function withCanal(
  opened: (fresh: { db: TestPersistence; canal: Canal }) => void,
  options: CanalOptions = {},
): void {
  let db: TestPersistence;
  withRulesChecked((persistence) => {
    db = persistence;
  });
  beforeEach(async () => {
    opened({ db, canal: await openCanal(db.ports, options) });
  });
}
