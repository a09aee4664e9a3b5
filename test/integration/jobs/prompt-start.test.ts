import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startJobs } from '../../../src/adapters/jobs/start-jobs.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/adapters/persistence/start-embedded-postgres.ts';
import { openQueue, type Queue, tasksThat } from '../../support/jobs/queue.ts';

const log = pino({ level: 'silent' });
let folder: string;
let server: EmbeddedPostgres;
let queue: Queue;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towpath-prompt-'));
  await chmod(folder, 0o711);
  // Commits wait for the disk and plans are reused, as on a server in use: both widen the moment in which workers hide queues
  // from each other.
  const settings = { plan_cache_mode: 'force_generic_plan' };
  server = await startEmbeddedPostgres({ dataDir: folder, log, systemFolder: join(folder, 'system'), settings });
});
afterEach(async () => {
  await queue.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

// Left to the next poll, every tenth of them would make it longer than this in all.
test('a job is not overlooked while the workers of the other group look for theirs', { timeout: 15_000 }, async () => {
  let posted = 0;
  const jobs = await startJobs({
    connectionString: server.connectionString,
    log,
    ticks: [],
    tasks: tasksThat({
      'post-announcement': async () => {
        posted += 1;
      },
    }),
  });
  queue = await openQueue(server.connectionString);
  await vi.waitFor(() => expect(jobs.ready()).toBe(true), 10_000);
  for (let n = 1; n <= 150; n++) {
    await queue.add('post-announcement', n, { queue: `q${n % 7}` });
    await vi.waitFor(() => expect(posted).toBe(n), { timeout: 10_000, interval: 2 });
    // Until every worker is idle again: only then do those of both groups look at the next notice.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await jobs.stop();
});
