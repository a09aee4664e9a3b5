import { createHash, randomUUID } from 'node:crypto';
import { Logger, runOnce } from 'graphile-worker';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Environment, WebhookEndpoint } from '../../../src/domain/environment.ts';
import type { AuditEvent, Transaction, WebhookDelivery } from '../../../src/use-cases/ports.ts';
import { queryOn } from '../../support/database/on-server.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { anActor, createWorkflow, seedWorkspace } from '../../support/database/seed.ts';

let db: TestPersistence;
let workspaceId: string;
let staging: Environment;
const write = <T>(work: (tx: Transaction) => Promise<T>) => db.ports.inTransaction(workspaceId, work);

interface Job {
  [column: string]: unknown;
  task_identifier: string;
  payload: Record<string, unknown>;
  queue_name: string;
  key: string | null;
  run_at: Date;
  at_micros: string;
}
const jobs = () =>
  db.sql<Job>(
    `SELECT t.identifier AS task_identifier, j.payload, q.queue_name, j.key, j.run_at,
       (extract(epoch FROM j.run_at) * 1000000)::bigint::text AS at_micros
     FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id ORDER BY j.id`,
  );

beforeAll(async () => {
  db = await openTestPersistence();
});
beforeEach(async () => {
  await db.sql('DELETE FROM graphile_worker._private_jobs');
  ({ workspaceId, staging } = await seedWorkspace(db.ports));
});
afterAll(() => db.end());

