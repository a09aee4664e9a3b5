import { Client } from 'pg';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../../src/adapters/persistence/start-embedded-postgres.ts';

/**
 * A process for tests to kill: starts an embedded server in the folder of its first argument (the second: where it may go
 * instead), says so in a line of JSON, and on SIGINT or SIGTERM takes a moment, uses the server once more, and stops it.
 */
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);
const [dataDir = '', systemFolder = ''] = process.argv.slice(2);

async function stop(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  const client = new Client({ connectionString: server.connectionString });
  await client.connect();
  const { rows } = await client.query('SELECT 1 AS answer');
  await client.end();
  await server.stop();
  say({ stopped: true, answer: rows[0]?.answer });
  process.exit(0);
}

const server = await startEmbeddedPostgres({ dataDir, systemFolder, log: pino({ level: 'silent' }) });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop());
setInterval(() => undefined, 60_000);
say({ connectionString: server.connectionString, dataDir: server.dataDir, notice: server.notice });
