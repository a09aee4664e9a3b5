import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectPersistence, type Persistence } from '../../../src/adapters/persistence/connect.ts';
import type { Environment } from '../../../src/domain/environment.ts';
import { sideOf } from '../../../src/domain/rollout.ts';
import { aFlow, give, goLive, rollOut } from '../../support/data-plane/flows.ts';
import { readStream } from '../../support/data-plane/read-stream.ts';
import {
  type DataPlaneServer,
  makeToken,
  startDataPlaneServer,
} from '../../support/data-plane/start-data-plane-server.ts';
import { seedWorkspace } from '../../support/database/seed.ts';
import { type StoppableDatabase, startStoppableDatabase } from '../../support/database/stoppable-database.ts';
import type { Answer } from '../../support/http/start-test-server.ts';

let database: StoppableDatabase;
let persistence: Persistence;
let server: DataPlaneServer;
let workspaceId: string;
let staging: Environment;

beforeAll(async () => {
  database = await startStoppableDatabase();
  persistence = await connectPersistence({ connectionString: database.url, log: pino({ level: 'silent' }) });
  ({ workspaceId, staging } = await seedWorkspace(persistence.ports));
  server = await startDataPlaneServer({ url: database.url, workspaceId });
});
afterAll(async () => {
  await server.stop();
  await persistence.close();
  await database.end();
});

const resolve = (slug: string, token: string, headers: Record<string, string> = {}): Promise<Answer> =>
  server.call('GET', `/api/v1/workflows/${slug}/environments/staging/resolved`, { token, headers });
/** What keys are told while a canary runs: the version, and whether it is only what was last known. */
const toldTo = (keys: readonly string[], token: string) =>
  Promise.all(
    keys.map(async (key) => {
      const path = `/api/v1/workflows/rolled-out/environments/staging/resolved?key=${key}`;
      return described(await server.call('GET', path, { token }));
    }),
  );
const described = ({ status, headers, json }: Answer) => [
  status,
  json?.version?.number ?? json?.code ?? null,
  headers.get('towpath-stale'),
];

it('while the database is stopped what was last known is served as stale, and what changed meanwhile when it is back', async () => {
  const { ports } = persistence;
  const { workflow, versions } = await aFlow(ports, workspaceId, { slug: 'known', versions: 2 });
  await aFlow(ports, workspaceId, { slug: 'never-asked' });
  await give(ports, workspaceId, staging, { variables: { MARK: 'one' } }, workflow);
  await goLive(ports, workspaceId, versions[0]!, staging);
  const rolledOut = await aFlow(ports, workspaceId, { slug: 'rolled-out', versions: 2, model: 'claude' });
  await goLive(ports, workspaceId, rolledOut.versions[0]!, staging);
  const { id: deploymentId } = await rollOut(ports, workspaceId, rolledOut.versions[1]!, staging, 5_000);
  const versionFor = (key: string) =>
    sideOf({ workflowId: rolledOut.workflow.id, deploymentId, key }, 5_000) === 'candidate' ? 2 : 1;
  const [early, late] = ['early', 'late'].map((when) => Array.from({ length: 20 }, (_, nth) => `${when}-${nth}`));
  const token = await makeToken(ports, workspaceId, staging.id);
  expect(await toldTo(early!, token)).toEqual(early!.map((key) => [200, versionFor(key), null]));
  const before = await resolve('known', token);
  expect(described(before)).toEqual([200, 1, null]);
  const stream = await readStream(server.url, 'staging', { token });

  await database.stop();
  await expect
    .poll(async () => described(await resolve('known', token)), { timeout: 15_000 })
    .toEqual([200, 1, 'true']);
  const stale = await resolve('known', token);
  expect(stale.text).toBe(before.text);
  expect(stale.headers.get('warning')).toMatch(/^110 /);
  const etag = stale.headers.get('etag') ?? '';
  expect(etag).toBe(before.headers.get('etag'));
  const unchanged = await resolve('known', token, { 'if-none-match': etag });
  expect([unchanged.status, unchanged.headers.get('towpath-stale')]).toEqual([304, 'true']);
  expect(described(await resolve('never-asked', token))).toEqual([503, 'unavailable', null]);
  // Each key still has its own side, those that were never seen as well.
  const keys = [...early!, ...late!];
  expect(await toldTo(keys, token)).toEqual(keys.map((key) => [200, versionFor(key), 'true']));
  expect(stream.isEnded()).toBe(false);

  await database.start();
  await expect.poll(() => persistence.ready(), { timeout: 20_000 }).toBe(true);
  await goLive(ports, workspaceId, versions[1]!, staging);
  await expect.poll(async () => described(await resolve('known', token)), { timeout: 15_000 }).toEqual([200, 2, null]);
  // The stream that went on through it all is told as well.
  await stream.next(({ data }) => data?.workflow === 'known' && data.version === 2);
  stream.close();
}, 90_000);
