import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Version, Workflow } from '../../../src/domain/version.ts';
import { aFlow, give, goLive } from '../../support/data-plane/flows.ts';
import { type ReadStream, readStream } from '../../support/data-plane/read-stream.ts';
import {
  type DataPlaneServer,
  makeToken,
  OPERATOR,
  startDataPlaneServer,
} from '../../support/data-plane/start-data-plane-server.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

let db: TestPersistence;
let workspaceId: string;
let staging: Environment;
let production: Environment;
let one: DataPlaneServer;
let other: DataPlaneServer;
let flow: { workflow: Workflow; versions: Version[] };
let slug: string;
let count = 0;
let streams: ReadStream[] = [];

withTestPersistence((persistence) => {
  db = persistence;
});
beforeAll(async () => {
  ({ workspaceId, staging, production } = await seedWorkspace(db.ports));
  one = await startDataPlaneServer({ url: db.url, workspaceId });
  other = await startDataPlaneServer({ url: db.url, workspaceId });
});
afterAll(async () => {
  await one.stop();
  await other.stop();
});
beforeEach(async () => {
  slug = `flow-${++count}`;
  flow = await aFlow(db.ports, workspaceId, { slug, versions: 3, model: 'claude' });
});
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

const open = async (...args: Parameters<typeof readStream>): Promise<ReadStream> => {
  const stream = await readStream(...args);
  streams = [...streams, stream];
  return stream;
};
const deploy = (number: number, environment = staging) =>
  goLive(db.ports, workspaceId, flow.versions[number - 1] as Version, environment);
const changes = (stream: ReadStream) =>
  stream.events.filter(({ event, data }) => event === 'resolved-changed' && data.workflow === slug);
const ofVersion = (version: number) => (event: ReadStream['events'][number]) =>
  event.data?.workflow === slug && event.data.version === version;

