import { createHash } from 'node:crypto';
import { Logger, runOnce } from 'graphile-worker';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Environment, WebhookEndpoint } from '../../../src/domain/environment.ts';
import type { WebhookDelivery } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { createWorkflow } from '../../support/database/seed.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';
import { writtenJobs } from '../../support/database/written-jobs.ts';

let db: TestPersistence;
let workspaceId: string;
let staging: Environment;
const { write } = withSeededWorkspace((seeded) => {
  ({ db, workspaceId, staging } = seeded);
});
const jobs = () => writtenJobs(db);
beforeEach(() => db.sql('DELETE FROM graphile_worker._private_jobs'));

describe('webhooks', () => {
  const endpoint = (url: string, events: WebhookEndpoint['events'] = []): WebhookEndpoint => ({
    url,
    secretVariable: 'S',
    events,
    allowPrivate: false,
  });
  const publishing = (...webhooks: WebhookEndpoint[]) =>
    write(async (tx) => {
      const about = { environment: { ...staging, webhooks }, workflow: await createWorkflow(tx) };
      await tx.webhooks.publish(about, 'deployment.activated', { workflow: 'w' });
    });
  const list = (status?: WebhookDelivery['status']) =>
    db.ports.reading(
      workspaceId,
      async (tx) => (await tx.webhooks.list(status === undefined ? {} : { status }, { limit: 100 })).items,
    );

  test('go to every endpoint that wants the event, each with a job on the address’s own queue', async () => {
    await publishing(
      endpoint('https://b.example.com/'),
      endpoint('https://a.example.com/', ['deployment.activated', 'promotion.stale']),
      endpoint('https://c.example.com/', ['promotion.stale']),
    );
    const deliveries = await list();
    expect(deliveries.map((delivery) => delivery.url).sort()).toEqual([
      'https://a.example.com/',
      'https://b.example.com/',
    ]);
    for (const delivery of deliveries) {
      expect(delivery).toMatchObject({
        id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
        status: 'pending',
        attempts: 0,
        lastAttempt: null,
        environmentId: staging.id,
      });
      expect(JSON.parse(delivery.body)).toEqual({
        type: 'deployment.activated',
        timestamp: delivery.createdAt.toISOString(),
        data: { workflow: 'w' },
      });
      const queue_name = `webhook:${createHash('sha256').update(delivery.url).digest('hex').slice(0, 32)}`;
      expect(await jobs()).toContainEqual(
        expect.objectContaining({
          task_identifier: 'deliver-webhook',
          payload: { deliveryId: delivery.id, workspaceId },
          queue_name,
        }),
      );
    }
  });

  test('keep every attempt; the next one is a job at its time, and the last one ends it', async () => {
    await publishing(endpoint('https://a.example.com/'));
    const [delivery] = await list();
    const id = delivery?.id ?? '';
    const retryAt = new Date(Date.now() + 60_000);
    await db.sql('DELETE FROM graphile_worker._private_jobs');
    await write((tx) =>
      tx.webhooks.recordAttempt(id, { status: 503, error: 'x'.repeat(100_000), durationMs: 12 }, { retryAt }),
    );
    expect(await jobs()).toMatchObject([
      { task_identifier: 'deliver-webhook', payload: { deliveryId: id }, run_at: retryAt },
    ]);
    expect(await list('pending')).toMatchObject([{ id, attempts: 1, lastAttempt: { status: 503, durationMs: 12 } }]);
    await write((tx) =>
      tx.webhooks.recordAttempt(id, { status: null, error: 'timeout', durationMs: 10_000 }, { status: 'given_up' }),
    );
    expect(await list('given_up')).toMatchObject([
      { id, attempts: 2, lastAttempt: { status: null, error: 'timeout' } },
    ]);
    expect(await list('pending')).toEqual([]);
    expect(
      await db.sql('SELECT length(error) AS length FROM webhook_attempt WHERE status = 503 AND delivery_id = $1', [id]),
    ).toEqual([{ length: 2000 }]);
  });

  test('once the next attempt is on the queue, the job that wrote it is not run again, even if it fails afterwards', async () => {
    await publishing(endpoint('https://a.example.com/'));
    const retryAt = new Date(Date.now() + 60_000);
    const taskList = {
      'deliver-webhook': async (payload: unknown) => {
        const { deliveryId } = payload as { deliveryId: string };
        await write((tx) =>
          tx.webhooks.recordAttempt(deliveryId, { status: 503, error: null, durationMs: 1 }, { retryAt }),
        );
        throw new Error('the process had no time to say that the job is done');
      },
    };
    await runOnce({ connectionString: db.url, logger: new Logger(() => () => undefined), taskList });
    expect(await db.sql('SELECT run_at FROM graphile_worker._private_jobs WHERE is_available')).toEqual([
      { run_at: retryAt },
    ]);
  });

  test('a given-up one starts anew under its id, once; one that was delivered does not', async () => {
    await publishing(endpoint('https://a.example.com/'));
    const [delivery] = await list();
    const id = delivery?.id ?? '';
    await write((tx) =>
      tx.webhooks.recordAttempt(id, { status: 500, error: null, durationMs: 1 }, { status: 'given_up' }),
    );
    await db.sql('DELETE FROM graphile_worker._private_jobs');
    await write((tx) => tx.webhooks.restart(id));
    await write((tx) => tx.webhooks.restart(id));
    expect(await jobs()).toHaveLength(1);
    const restarted = await db.ports.reading(workspaceId, (tx) => tx.webhooks.find(id));
    expect(restarted).toMatchObject({ status: 'pending', attempts: 0 });
    expect(restarted?.startedAt.getTime()).toBeGreaterThan(delivery?.startedAt.getTime() ?? Infinity);
    await write((tx) =>
      tx.webhooks.recordAttempt(id, { status: 200, error: null, durationMs: 1 }, { status: 'delivered' }),
    );
    await write((tx) => tx.webhooks.restart(id));
    expect(await list('delivered')).toMatchObject([{ id }]);
  });

  test('are listed page by page, newest first', async () => {
    for (let i = 0; i < 5; i++) await publishing(endpoint(`https://${i}.example.com/`));
    const urls: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: WebhookDelivery[]; cursor: string | null } = await db.ports.reading(workspaceId, (tx) =>
        tx.webhooks.list({ status: 'pending' }, { limit: 2, ...(cursor === null ? {} : { cursor }) }),
      );
      urls.push(...page.items.map((delivery) => delivery.url));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(urls.length).toBe(5);
    expect(new Set(urls).size).toBe(5);
  });

  test('that ended long ago are forgotten with their attempts, and no others', async () => {
    await publishing(
      endpoint('https://a.example.com/'),
      endpoint('https://b.example.com/'),
      endpoint('https://c.example.com/'),
    );
    const [old, recent, pending] = await list();
    for (const delivery of [old, recent]) {
      await write((tx) =>
        tx.webhooks.recordAttempt(
          delivery?.id ?? '',
          { status: 200, error: null, durationMs: 1 },
          { status: 'delivered' },
        ),
      );
    }
    await db.sql("UPDATE webhook_delivery SET finished_at = now() - interval '31 days' WHERE id = $1", [old?.id]);
    expect(await db.purgeDeliveries(30)).toBe(1);
    expect((await list()).map((delivery) => delivery.id).sort()).toEqual([recent?.id, pending?.id].sort());
  });
});
