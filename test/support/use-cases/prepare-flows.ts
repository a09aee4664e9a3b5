import { Client } from 'pg';
import { pino } from 'pino';
import { inject } from 'vitest';
import { connectPersistence } from '../../../src/adapters/persistence/connect.ts';
import type { ApprovalRule } from '../../../src/domain/environment.ts';
import { createTestDatabase } from '../database/create-test-database.ts';
import { databaseUrl, onServer } from '../database/on-server.ts';
import type { TestPersistence } from '../database/open-test-persistence.ts';
import { times } from './at-once.ts';
import { type Canal, canalOf, openCanal } from './open-canal.ts';

/** One race alone often runs in turn and proves nothing. */
export const AT_A_TIME = 20;
export const LEADS = times(AT_A_TIME).map((i) => `U0LEAD${i}`);
export const FLOWS = times(AT_A_TIME).map((i) => `flow-${i}`);

/**
 * A workspace with twenty leads and twenty workflows, each with three versions that went live in staging, the third live there
 * still, and a fourth that is live in development.
 */
export interface PreparedFlows {
  /** A database of its own in that state, and a canal on it. Staging asks for one lead. */
  open(): Promise<{ db: TestPersistence; canal: Canal }>;
  drop(): Promise<void>;
}

/** Takes a minute's worth of acts once; each test then works on a copy. */
export async function prepareFlows(): Promise<PreparedFlows> {
  const database = await createTestDatabase();
  const first = await connectTo(database.url);
  const people = Object.fromEntries(LEADS.map((id) => [id, ['lead'] as ['lead']]));
  const { workspaceId } = await fill(await openCanal(first.ports, { people }));
  // Nobody may be connected to what is copied.
  await first.end();
  const template = new URL(database.url).pathname.slice(1);
  const server = inject('databaseServer');
  const copies: string[] = [];
  return {
    async open() {
      const name = `${template}_${copies.length}`;
      await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
      copies.push(name);
      const db = await connectTo(databaseUrl(server, name));
      return { db, canal: canalOf(db.ports, workspaceId) };
    },
    async drop() {
      for (const name of copies) await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await database.drop();
    },
  };
}

/** Changes what staging asks for from now on. */
export async function askFor(db: TestPersistence, approvals: readonly ApprovalRule[]): Promise<void> {
  await db.sql(`UPDATE environment SET policy = jsonb_set(policy, '{approvals}', $1) WHERE name = 'staging'`, [
    JSON.stringify(approvals),
  ]);
}

async function fill(canal: Canal): Promise<Canal> {
  await Promise.all(
    FLOWS.map(async (flow) => {
      for (const version of times(3)) {
        await canal.push(`Version ${version + 1} of ${flow}.`, flow);
        await canal.deploy(undefined, flow);
        await canal.approve('U0LEE', await canal.open('staging', 'U0DEV', flow));
      }
      await canal.push(`Version 4 of ${flow}.`, flow);
      await canal.deploy(undefined, flow);
    }),
  );
  return canal;
}

async function connectTo(url: string): Promise<TestPersistence> {
  const persistence = await connectPersistence({ connectionString: url, log: pino({ level: 'silent' }), poolSize: 24 });
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
