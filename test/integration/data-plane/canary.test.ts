import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { TowpathClient } from '../../../src/client/towpath-client.ts';
import type { Environment } from '../../../src/domain/environment.ts';
import { sideOf } from '../../../src/domain/rollout.ts';
import type { Version } from '../../../src/domain/version.ts';
import type { Candidate } from '../../../src/use-cases/ports.ts';
import { flowSource, give, goLive, rollOut, steer } from '../../support/data-plane/flows.ts';
import { readStream } from '../../support/data-plane/read-stream.ts';
import {
  type DataPlaneServer,
  DEAF,
  OPERATOR,
  startDataPlaneServer,
} from '../../support/data-plane/start-data-plane-server.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { createVersion, seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';

let db: TestPersistence;
let workspaceId: string;
let staging: Environment;
let one: DataPlaneServer;
let other: DataPlaneServer;
/** Hears no notices: it finds out by looking. */
let deaf: DataPlaneServer;
let slug: string;
let workflowId: string;
let versions: [Version, Version];
let count = 0;

withTestPersistence((persistence) => {
  db = persistence;
});
beforeAll(async () => {
  ({ workspaceId, staging } = await seedWorkspace(db.ports));
  one = await startDataPlaneServer({ url: db.url, workspaceId });
  other = await startDataPlaneServer({ url: db.url, workspaceId });
  deaf = await startDataPlaneServer({ url: db.url, workspaceId, notices: DEAF });
});
afterAll(async () => {
  for (const server of [one, other, deaf]) await server.stop();
});
beforeEach(() => live('claude'));

/** A flow of its own with two versions, the first one live; the second one's model as given. Who is chosen goes by ids: these are the same in every run. */
async function live(model: string): Promise<void> {
  count += 1;
  slug = `flow-${count}`;
  workflowId = `0190a0b0-0000-7000-8000-00000000000${count}`;
  await db.sql(
    `INSERT INTO workflow (id, workspace_id, slug, owner_id, format, created_by) VALUES ($1, $2, $3, 'U0DEV', 'towpath', 'U0DEV')`,
    [workflowId, workspaceId, slug],
  );
  versions = await db.ports.inTransaction(workspaceId, async (tx) => [
    await createVersion(tx, workflowId, { source: flowSource(slug, 'version 1', 'claude') }),
    await createVersion(tx, workflowId, { source: flowSource(slug, 'version 2', model) }),
  ]);
  await goLive(db.ports, workspaceId, versions[0], staging);
}

async function startCanary(share: number): Promise<Candidate> {
  const { id: random, ...candidate } = await rollOut(db.ports, workspaceId, versions[1], staging, share);
  const id = `0190a0b0-0000-7000-8000-0000000000d${count}`;
  await db.sql('UPDATE deployment SET id = $1 WHERE id = $2', [id, random]);
  // Another id is nothing that the database tells of: whoever heard of the first one in between would go on with it.
  await db.sql('SELECT tell_resolved_change($1, $2::uuid, $3::uuid)', [workspaceId, staging.id, workflowId]);
  return { ...candidate, id };
}
const steered = (...args: [Candidate, Parameters<typeof steer>[3]]) => steer(db.ports, workspaceId, ...args);

const get = (server: DataPlaneServer, key: string | null) => {
  const query = key === null ? '' : `?key=${encodeURIComponent(key)}`;
  return server.call('GET', `/api/v1/workflows/${slug}/environments/staging/resolved${query}`, { token: OPERATOR });
};
const versionFor = async (server: DataPlaneServer, key: string | null): Promise<number> =>
  (await get(server, key)).json.version.number;

/** A key that has the candidate at one share, and not yet at another. */
function keyBetween({ id }: Candidate, from: number, to: number): string {
  for (let nth = 0; ; nth++) {
    const keyed = { workflowId, deploymentId: id, key: `key-${nth}` };
    if (sideOf(keyed, from) === 'active' && sideOf(keyed, to) === 'candidate') return keyed.key;
  }
}

