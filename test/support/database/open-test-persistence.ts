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
  /** Closes everything, and drops the database where it is the test's own. */
  end(): Promise<void>;
}

/** The real persistence on a database of the test's own. */
export async function openTestPersistence(options: TestPersistenceOptions = {}): Promise<TestPersistence> {
  const database = await createTestDatabase();
  const opened = await openPersistence(database.url, options);
  return {
    ...opened,
    async end() {
      await opened.end();
      await database.drop();
    },
  };
}

/** The real persistence on a database that somebody else has too, and drops. */
export async function openPersistence(url: string, options: TestPersistenceOptions = {}): Promise<TestPersistence> {
  const persistence = await connectPersistence({ connectionString: url, log: pino({ level: 'silent' }), ...options });
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    ...persistence,
    url,
    sql: async (text, values) => (await client.query(text, values)).rows,
    async end() {
      await client.end();
      await persistence.close();
    },
  };
}
