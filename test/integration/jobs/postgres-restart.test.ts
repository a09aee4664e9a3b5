import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Jobs, startJobs } from '../../../src/adapters/jobs/start-jobs.ts';
import type { TaskName } from '../../../src/adapters/jobs/task-groups.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/adapters/persistence/start-embedded-postgres.ts';
import { openQueue, tasksThat } from '../../support/jobs/queue.ts';

const log = pino({ level: 'silent' });
let folder: string;
let server: EmbeddedPostgres;
let jobs: Jobs;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-restart-'));
  await chmod(folder, 0o711);
  server = await startServer();
});
afterEach(async () => {
  await jobs.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function startServer(port?: number): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataDir: folder,
    log,
    systemFolder: join(folder, 'system'),
    ...(port === undefined ? {} : { port }),
  });
}

async function add(task: TaskName, payload: unknown): Promise<void> {
  const queue = await openQueue(server.connectionString);
  await queue.add(task, payload);
  await queue.close();
}

test('the same process goes on when PostgreSQL comes back, also with a job that ended while it was away', async () => {
  const seen: unknown[] = [];
  const away = Promise.withResolvers<void>();
  jobs = await startJobs({
    connectionString: server.connectionString,
    log,
    ticks: [],
    patience: 3000,
    tasks: tasksThat({
      'post-announcement': async (payload) => void seen.push(payload),
      'deliver-webhook': async (payload) => {
        seen.push(payload);
        await away.promise;
      },
    }),
  });
  await vi.waitFor(() => expect(jobs.ready()).toBe(true), 5000);
  await add('post-announcement', 'before');
  await add('deliver-webhook', 'while it went');
  await vi.waitFor(() => expect(seen).toEqual(expect.arrayContaining(['before', 'while it went'])), 5000);

  const port = Number(new URL(server.connectionString).port);
  await server.stop();
  await vi.waitFor(() => expect(jobs.ready()).toBe(false), 5000);
  away.resolve();
  // Long enough for the workers to see every kind of failed query.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  server = await startServer(port);

  await vi.waitFor(() => expect(jobs.ready()).toBe(true), 15_000);
  await add('post-announcement', 'after');
  await vi.waitFor(() => expect(seen).toContain('after'), 10_000);
  await add('deliver-webhook', 'after that');
  await vi.waitFor(() => expect(seen).toContain('after that'), 10_000);
  // The end of this one could not be written: it runs again, as soon as it is known that nobody runs it.
  await vi.waitFor(() => expect(seen.filter((payload) => payload === 'while it went')).toHaveLength(2), 20_000);
  const queue = await openQueue(server.connectionString);
  await vi.waitFor(async () => expect(await queue.jobs()).toEqual([]), 5000);
  await queue.close();
}, 60_000);