/** Those of the keys that have version 2, asked for a hundred at a time. */
async function having2(server: DataPlaneServer, keys: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < keys.length; from += 100) {
    const some = keys.slice(from, from + 100);
    const answers = await Promise.all(some.map((key) => versionFor(server, key)));
    found.push(...some.filter((_, nth) => answers[nth] === 2));
  }
  return found;
}

describe('while a canary runs', () => {
  it('its share of 10,000 keys has it, the same ones in every process, and all of them after the share has grown', async () => {
    const candidate = await startCanary(1_000);
    const keys = Array.from({ length: 10_000 }, (_, nth) => `user-${nth}@example.com`);
    const some = keys.slice(0, 1_000);
    const few = await having2(one, keys);
    expect(Math.abs(few.length / keys.length - 0.1)).toBeLessThan(0.01);
    expect(await having2(other, some)).toEqual(some.filter((key) => few.includes(key)));
    await steered(candidate, 5_000);
    const newcomer = keyBetween(candidate, 1_000, 5_000);
    for (const server of [one, other]) await expect.poll(() => versionFor(server, newcomer)).toBe(2);
    expect(await having2(one, few)).toEqual(few);
    const half = await having2(one, some);
    expect(Math.abs(half.length / some.length - 0.5)).toBeLessThan(0.05);
    expect(await having2(other, some)).toEqual(half);
  }, 120_000);

  it('who gives no key has the active version, until all have the candidate', async () => {
    const candidate = await startCanary(9_999);
    expect((await get(one, null)).json).toMatchObject({ version: { number: 1 }, rollout: { side: 'active' } });
    await steered(candidate, 10_000);
    await expect.poll(() => versionFor(one, null)).toBe(2);
    expect((await get(one, null)).json.rollout).toEqual({ side: 'candidate' });
    await steered(candidate, 0);
    await expect.poll(() => versionFor(one, 'anybody')).toBe(1);
  });

  it('each side is told in full as one version, by both addresses', async () => {
    const candidate = await startCanary(5_000);
    const [has, hasNot] = [keyBetween(candidate, 0, 5_000), keyBetween(candidate, 5_000, 10_000)];
    const [there, here] = [await get(one, has), await get(one, hasNot)];
    expect(there.json).toMatchObject({
      version: { number: 2, contentHash: versions[1].contentHash },
      deployment: { id: candidate.id, deployedAt: candidate.deployedAt.toISOString() },
      rollout: { side: 'candidate' },
      definition: { steps: [{ systemPrompt: 'version 2' }] },
      trace: { 'towpath.workflow.version': 2, 'towpath.deployment.id': candidate.id },
    });
    expect(here.json).toMatchObject({ version: { number: 1 }, rollout: { side: 'active' } });
    expect((await get(one, null)).text).toBe(here.text);
    const path = `/api/v1/workflows/${slug}/resolve?environment=staging&key=${has}`;
    expect((await one.call('GET', path, { token: OPERATOR })).text).toBe(there.text);
  });

  it('another share is another answer only for those who change sides', async () => {
    const candidate = await startCanary(5_000);
    const [has, hasNot] = [keyBetween(candidate, 0, 5_000), keyBetween(candidate, 6_000, 10_000)];
    const tags = () => Promise.all([has, hasNot, null].map(async (key) => (await get(one, key)).headers.get('etag')));
    const before = await tags();
    expect(before[1]).toBe(before[2]);
    await steered(candidate, 6_000);
    await expect.poll(() => versionFor(one, keyBetween(candidate, 5_000, 6_000))).toBe(2);
    expect(await tags()).toEqual(before);
  });

  it('settings go to both sides, and a label of the candidate to its own', async () => {
    const candidate = await startCanary(5_000);
    const [has, hasNot] = [keyBetween(candidate, 0, 5_000), keyBetween(candidate, 5_000, 10_000)];
    expect(await versionFor(one, has)).toBe(2);
    const settingsRevision = await give(db.ports, workspaceId, staging, { runner: 'fleet' }, { id: workflowId });
    const answers = async () => [(await get(one, has)).json, (await get(one, hasNot)).json];
    const expected = { settingsRevision, runner: 'fleet' };
    await expect.poll(answers).toMatchObject([expected, expected]);
    await db.ports.inTransaction(workspaceId, (tx) => tx.versions.setLabel(candidate.versionId, 'calmer', null));
    await expect.poll(answers).toMatchObject([{ version: { label: 'calmer' } }, { version: { label: null } }]);
  });

  it('a candidate that the settings do not fill is handed out to nobody, until they do', async () => {
    await live('${MISSING}');
    await startCanary(10_000);
    expect((await get(one, 'anybody')).json).toMatchObject({ version: { number: 1 }, rollout: { side: 'active' } });
    await give(db.ports, workspaceId, staging, { variables: { MISSING: 'claude' } }, { id: workflowId });
    await expect.poll(() => versionFor(one, 'anybody')).toBe(2);
  });
});

