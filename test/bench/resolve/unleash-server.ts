import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The peer: Unleash as it is published, on a database of its own. Arguments: the folder that it was installed into, its database,
// its token. What it says goes nowhere: only the port is printed, and what it took so far where that is asked for.
const [folder = '', connectionString = '', token = ''] = process.argv.slice(2);

interface Unleash {
  start(options: object): Promise<{ server: { address(): { port: number } | string | null } }>;
}

const write = process.stdout.write.bind(process.stdout);
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: silent, error: console.error, fatal: console.error };
const { start } = (await import(
  pathToFileURL(join(folder, 'node_modules/unleash-server/dist/lib/server-impl.js')).href
)) as Unleash;
const { hostname: host, port, username, password, pathname } = new URL(connectionString);
const { server } = await start({
  db: { host, port: Number(port), user: username, password, database: pathname.slice(1), ssl: false },
  server: { port: 0, host: '127.0.0.1' },
  ...{ versionCheck: { enable: false }, telemetry: false },
  getLogger: () => logger,
  // It takes 20,000 requests a minute unless told.
  rateLimiting: { tokenAuthenticationMaxPerMinute: 1e9, sdkApiMaxPerMinute: 1e9 },
  authentication: {
    initApiTokens: [{ environment: 'production', project: '*', secret: token, type: 'client', tokenName: 'bench' }],
  },
});
// Before its port is told, as whoever asks without this ends it.
process.on('SIGUSR2', () => {
  write(`${JSON.stringify({ ...process.memoryUsage(), cpu: process.cpuUsage() })}\n`);
});
const address = server.address();
write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
