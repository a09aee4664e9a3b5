import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Jobs, type JobsOptions, startJobs } from '../../../src/adapters/jobs/start-jobs.ts';
import { RetryAt } from '../../../src/use-cases/retry-at.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/create-test-database.ts';
import { openQueue, type Queue, tasksThat } from '../../support/jobs/queue.ts';

let database: TestDatabase;
let queue: Queue;
let started: Jobs[];

beforeEach(async () => {
  database = await createTestDatabase();
  queue = await openQueue(database.url);
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((jobs) => jobs.stop()));
  await queue.close();
  await database.drop();
});

async function start(options: Partial<JobsOptions>): Promise<Jobs> {
  const jobs = await startJobs({
    connectionString: database.url,
    tasks: tasksThat({}),
    ticks: [],
    log: pino({ level: 'silent' }),
    patience: 2000,
    ...options,
  });
  started.push(jobs);
  await vi.waitFor(() => expect(jobs.ready()).toBe(true), 15_000);
  return jobs;
}

test('a job runs once its transaction is committed, and never before', async () => {
  const done: unknown[] = [];
  await start({ tasks: tasksThat({ 'post-announcement': async (payload) => void done.push(payload) }) });
  await queue.client.query('BEGIN');
  await queue.add('post-announcement', { id: 'first' });
  const other = await openQueue(database.url);
  await other.add('post-announcement', { id: 'second' });
  await other.close();
  await vi.waitFor(() => expect(done).toEqual([{ id: 'second' }]), 15_000);
  await queue.client.query('COMMIT');
  await vi.waitFor(() => expect(done).toEqual([{ id: 'second' }, { id: 'first' }]), 15_000);
  await vi.waitFor(async () => expect(await queue.jobs()).toEqual([]), 15_000);
});

test('a task that asks to be retried later keeps its key, queue and payload, and is not counted as having failed', async () => {
  const at = new Date(Date.now() + 3_600_000);
  await start({
    tasks: tasksThat({
      'refresh-announcements': async () => {
        throw new RetryAt(at, 'rate limited');
      },
    }),
  });
  await queue.add('refresh-announcements', { subject: 'p1' }, { queue: 'q1', key: 'k1', maxAttempts: 7 });
  await vi.waitFor(async () => expect((await queue.jobs()).map((job) => job.run_at)).toEqual([at]), 15_000);
  const [job] = await queue.jobs();
  expect(job).toMatchObject({
    key: 'k1',
    queue_name: 'q1',
    payload: { subject: 'p1' },
    attempts: 0,
    max_attempts: 7,
    locked_by: null,
  });
});

test('a task retried later runs again at its time', async () => {
  let calls = 0;
  await start({
    tasks: tasksThat({
      'post-announcement': async () => {
        calls += 1;
        if (calls === 1) throw new RetryAt(new Date(Date.now() + 50), 'rate limited');
      },
    }),
  });
  await queue.add('post-announcement', {}, { queue: 'q1' });
  await vi.waitFor(() => expect(calls).toBe(2), 8000);
  await vi.waitFor(async () => expect(await queue.jobs()).toEqual([]), 15_000);
});

test('a job whose key another job took while it ran is not put back: the newer one does its work', async () => {
  const at = new Date(Date.now() + 3_600_000);
  const running = Promise.withResolvers<void>();
  const seen: unknown[] = [];
  await start({
    tasks: tasksThat({
      'refresh-announcements': async (payload) => {
        seen.push(payload);
        if (seen.length > 1) return;
        await running.promise;
        throw new RetryAt(at, 'rate limited');
      },
    }),
  });
  await queue.add('refresh-announcements', { n: 1 }, { queue: 'q1', key: 'k1' });
  await vi.waitFor(() => expect(seen).toEqual([{ n: 1 }]), 15_000);
  await queue.add('refresh-announcements', { n: 2 }, { queue: 'q1', key: 'k1' });
  running.resolve();
  await vi.waitFor(() => expect(seen).toEqual([{ n: 1 }, { n: 2 }]), 8000);
  await vi.waitFor(async () => expect(await queue.jobs()).toEqual([]), 15_000);
});

