import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Jobs, startJobs } from '../../../src/adapters/jobs/start-jobs.ts';
import { makeDeliverWebhook } from '../../../src/adapters/webhooks/deliver-webhook.ts';
import type { WebhookEndpoint } from '../../../src/domain/environment.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { anEnvironment, createWorkflow, seedWorkspace } from '../../support/database/seed.ts';
import { tasksThat } from '../../support/jobs/queue.ts';
import { SECRET } from '../../support/webhooks/delivery-in-memory.ts';
import { answer, closeEndpoints, listen, neverAnswer } from '../../support/webhooks/endpoints.ts';

const log = pino({ level: 'silent' });
let db: TestPersistence;
let workspaceId: string;
let jobs: Jobs;

beforeEach(async () => {
  db = await openTestPersistence();
  ({ workspaceId } = await seedWorkspace(db.ports));
  const deliver = makeDeliverWebhook({ ports: db.ports, secrets: () => SECRET, log });
  const tasks = tasksThat({ 'deliver-webhook': deliver });
  jobs = await startJobs({ connectionString: db.url, tasks, ticks: [], log, patience: 200 });
});
afterEach(async () => {
  await closeEndpoints();
  await jobs.stop();
  await db.end();
});

/** Configures the endpoints and publishes one event to them. */
async function publish(...urls: string[]): Promise<void> {
  const webhooks = urls.map(
    (url): WebhookEndpoint => ({ url, secretVariable: 'HOOK', events: [], allowPrivate: true }),
  );
  await db.ports.inTransaction(workspaceId, (tx) =>
    tx.environments.replace([anEnvironment('development', 0), anEnvironment('staging', 1, { webhooks })]),
  );
  await db.ports.inTransaction(workspaceId, async (tx) => {
    const [, staging] = await tx.environments.pipeline();
    if (staging === undefined) throw new Error('There is no staging.');
    const about = { environment: staging, workflow: await createWorkflow(tx) };
    await tx.webhooks.publish(about, 'deployment.activated', { workflow: 'summarize-flow' });
  });
}
const deliveries = async () =>
  (await db.ports.reading(workspaceId, (tx) => tx.webhooks.list({}, { limit: 100 }))).items;

test('an event published in a transaction reaches its endpoint, which verifies it; every attempt is on record', async () => {
  const { url, received } = await listen(answer(200));
  await publish(url);
  await vi.waitFor(
    async () =>
      expect(await deliveries()).toMatchObject([
        { status: 'delivered', attempts: 1, lastAttempt: { status: 200, error: null } },
      ]),
    15_000,
  );
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({
    type: 'deployment.activated',
    timestamp: expect.any(String),
    data: { workflow: 'summarize-flow' },
  });
  expect(headers['webhook-id']).toBe((await deliveries())[0]?.id);
});

test('a failed delivery comes again by itself under the same id', async () => {
  const { url, received } = await listen(answer(500), answer(200));
  await publish(url);
  await vi.waitFor(async () => expect(await deliveries()).toMatchObject([{ status: 'pending', attempts: 1 }]), 15_000);
  // Rather than waiting for its time: as if that had come.
  await db.sql('UPDATE graphile_worker._private_jobs SET run_at = now()');
  await vi.waitFor(
    async () => expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts: 2 }]),
    15_000,
  );
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
});

test('a dead endpoint does not delay another one', async () => {
  const dead = await listen(neverAnswer);
  const alive = await listen(answer(200));
  for (let n = 0; n < 5; n++) await publish(dead.url, alive.url);
  await vi.waitFor(() => expect(alive.received).toHaveLength(5), 15_000);
  expect(dead.received).toHaveLength(1);
});

test('a delivery given up and redelivered starts anew under its id', async () => {
  const { url, received } = await listen(answer(404), answer(200));
  await publish(url);
  await vi.waitFor(async () => expect(await deliveries()).toMatchObject([{ status: 'given_up' }]), 15_000);
  const [{ id } = { id: '' }] = await deliveries();
  await db.ports.inTransaction(workspaceId, (tx) => tx.webhooks.restart(id));
  await vi.waitFor(async () => expect(await deliveries()).toMatchObject([{ id, status: 'delivered' }]), 15_000);
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
});
