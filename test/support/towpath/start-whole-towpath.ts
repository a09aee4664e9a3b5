import { createTestDatabase } from '../database/create-test-database.ts';
import { runTowpath, type WholeOptions, type WholeTowpath } from './run-towpath.ts';

export type { WholeOptions, WholeTowpath } from './run-towpath.ts';

/** All of Towpath, with a database of the test's own. */
export async function startWholeTowpath(options: WholeOptions = {}): Promise<WholeTowpath> {
  return runTowpath(await createTestDatabase(), options);
}
