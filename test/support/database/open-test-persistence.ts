import { Client } from 'pg';
import { pino } from 'pino';
import {
  connectPersistence,
  type Persistence,
  type PersistenceOptions,
} from '../../../src/adapters/persistence/connect.ts';
import { createTestDatabase } from './create-test-database.ts';

export type TestPersistenceOptions = Pick<PersistenceOptions, 'poolSize'>;

export interface TestPersistence extends Persistence {
  url: string;
  /** Looks at, or tampers with, what is really in the tables. */
  sql<Row extends Record<string, unknown> = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Closes everything and drops the database. */
  end(): Promise<void>;
}

/** The real persistence on a database of the test's own. */
export async function openTestPersistence(options: TestPersistenceOptions = {}): Promise<TestPersistence> {
  const database = await createTestDatabase();
  const persistence = await connectPersistence({
    connectionString: database.url,
    log: pino({ level: 'silent' }),
    ...options,
  });
  const client = new Client({ connectionString: database.url });
  await client.connect();
  return {
    ...persistence,
    url: database.url,
    sql: async (text, values) => (await client.query(text, values)).rows,
    async end() {
      await client.end();
      await persistence.close();
      await database.drop();
    },
  };
}
