import { Client } from 'pg';
import { DATABASE_USER } from './embedded-cluster.ts';
import { EmbeddedRefusal } from './embedded-refusal.ts';
import type { Server } from './embedded-server.ts';

const DATABASE = 'towpath';

/** A connection string, with the password in it. */
export function databaseUrl(port: number, password: string, database = DATABASE): string {
  return `postgresql://${DATABASE_USER}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Waits until the server answers, and sees to it that Towpath's database is there. False when the server ended instead: it
 * waits as long as that lives, as recovery after a crash takes what it takes.
 * @throws EmbeddedRefusal folder_unusable when the password is another one
 */
export async function untilReady(server: Server, password: string): Promise<boolean> {
  while (!server.hasEnded()) {
    if (await ensureDatabase(server.port, password)) return true;
    await Promise.race([server.ended, new Promise((resolve) => setTimeout(resolve, 25))]);
  }
  return false;
}

async function ensureDatabase(port: number, password: string): Promise<boolean> {
  const client = new Client({
    connectionString: databaseUrl(port, password, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    return true;
  } catch (error) {
    if (isPassing(error)) return false;
    throw refusalFor(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Not listening yet, or starting up (57P03); another program that got the port first answers nothing that we understand. */
function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57');
}

function refusalFor(error: unknown): unknown {
  if (!String((error as { code?: unknown }).code).startsWith('28')) return error;
  return new EmbeddedRefusal(
    'folder_unusable',
    'The embedded database does not take the password that lies beside it. Put the file “password” back that was made with it, or move the folder away to begin anew.',
    { cause: error },
  );
}
