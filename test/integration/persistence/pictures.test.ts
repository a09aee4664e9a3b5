import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Transaction, VersionPair } from '../../../src/use-cases/ports.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { createVersion, createWorkflow, requestPromotion, seedWorkspace } from '../../support/database/seed.ts';

let db: TestPersistence;
let mine: Awaited<ReturnType<typeof seedWorkspace>>;
let theirs: Awaited<ReturnType<typeof seedWorkspace>>;
beforeAll(async () => {
  db = await openTestPersistence();
  mine = await seedWorkspace(db.ports);
  theirs = await seedWorkspace(db.ports);
});
afterAll(() => db.end());

const write = <T>(work: (tx: Transaction) => Promise<T>, { workspaceId } = mine) =>
  db.ports.inTransaction(workspaceId, work);
const find = (pair: VersionPair, { workspaceId } = mine) =>
  db.ports.reading(workspaceId, (tx) => tx.pictures.find(pair));
const aPair = (): VersionPair => ({ from: randomUUID(), to: randomUUID() });

test('a picture is what was saved last, and counts how often it was begun', async () => {
  const pair = aPair();
  expect(await find(pair)).toBeNull();
  expect(await write((tx) => tx.pictures.begin(pair))).toEqual({ state: 'drawing', attempts: 1 });
  await write((tx) => tx.pictures.save(pair, { state: 'uploading', fileId: 'F1', alt: 'it' }));
  expect(await write((tx) => tx.pictures.begin(pair))).toEqual({
    state: 'uploading',
    attempts: 2,
    fileId: 'F1',
    alt: 'it',
  });
  await write((tx) => tx.pictures.save(pair, { state: 'ready', fileId: 'F1', alt: 'it' }));
  expect(await find(pair)).toEqual({ state: 'ready', attempts: 2, fileId: 'F1', alt: 'it' });
  await write((tx) => tx.pictures.save(pair, { state: 'failed', error: 'x'.repeat(9_000) }));
  expect(await find(pair)).toEqual({ state: 'failed', attempts: 2 });
});

test('the way there and back, and a first version, are three pictures', async () => {
  const { from, to } = aPair();
  await write((tx) => tx.pictures.save({ from, to }, { state: 'none' }));
  expect(await find({ from: to, to: from ?? '' })).toBeNull();
  expect(await find({ from: null, to })).toBeNull();
});

test('each workspace has its own: a file of one is nothing to another', async () => {
  const pair = aPair();
  await write((tx) => tx.pictures.save(pair, { state: 'ready', fileId: 'F1', alt: 'mine' }));
  expect(await find(pair, theirs)).toBeNull();
  await write((tx) => tx.pictures.save(pair, { state: 'none' }), theirs);
  expect(await find(pair)).toMatchObject({ state: 'ready', alt: 'mine' });
});

test('the database takes no picture that is ready without a file', async () => {
  const insert = (state: string) =>
    db.sql('INSERT INTO diff_picture (workspace_id, pair, state, changed_at) VALUES ($1, $2, $3, now())', [
      mine.workspaceId,
      randomUUID(),
      state,
    ]);
  await expect(insert('ready')).rejects.toMatchObject({ code: '23514', constraint: 'diff_picture_file_check' });
  await expect(insert('lost')).rejects.toMatchObject({ code: '23514', constraint: 'diff_picture_state_check' });
});

test('asking twice for a promotion’s picture leaves one job; of another workspace there is none', async () => {
  const promotionId = await write(async (tx) => {
    const workflow = await createWorkflow(tx, 'drawn');
    const version = await createVersion(tx, workflow.id);
    return (await requestPromotion(tx, version, mine.development, mine.staging)).id;
  });
  await write((tx) => tx.pictures.ask(promotionId), theirs);
  await write((tx) => tx.pictures.ask(promotionId));
  await write((tx) => tx.pictures.ask(promotionId));
  const jobs = await db.sql(
    `SELECT j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
     WHERE t.identifier = 'draw-card-picture'`,
  );
  expect(jobs).toEqual([{ payload: { promotionId, workspaceId: mine.workspaceId } }]);
});