it('the client gives each key its side, and follows the canary to its end', async () => {
  const client = new TowpathClient({ url: one.url, token: OPERATOR, environment: 'staging', pollInterval: 3_600_000 });
  onTestFinished(() => client.close());
  const keys = Array.from({ length: 50 }, (_, nth) => `user-${nth}`);
  const versionsOf = () => Promise.all(keys.map(async (key) => (await client.resolve(slug, { key })).version.number));
  expect(await versionsOf()).toEqual(keys.map(() => 1));
  const candidate = await startCanary(0);
  for (const share of [3_000, 7_000]) {
    await steered(candidate, share);
    const expected = keys.map((key) => sideOf({ workflowId, deploymentId: candidate.id, key }, share));
    await expect.poll(versionsOf).toEqual(expected.map((side) => (side === 'candidate' ? 2 : 1)));
  }
  await steered(candidate, 'finish');
  await expect.poll(versionsOf).toEqual(keys.map(() => 2));
  expect(await client.resolve(slug)).toMatchObject({ version: { number: 2 }, rollout: null, stale: false });
});

it('every process and stream learns that it begins, has another share, is finished or aborted', async () => {
  const streams = [await readStream(one.url, 'staging'), await readStream(other.url, 'staging')];
  const told = () => streams.map(({ events }) => events.filter(({ data }) => data?.workflow === slug).length);
  const lastCandidates = () =>
    streams.map(({ events }) => events.filter(({ data }) => data?.workflow === slug).at(-1)?.data.candidate);
  /** What all say to a key after an act that all streams were told of. */
  const after = async <T>(key: string | null, act: () => Promise<T>): Promise<[T, unknown[]]> => {
    for (const server of [one, other, deaf]) await get(server, key);
    const before = told();
    const done = await act();
    await expect.poll(() => told().every((now, nth) => now > (before[nth] ?? 0))).toBe(true);
    const heard = [(await get(one, key)).json, (await get(other, key)).json];
    await expect.poll(async () => (await get(deaf, key)).json, { timeout: 10_000 }).toEqual(heard[0]);
    return [done, heard.map(({ version, rollout }) => [version.number, rollout?.side ?? null])];
  };
  const both = (version: number, side: string | null) => [
    [version, side],
    [version, side],
  ];
  const [candidate, began] = await after('somebody', () => startCanary(0));
  expect(began).toEqual(both(1, 'active'));
  const beside = { version: 2, deployment: candidate.id };
  await expect.poll(lastCandidates).toEqual([beside, beside]);
  expect((await after('somebody', () => steered(candidate, 10_000)))[1]).toEqual(both(2, 'candidate'));
  expect((await after('somebody', () => steered(candidate, 'abort')))[1]).toEqual(both(1, null));
  await expect.poll(lastCandidates).toEqual([null, null]);
  const resume = () => db.ports.inTransaction(workspaceId, (tx) => tx.deployments.resumeCandidate(candidate, null));
  expect((await after('somebody', resume))[1]).toEqual(both(2, 'candidate'));
  expect((await after(null, () => steered(candidate, 'finish')))[1]).toEqual(both(2, null));
  for (const stream of streams) stream.close();
}, 60_000);
