import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeForgetFailedJobs } from '../../../src/adapters/jobs/forget-failed-jobs.ts';
import { openLifeSign } from '../../../src/adapters/jobs/life-sign.ts';
import { makeUnlockDeadPools } from '../../../src/adapters/jobs/unlock-dead-pools.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database/create-test-database.ts';
import { openQueue, type Queue } from '../../support/jobs/queue.ts';

const PROCESS = fileURLToPath(new URL('../../support/jobs/worker-process.ts', import.meta.url));
const log = pino({ level: 'silent' });

interface Worker {
  child: ChildProcess;
  lines: string[];
}

let database: TestDatabase;
let queue: Queue;
let workers: Worker[];

beforeEach(async () => {
  database = await createTestDatabase();
  queue = await openQueue(database.url);
  workers = [];
});
afterEach(async () => {
  for (const { child } of workers) await kill(child);
  await queue.close();
  await database.drop();
});

async function startWorker(): Promise<Worker> {
  const child = spawn(process.execPath, [PROCESS, database.url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const worker = { child, lines: [] as string[] };
  workers.push(worker);
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', (line) => worker.lines.push(line));
  await vi.waitFor(() => expect(worker.lines).toContain('ready'), 20_000);
  return worker;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('a job of a process that was killed is run by another one, and its queue goes on', async () => {
  const first = await startWorker();
  await queue.add('deliver-webhook', { id: 'msg_1' }, { queue: 'q1' });
  await vi.waitFor(() => expect(first.lines).toContain('took {"id":"msg_1"}'), 10_000);
  const second = await startWorker();
  await kill(first.child);
  await vi.waitFor(() => expect(second.lines).toContain('took {"id":"msg_1"}'), 15_000);
});

test('a job of a process that was killed is run when the next process starts', async () => {
  const first = await startWorker();
  await queue.add('deliver-webhook', { id: 'msg_1' });
  await vi.waitFor(() => expect(first.lines).toContain('took {"id":"msg_1"}'), 10_000);
  await kill(first.child);
  const second = await startWorker();
  await vi.waitFor(() => expect(second.lines).toContain('took {"id":"msg_1"}'), 15_000);
});

test('a living process keeps its job however long another looks, also when its connections are cut', async () => {
  const first = await startWorker();
  await queue.add('deliver-webhook', { id: 'msg_1' });
  await vi.waitFor(() => expect(first.lines).toContain('took {"id":"msg_1"}'), 10_000);
  const second = await startWorker();
  const [taken] = await queue.jobs();
  const cut = await queue.client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'towpath %' AND datname = current_database()",
  );
  expect(cut.rowCount).toBeGreaterThanOrEqual(4);
  // The killed one's job comes back, which shows that dead pools are being looked for all the while.
  await queue.client.query(
    "INSERT INTO graphile_worker._private_jobs (task_id, payload, locked_at, locked_by) SELECT id, '{\"id\":\"left behind\"}', now(), 'pool-gone' FROM graphile_worker._private_tasks WHERE identifier = 'post-announcement'",
  );
  await vi.waitFor(() => expect([...first.lines, ...second.lines]).toContain('did {"id":"left behind"}'), 20_000);
  // What a job says it does before its row is gone: the queue is looked at until it is.
  const holders = async () => (await queue.jobs()).map((job) => job.locked_by);
  await vi.waitFor(async () => expect(await holders()).toEqual([taken?.locked_by]), 10_000);
  expect([...first.lines, ...second.lines].filter((line) => line.startsWith('took'))).toHaveLength(1);
  await queue.add('post-announcement', { id: 'after' });
  await vi.waitFor(() => expect([...first.lines, ...second.lines]).toContain('did {"id":"after"}'), 10_000);
});

test('a process that stops on request leaves no lock behind', async () => {
  const worker = await startWorker();
  const gone = once(worker.child, 'exit');
  worker.child.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
  const { rows } = await queue.client.query(
    "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
  );
  expect(rows).toHaveLength(0);
});

test('a pool whose life sign has ended counts as dead, whatever else its process does', async () => {
  const [ours, theirs] = [openLifeSign(database.url, log), openLifeSign(database.url, log)];
  for (const poolId of ['pool-1', 'pool-2']) theirs.add(poolId);
  await Promise.all(['pool-1', 'pool-2'].map((poolId) => theirs.held(poolId)));
  await queue.add('deliver-webhook', 1, { queue: 'q1' });
  await queue.add('deliver-webhook', 2, { queue: 'q2' });
  await queue.client.query(
    "UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'pool-' || payload::text",
  );
  theirs.remove('pool-2');
  const unlock = makeUnlockDeadPools(ours, log);
  await vi.waitFor(
    async () => {
      await unlock();
      expect((await queue.jobs()).map((job) => job.locked_by)).toEqual(['pool-1', null]);
    },
    { timeout: 10_000, interval: 200 },
  );
  await Promise.all([ours.end(), theirs.end()]);
});

test('a queue that no running job holds is freed', async () => {
  await queue.client.query(
    "INSERT INTO graphile_worker._private_job_queues (queue_name, locked_at, locked_by) VALUES ('old', now() - interval '1 minute', 'pool-x'), ('new', now(), 'pool-x')",
  );
  const sign = openLifeSign(database.url, log);
  await vi.waitFor(() => expect(sign.connection.current()).not.toBeNull(), 5000);
  await makeUnlockDeadPools(sign, log)();
  await sign.end();
  const { rows } = await queue.client.query(
    'SELECT queue_name FROM graphile_worker._private_job_queues WHERE locked_at IS NOT NULL',
  );
  expect(rows).toEqual([{ queue_name: 'new' }]);
});

test('a job that was given up is forgotten after a month, and no other one', async () => {
  for (const name of ['old and given up', 'old and running', 'old and waiting', 'just given up']) {
    await queue.add('deliver-webhook', name);
  }
  await queue.client.query(`
    UPDATE graphile_worker._private_jobs SET
      run_at = now() - CASE WHEN payload::text LIKE '"old%' THEN interval '31 days' ELSE interval '29 days' END,
      attempts = CASE WHEN payload::text LIKE '%waiting"' THEN 24 ELSE 25 END,
      locked_at = CASE WHEN payload::text LIKE '%running"' THEN now() END`);
  const sign = openLifeSign(database.url, log);
  await vi.waitFor(() => expect(sign.connection.current()).not.toBeNull(), 15_000);
  await makeForgetFailedJobs(sign)();
  await sign.end();
  expect((await queue.jobs()).map((job) => job.payload)).toEqual([
    'old and running',
    'old and waiting',
    'just given up',
  ]);
});