describe('the audit', () => {
  const list = (
    filter: { workflowId?: string; environmentId?: string; action?: string; before?: string; limit?: number } = {},
  ) => db.ports.reading(workspaceId, (tx) => tx.audit.list({ limit: 100, ...filter }));

  test('keeps who did what, by which way, with the state before and after as JSON', async () => {
    const at = await write(async (tx) => {
      await tx.audit.record(anActor(workspaceId, 'U0ADA'), {
        action: 'role.assigned',
        subject: 'person:U1',
        before: null,
        after: { at: tx.now, n: undefined, role: 'lead' },
      });
      return tx.now;
    });
    const { items } = await list();
    expect(items).toEqual([
      {
        seq: expect.stringMatching(/^\d+$/),
        at,
        actor: 'U0ADA',
        via: 'slack',
        action: 'role.assigned',
        subject: 'person:U1',
        before: null,
        after: { at: at.toISOString(), role: 'lead' },
      },
    ]);
  });

  test('is filtered by workflow, environment and action, and read back from any point', async () => {
    const workflow = await write((tx) => createWorkflow(tx));
    await write(async (tx) => {
      const actor = anActor(workspaceId);
      await tx.audit.record(actor, { action: 'a', subject: '1' });
      await tx.audit.record(actor, { action: 'a', subject: '2', workflowId: workflow.id });
      await tx.audit.record(actor, { action: 'b', subject: '3', workflowId: workflow.id, environmentId: staging.id });
    });
    const subjects = (page: { items: AuditEvent[] }) => page.items.map((event) => event.subject);
    expect(subjects(await list())).toEqual(['3', '2', '1']);
    expect(subjects(await list({ workflowId: workflow.id }))).toEqual(['3', '2']);
    expect(subjects(await list({ environmentId: staging.id }))).toEqual(['3']);
    expect(subjects(await list({ action: 'a', workflowId: workflow.id }))).toEqual(['2']);
    const first = await list({ limit: 2 });
    expect(subjects(first)).toEqual(['3', '2']);
    const second = await list({ limit: 2, before: first.cursor ?? '' });
    expect(subjects(second)).toEqual(['1']);
    expect(second.cursor).toBeNull();
  });

  test.each(['', 'x', '-1', '1e3', '99999999999999999999'])(
    'a point that is no sequence number is refused: “%s”',
    async (before) => {
      await expect(list({ before })).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  test('nobody acts in another workspace', async () => {
    await expect(write((tx) => tx.audit.record(anActor('T0OTHER'), { action: 'a', subject: 's' }))).rejects.toThrow(
      'T0OTHER',
    );
  });
});

describe('announcements', () => {
  test('are written with the job that posts them, or neither is', async () => {
    const subjectId = randomUUID();
    const id = await write((tx) =>
      tx.announcements.post({ kind: 'promotion-card', subjectId, target: 'C1', payload: { a: 1 } }),
    );
    await expect(
      write(async (tx) => {
        await tx.announcements.post({ kind: 'promotion-card', subjectId, target: 'C2' });
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    const [job, ...others] = await jobs();
    expect(others).toEqual([]);
    expect(job).toMatchObject({ task_identifier: 'post-announcement', payload: { announcementId: id, workspaceId } });
    expect(await db.ports.reading(workspaceId, (tx) => tx.announcements.get(id))).toEqual({
      id,
      workspaceId,
      kind: 'promotion-card',
      subjectId,
      target: 'C1',
      threadOf: null,
      payload: { a: 1 },
      state: 'waiting',
      attemptedAt: null,
      channel: null,
      ts: null,
      shown: null,
    });
  });

  test('of one transaction are posted in the order of writing, after the update of what they speak of', async () => {
    const subjectId = randomUUID();
    const ids = await write(async (tx) => {
      const story = () => tx.announcements.post({ kind: 'promotion-story', subjectId, target: 'C1' });
      const first = [await story(), await story()];
      await tx.announcements.refresh(subjectId);
      return [...first, await story()];
    });
    // As workers take them: by time, and nothing but time.
    const taken = (await jobs()).sort((a, b) => Number(a.at_micros) - Number(b.at_micros));
    expect(new Set(taken.map((job) => job.at_micros)).size).toBe(4);
    expect(taken.map((job) => job.payload['announcementId'] ?? 'refresh')).toEqual(['refresh', ...ids]);
  });

  test('of one subject are listed in the order of writing and share a queue', async () => {
    const subjectId = randomUUID();
    const ids = await write(async (tx) => {
      const written: string[] = [];
      for (let i = 0; i < 10; i++)
        written.push(await tx.announcements.post({ kind: 'promotion-card', subjectId, target: `C${i}` }));
      await tx.announcements.post({ kind: 'promotion-story', subjectId, target: 'C0', threadOf: written[0] ?? '' });
      return written;
    });
    const [cards, stories] = await db.ports.reading(
      workspaceId,
      async (tx) =>
        [
          await tx.announcements.listOf(subjectId, 'promotion-card'),
          await tx.announcements.listOf(subjectId, 'promotion-story'),
        ] as const,
    );
    expect(cards.map((card) => card.id)).toEqual(ids);
    expect(stories).toMatchObject([{ threadOf: ids[0] }]);
    expect(new Set((await jobs()).map((job) => job.queue_name)).size).toBe(1);
  });

  test('a refresh waits once however often it is asked for; a later one waits beside it', async () => {
    const subjectId = randomUUID();
    const at = new Date(Date.now() + 600_000);
    for (let i = 0; i < 3; i++) await write((tx) => tx.announcements.refresh(subjectId));
    for (let i = 0; i < 3; i++) await write((tx) => tx.announcements.refresh(subjectId, at));
    const waiting = await jobs();
    expect(waiting).toMatchObject([
      { task_identifier: 'refresh-announcements', payload: { subjectId, workspaceId }, key: `refresh:${subjectId}` },
      { task_identifier: 'refresh-announcements', payload: { subjectId, workspaceId }, run_at: at },
    ]);
  });

  test('a refresh asked for while one runs is not lost', async () => {
    const subjectId = randomUUID();
    await write((tx) => tx.announcements.refresh(subjectId));
    let runs = 0;
    await runOnce({
      connectionString: db.url,
      logger: new Logger(() => () => undefined),
      taskList: {
        'refresh-announcements': async () => {
          runs += 1;
          if (runs === 1) await write((tx) => tx.announcements.refresh(subjectId));
        },
      },
    });
    expect(runs).toBe(2);
  });

  test('a refresh asked for in the moment in which a worker takes the waiting one is not lost either', async () => {
    const subjectId = randomUUID();
    await write((tx) => tx.announcements.refresh(subjectId));
    await db.sql('BEGIN');
    await db.sql("UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'w' WHERE key = $1", [
      `refresh:${subjectId}`,
    ]);
    const asked = write((tx) => tx.announcements.refresh(subjectId));
    const waits = () =>
      queryOn(db.url, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");
    await expect.poll(waits, { timeout: 5000 }).toHaveLength(1);
    await db.sql('COMMIT');
    await asked;
    const waiting = await db.sql('SELECT 1 FROM graphile_worker._private_jobs WHERE is_available AND key = $1', [
      `refresh:${subjectId}`,
    ]);
    expect(waiting).toHaveLength(1);
  });

  test('remember how far their delivery came', async () => {
    const subjectId = randomUUID();
    const id = await write((tx) => tx.announcements.post({ kind: 'notice', subjectId, target: 'C1' }));
    const mark = (change: Parameters<Transaction['announcements']['mark']>[1]) =>
      write(async (tx) => {
        await tx.announcements.mark(id, change);
        return { ...(await tx.announcements.get(id)), now: tx.now };
      });
    const attempted = await mark({ state: 'attempted' });
    expect(attempted).toMatchObject({ state: 'attempted', attemptedAt: attempted.now });
    expect(await mark({ state: 'waiting' })).toMatchObject({ state: 'waiting', attemptedAt: null });
    expect(await mark({ state: 'failed', error: 'x'.repeat(100_000) })).toMatchObject({ state: 'failed' });
    expect(await mark({ state: 'posted', channel: 'C1', ts: '1.2', shown: null })).toMatchObject({
      state: 'posted',
      channel: 'C1',
      ts: '1.2',
    });
  });

  test('where the first posted card of each promotion is, is known at once', async () => {
    const [one, two, none] = [randomUUID(), randomUUID(), randomUUID()];
    await write(async (tx) => {
      const post = async (
        subjectId: string,
        ts: string | null,
        kind: 'promotion-card' | 'promotion-story' = 'promotion-card',
      ) => {
        const id = await tx.announcements.post({ kind, subjectId, target: 'C1' });
        if (ts !== null) await tx.announcements.mark(id, { state: 'posted', channel: 'C1', ts, shown: null });
      };
      await post(one, '1.1', 'promotion-story');
      await post(one, '1.2');
      await post(one, '1.3');
      await post(two, null);
      await post(two, '2.2');
      await post(none, null);
    });
    const cards = await db.ports.reading(workspaceId, (tx) => tx.announcements.postedCards([one, two, none]));
    expect(cards).toEqual(
      new Map([
        [one, { channel: 'C1', ts: '1.2' }],
        [two, { channel: 'C1', ts: '2.2' }],
      ]),
    );
  });
});

describe('webhooks', () => {
  const endpoint = (url: string, events: WebhookEndpoint['events'] = []): WebhookEndpoint => ({
    url,
    secretVariable: 'S',
    events,
    allowPrivate: false,
  });
  const publishing = (...webhooks: WebhookEndpoint[]) =>
    write((tx) => tx.webhooks.publish({ ...staging, webhooks }, 'deployment.activated', { workflow: 'w' }));
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

describe('handled requests', () => {
  test('of twenty processes that are sent the same one, one handles it', async () => {
    const first = await Promise.all(Array.from({ length: 20 }, () => db.handledRequests.firstTime('trigger:1')));
    expect(first.filter(Boolean)).toHaveLength(1);
    expect(await db.handledRequests.firstTime('trigger:2')).toBe(true);
  });

  test('are forgotten when they are old', async () => {
    await db.handledRequests.firstTime('old');
    await db.sql("UPDATE handled_request SET at = now() - interval '25 hours' WHERE key = 'old'");
    expect(await db.handledRequests.sweep(24)).toBe(1);
    expect(await db.handledRequests.firstTime('old')).toBe(true);
  });
});
