import { randomUUID } from 'node:crypto';
import { Logger, runOnce } from 'graphile-worker';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Transaction } from '../../../src/use-cases/ports.ts';
import { queryOn } from '../../support/database/on-server.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';
import { writtenJobs } from '../../support/database/written-jobs.ts';

let db: TestPersistence;
let workspaceId: string;
const { write } = withSeededWorkspace((seeded) => {
  ({ db, workspaceId } = seeded);
});
const jobs = () => writtenJobs(db);
beforeEach(() => db.sql('DELETE FROM graphile_worker._private_jobs'));

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
    const work = () =>
      runOnce({
        connectionString: db.url,
        logger: new Logger(() => () => undefined),
        taskList: {
          'refresh-announcements': async () => {
            runs += 1;
            if (runs === 1) await write((tx) => tx.announcements.refresh(subjectId));
          },
        },
      });
    // A worker looks for the next job beside telling that this one is done: the queue of both may still be taken, and it ends.
    await expect.poll(() => work().then(() => runs), { timeout: 5000 }).toBe(2);
    await work();
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
