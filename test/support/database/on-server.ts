import { Client } from 'pg';

/** The address of another database of the same server. */
export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement on a connection of its own and gives back its rows. */
export async function queryOn(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** As `queryOn`, for what is done on a server as a whole. */
export async function onServer(url: string, sql: string): Promise<void> {
  await queryOn(url, sql);
}
