import { createHash } from 'node:crypto';
import { join } from 'node:path';

/**
 * Where the sandbox's messages are kept: one file a database, because the cards in them are about what is in it. The embedded
 * database, `null`, is beside it; another one is told by its address, whoever logs in and by whatever password.
 */
export function sandboxFile(dataDirectory: string, databaseUrl: string | null): string {
  if (databaseUrl === null) return join(dataDirectory, 'sandbox.json');
  const { host, pathname } = new URL(databaseUrl);
  const name = createHash('sha256').update(`${host}${pathname}`).digest('hex').slice(0, 12);
  return join(dataDirectory, `sandbox-${name}.json`);
}