test('jobs of one queue run one after the other, in order, and each follows at once', async () => {
  const seen: string[] = [];
  await start({
    tasks: tasksThat({
      'post-announcement': async (payload) => {
        seen.push(`begin ${payload}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push(`end ${payload}`);
      },
    }),
  });
  const numbers = Array.from({ length: 40 }, (_, n) => n);
  await queue.client.query('BEGIN');
  for (const n of numbers) await queue.add('post-announcement', n, { queue: 'q1' });
  await queue.client.query('COMMIT');
  // Waiting for a poll before each would take most of a minute.
  await vi.waitFor(() => expect(seen).toEqual(numbers.flatMap((n) => [`begin ${n}`, `end ${n}`])), 10_000);
  await vi.waitFor(async () => expect(await queue.jobs()).toEqual([]), 15_000);
});

test('jobs of different queues run side by side', async () => {
  const all = Promise.withResolvers<void>();
  let running = 0;
  await start({
    concurrency: { webhooks: 10 },
    tasks: tasksThat({
      'deliver-webhook': async () => {
        running += 1;
        if (running % 10 === 0) all.resolve();
        await all.promise;
      },
    }),
  });
  await queue.client.query('BEGIN');
  for (let n = 0; n < 10; n++) await queue.add('deliver-webhook', n, { queue: `q${n}` });
  await queue.client.query('COMMIT');
  await vi.waitFor(() => expect(running).toBe(10), 15_000);
});

test('a task that fails is kept with its error for a later attempt', async () => {
  await start({
    tasks: tasksThat({
      'post-announcement': async () => {
        throw new Error('slack is down');
      },
    }),
  });
  await queue.add('post-announcement', {});
  await vi.waitFor(
    async () =>
      expect(await queue.jobs()).toMatchObject([{ attempts: 1, last_error: 'slack is down', locked_by: null }]),
    5000,
  );
});

test('webhooks that never end leave the Slack tasks their workers', async () => {
  const hanging = Promise.withResolvers<void>();
  let delivering = 0;
  const posted = vi.fn(async () => undefined);
  await start({
    concurrency: { webhooks: 3 },
    tasks: tasksThat({
      'deliver-webhook': () => {
        delivering += 1;
        return hanging.promise;
      },
      'post-announcement': posted,
    }),
  });
  for (let n = 0; n < 6; n++) await queue.add('deliver-webhook', { n });
  await vi.waitFor(() => expect(delivering).toBe(3), 15_000);
  await queue.add('post-announcement', {});
  await vi.waitFor(() => expect(posted).toHaveBeenCalledOnce(), 15_000);
  expect(delivering).toBe(3);
  hanging.resolve();
  await vi.waitFor(() => expect(delivering).toBe(6), 15_000);
});

test('gates that never answer leave webhooks their workers', async () => {
  const hanging = Promise.withResolvers<void>();
  let asking = 0;
  const delivered = vi.fn(async () => undefined);
  const hang = () => {
    asking += 1;
    return hanging.promise;
  };
  await start({
    concurrency: { gates: 2, webhooks: 1 },
    tasks: tasksThat({ 'ask-gate': hang, 'check-parity': hang, 'deliver-webhook': delivered }),
  });
  for (let n = 0; n < 2; n++) await queue.add('ask-gate', { n });
  await queue.add('check-parity', {});
  await vi.waitFor(() => expect(asking).toBe(2), 15_000);
  await queue.add('deliver-webhook', {});
  await vi.waitFor(() => expect(delivered).toHaveBeenCalledOnce(), 15_000);
  hanging.resolve();
});

test('stopping waits for the job that runs and takes no other', async () => {
  const running = Promise.withResolvers<void>();
  const seen: unknown[] = [];
  const jobs = await start({
    concurrency: { slack: 1 },
    patience: 20_000,
    tasks: tasksThat({
      'post-announcement': (payload) => {
        seen.push(payload);
        return running.promise;
      },
    }),
  });
  await queue.add('post-announcement', 1);
  await queue.add('post-announcement', 2);
  await vi.waitFor(() => expect(seen).toEqual([1]), 15_000);
  let stopped = false;
  const stopping = jobs.stop().then(() => {
    stopped = true;
  });
  expect(jobs.ready()).toBe(false);
  expect(await Promise.race([stopping, queue.jobs().then(() => 'still running')])).toBe('still running');
  expect(stopped).toBe(false);
  running.resolve();
  await stopping;
  expect(seen).toEqual([1]);
  expect(await queue.jobs()).toMatchObject([{ payload: 2, locked_by: null }]);
});

test('stopping gives back what does not end in time', async () => {
  const taken: unknown[] = [];
  const jobs = await start({
    patience: 200,
    tasks: tasksThat({
      'deliver-webhook': (payload) => {
        taken.push(payload);
        return new Promise(() => undefined);
      },
    }),
  });
  await queue.add('deliver-webhook', { id: 'msg_1' });
  await vi.waitFor(() => expect(taken).toHaveLength(1), 15_000);
  await jobs.stop();
  expect(await queue.jobs()).toMatchObject([{ payload: { id: 'msg_1' }, locked_by: null, attempts: 1 }]);
});

test('a start without a database fails instead of waiting', async () => {
  const nowhere = new URL(database.url);
  nowhere.port = '1';
  await expect(start({ connectionString: nowhere.href })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
