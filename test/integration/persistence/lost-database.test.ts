import net from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectPersistence, type Persistence } from '../../../src/adapters/persistence/connect.ts';
import { seedWorkspace } from '../../support/database/seed.ts';
import { type StoppableDatabase, startStoppableDatabase } from '../../support/database/stoppable-database.ts';

const log = pino({ level: 'silent' });
const NOTHING_CHANGED = { code: 'unavailable', userMessage: expect.stringContaining('nothing was changed. Try again') };

let database: StoppableDatabase;
let persistence: Persistence;
let workspaceId: string;
const countEnvironments = () =>
  persistence.ports.reading(workspaceId, async (tx) => (await tx.environments.pipeline()).length);

beforeAll(async () => {
  database = await startStoppableDatabase();
  persistence = await connectPersistence({ connectionString: database.url, log });
  ({ workspaceId } = await seedWorkspace(persistence.ports));
});
beforeEach(async () => {
  await database.stop();
  await database.start();
  await expect.poll(() => persistence.ready(), { timeout: 20_000 }).toBe(true);
});
afterAll(async () => {
  await persistence.close();
  await database.end();
});

test('while the database is away everything is refused with a sentence, and works again in the same process when it is back', async () => {
  await database.stop();
  await expect(countEnvironments()).rejects.toMatchObject(NOTHING_CHANGED);
  await expect(persistence.ports.inTransaction(workspaceId, async () => 1)).rejects.toMatchObject(NOTHING_CHANGED);
  await expect(persistence.handledRequests.firstTime('one')).rejects.toMatchObject(NOTHING_CHANGED);
  expect(await persistence.ready()).toBe(false);
  await database.start();
  await expect.poll(() => persistence.ready(), { timeout: 20_000 }).toBe(true);
  expect(await countEnvironments()).toBe(3);
});

test('a transaction whose database goes away midway is refused, and none of it happened', async () => {
  const cut = persistence.ports.inTransaction(workspaceId, async (tx) => {
    await tx.people.assign('U0ADA', { role: 'admin', departments: [] });
    await database.stop();
    await tx.people.get('U0ADA');
  });
  await expect(cut).rejects.toMatchObject(NOTHING_CHANGED);
  await database.start();
  await expect.poll(() => persistence.ready(), { timeout: 20_000 }).toBe(true);
  const role = await persistence.ports.reading(workspaceId, async (tx) => (await tx.people.get('U0ADA')).role);
  expect(role).toBe('member');
});

test('when the database goes away during the commit nobody is told that nothing happened', async () => {
  const cut = persistence.ports.inTransaction(workspaceId, async (tx) => {
    await tx.people.assign('U0BEA', { role: 'lead', departments: [] });
    await database.stop();
  });
  await expect(cut).rejects.toMatchObject({
    code: 'unavailable',
    userMessage: expect.stringContaining('may or may not be done'),
  });
});

test('a connection that gives no answer is given up, so that others are made', async () => {
  const proxy = await startProxy(Number(new URL(database.url).port));
  const url = new URL(database.url);
  url.port = String(proxy.port);
  const impatient = await connectPersistence({ connectionString: url.href, log, poolSize: 1, answerTimeout: 300 });
  const ask = () => impatient.ports.reading(workspaceId, async (tx) => (await tx.environments.pipeline()).length);
  expect(await ask()).toBe(3);
  proxy.muteWhatIsOpen();
  await expect(ask()).rejects.toMatchObject(NOTHING_CHANGED);
  expect(await ask()).toBe(3);
  await impatient.close();
  await proxy.close();
});

/** Passes everything on, until it is told to swallow what comes over the connections open then. */
async function startProxy(target: number) {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(target, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => to.write(data));
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    muteWhatIsOpen() {
      for (const socket of sockets) socket.removeAllListeners('data').on('data', () => undefined);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