describe('a stream', () => {
  it('tells in every process what went live, and of settings by their number', async () => {
    const [here, there] = [await open(one.url, 'staging'), await open(other.url, 'stag')];
    expect(here.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const { id } = await deploy(2);
    for (const stream of [here, there]) {
      const event = await stream.next(ofVersion(2));
      expect(event).toMatchObject({ id: expect.stringMatching(/^\d+$/), event: 'resolved-changed' });
      expect(event.data).toEqual({
        workflow: slug,
        environment: 'staging',
        version: 2,
        deployment: id,
        candidate: null,
        settingsRevision: expect.any(Number),
      });
    }
    const number = await give(db.ports, workspaceId, staging, { runner: 'fleet' }, flow.workflow);
    await there.next(({ data }) => data?.workflow === slug && data.settingsRevision === number);
    const wide = await give(db.ports, workspaceId, staging, { runner: 'all' });
    const event = await there.next(({ data }) => data?.workflow === null && data.settingsRevision === wide);
    expect(event.data).toEqual({
      workflow: null,
      environment: 'staging',
      version: null,
      deployment: null,
      candidate: null,
      settingsRevision: wide,
    });
  });

  it('comes after the answer has changed: whoever asks the same process then is told the new one', async () => {
    await deploy(1);
    const address = `/api/v1/workflows/${slug}/environments/staging/resolved`;
    const stream = await open(one.url, 'staging');
    for (const version of [2, 3, 1, 2]) {
      await one.call('GET', address, { token: OPERATOR });
      const from = stream.events.length;
      await deploy(version);
      await waitUntil('the change', () => stream.events.slice(from).some(ofVersion(version)));
      expect((await one.call('GET', address, { token: OPERATOR })).json.version.number).toBe(version);
    }
  });

  it('tells nothing of another environment', async () => {
    const stream = await open(one.url, 'staging');
    await deploy(1, production);
    await deploy(1);
    await stream.next(ofVersion(1));
    expect(changes(stream).map(({ data }) => data.environment)).toEqual(['staging']);
  });

  it('is opened for the environment of its token alone', async () => {
    const token = await makeToken(db.ports, workspaceId, production.id);
    expect((await open(one.url, 'production', { token })).status).toBe(200);
    expect((await open(one.url, 'staging', { token })).status).toBe(404);
    expect((await one.call('GET', '/api/v1/stream', { token })).status).toBe(400);
  });

  it('refuses one more than a token may have open, and takes another when one is closed', async () => {
    const token = await makeToken(db.ports, workspaceId, production.id);
    const many = await Promise.all(Array.from({ length: 100 }, () => open(one.url, 'production', { token })));
    expect(many.every(({ status }) => status === 200)).toBe(true);
    const refused = await one.call('GET', '/api/v1/stream?environment=production', { token });
    expect([refused.status, refused.json.code]).toEqual([429, 'too_many_streams']);
    many[0]?.close();
    await expect.poll(async () => (await open(one.url, 'production', { token })).status).toBe(200);
  });
});

describe('resuming', () => {
  it('tells what was missed, each workflow once and as it is now', async () => {
    const stream = await open(one.url, 'staging');
    await deploy(1);
    const { id } = await stream.next(ofVersion(1));
    stream.close();
    await deploy(2);
    await deploy(3);
    const resumed = await open(other.url, 'staging', { lastId: id ?? '' });
    await resumed.next(ofVersion(3));
    expect(changes(resumed)).toHaveLength(1);
  });

  it('needs no event before: an id comes with the first words', async () => {
    const stream = await open(one.url, 'staging');
    const lastId = stream.lastId() ?? '';
    expect(lastId).toMatch(/^\d+$/);
    stream.close();
    await deploy(1);
    await (await open(other.url, 'staging', { lastId })).next(ofVersion(1));
  });

  it('tells of what was committed late under a lower number than the last that was heard', async () => {
    const stream = await open(one.url, 'staging');
    let heard: string | null = null;
    await db.ports.inTransaction(workspaceId, async (tx) => {
      const version = flow.versions[1] as Version;
      const { workflowId, id: versionId } = version;
      await tx.deployments.activate({
        ...{ workflowId, versionId, environmentId: staging.id },
        ...{ promotionId: null, deployedBy: 'U0DEV', reason: null, changes: [] },
      });
      const later = await aFlow(db.ports, workspaceId, { slug: `${slug}-later` });
      await goLive(db.ports, workspaceId, later.versions[0] as Version, staging);
      heard = (await stream.next(({ data }) => data?.workflow === `${slug}-later`)).id;
      stream.close();
    });
    await (await open(one.url, 'staging', { lastId: heard ?? '' })).next(ofVersion(2));
  });

  it('says that anything may have changed where the last id is too old, or none that was ever given', async () => {
    await deploy(1);
    for (const lastId of ['0', '999999999', 'nonsense', '1'.repeat(200)]) {
      const stream = await open(one.url, 'staging', { lastId });
      await stream.next(({ event }) => event === 'reset');
    }
    const stream = await open(one.url, 'staging');
    const old = stream.lastId() ?? '';
    await deploy(2);
    await stream.next(ofVersion(2));
    await db.sql("UPDATE resolved_change SET at = at - interval '2 days' WHERE seq <= $1", [Number(old)]);
    await one.persistence.resolvedChanges.sweep();
    await (await open(one.url, 'staging', { lastId: old })).next(({ event }) => event === 'reset');
  });
});

describe('the end of a stream', () => {
  it('comes with the revocation of its token, in every process, and says why', async () => {
    const token = await makeToken(db.ports, workspaceId, staging.id);
    const [here, there, another] = [
      await open(one.url, 'staging', { token }),
      await open(other.url, 'staging', { token }),
      await open(one.url, 'staging'),
    ];
    await db.sql("UPDATE api_token SET revoked_at = now(), revoked_by = 'U0ADA' WHERE environment_id = $1", [
      staging.id,
    ]);
    for (const stream of [here, there]) {
      await waitUntil('the end', () => stream.isEnded());
      expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'not_permitted' } });
    }
    expect(another.isEnded()).toBe(false);
  });

  it('comes when the process stops, which does not wait for its readers', async () => {
    const stopping = await startDataPlaneServer({ url: db.url, workspaceId });
    const stream = await open(stopping.url, 'staging');
    await stopping.stop();
    expect(stream.isEnded()).toBe(true);
    expect(stream.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'shutting_down' } });
  });
});
