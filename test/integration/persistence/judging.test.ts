import { beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Promotion } from '../../../src/domain/promotion.ts';
import type { Version } from '../../../src/domain/version.ts';
import type { Transaction } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { createVersion, createWorkflow, requestPromotion, seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import { times } from '../../support/use-cases/at-once.ts';

let db: TestPersistence;
let here: { workspaceId: string; development: Environment; staging: Environment };
let version: Version;
let promotion: Promotion;
withTestPersistence(
  (opened) => {
    db = opened;
  },
  { poolSize: 24 },
);
beforeEach(async () => {
  here = await seedWorkspace(db.ports);
  [version, promotion] = await write(async (tx) => {
    const made = await createVersion(tx, (await createWorkflow(tx)).id);
    return [made, await requestPromotion(tx, made, here.development, here.staging)];
  });
});

const write = <T>(work: (tx: Transaction) => Promise<T>) => db.ports.inTransaction(here.workspaceId, work);
const mark = () => write((tx) => tx.promotions.markForJudging({ promotionId: promotion.id }));
const judgeAt = async () =>
  (await db.sql<{ judge_at: Date | null }>('SELECT judge_at FROM promotion WHERE id = $1', [promotion.id]))[0]
    ?.judge_at;
const waiting = () =>
  db.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()");

describe('marking a promotion', () => {
  test('while somebody judges it waits for them and marks it again, though it was marked when they began', async () => {
    await mark();
    let marking = Promise.resolve();
    await write(async (tx) => {
      await tx.promotions.findHeld(promotion.id);
      marking = mark();
      await expect.poll(waiting, { timeout: 5_000 }).toHaveLength(1);
      await tx.promotions.judged(promotion.id, { again: null, as: 'x', missed: false });
    });
    await marking;
    expect(await judgeAt()).toEqual(expect.any(Date));
  });

  test('changes nothing where it is marked for that time or earlier already', async () => {
    const written = () => db.sql<{ xmin: string }>('SELECT xmin::text FROM promotion WHERE id = $1', [promotion.id]);
    await mark();
    const before = await written();
    await mark();
    expect(await written()).toEqual(before);
  });

  test('comes to a second after it was judged last at the earliest, and never later than was said', async () => {
    await write((tx) => tx.promotions.judged(promotion.id, { again: null, as: 'x', missed: false }));
    await mark();
    const [row] = await db.sql<{ judged_at: Date }>('SELECT judged_at FROM promotion WHERE id = $1', [promotion.id]);
    expect(await judgeAt()).toEqual(new Date((row?.judged_at.getTime() ?? 0) + 1_000));
    await write((tx) => tx.promotions.judgeAt(promotion.id, new Date(Date.now() + 60_000)));
    expect(await judgeAt()).toEqual(new Date((row?.judged_at.getTime() ?? 0) + 1_000));
  });

  test.each<[string, () => Parameters<Transaction['promotions']['markForJudging']>[0], boolean]>([
    ['of its version into its target', () => ({ versionId: version.id, environmentId: here.staging.id }), true],
    ['of its version where it comes from', () => ({ versionId: version.id, environmentId: here.development.id }), true],
    ['of another version', () => ({ versionId: promotion.id, environmentId: here.staging.id }), false],
    ['of everything', () => ({ scope: { workflowId: null, environmentId: null } }), true],
    ['of its target', () => ({ scope: { workflowId: null, environmentId: here.staging.id } }), true],
    ['of where it comes from', () => ({ scope: { workflowId: null, environmentId: here.development.id } }), false],
    ['of its workflow', () => ({ scope: { workflowId: promotion.workflowId, environmentId: null } }), true],
    ['of what cannot be an id', () => ({ promotionId: 'no id' }), false],
  ])('%s', async (_, concerned, isMarked) => {
    await write((tx) => tx.promotions.markForJudging(concerned()));
    expect((await judgeAt()) !== null).toBe(isMarked);
  });

  test('that is closed leaves it as it is', async () => {
    const end = { closedAt: new Date(), closedBy: 'U0LEE', closeReason: null };
    await write((tx) => tx.promotions.save({ ...promotion, status: 'rejected', ...end }));
    await mark();
    expect(await judgeAt()).toBeNull();
  });
});

describe('taking what is to be judged', () => {
  test('gives each to one of twenty that take at once, and nothing before its time', async () => {
    await write((tx) => tx.promotions.judgeAt(promotion.id, new Date(Date.now() + 60_000)));
    expect(await write((tx) => tx.promotions.takeToJudge())).toBeNull();
    await mark();
    const taken = await Promise.all(
      times(20).map(() =>
        write(async (tx) => {
          const found = await tx.promotions.takeToJudge();
          if (found !== null) await tx.promotions.judged(found.id, { again: null, as: 'x', missed: false });
          return found;
        }),
      ),
    );
    expect(taken.filter((one) => one !== null)).toHaveLength(1);
  });

  test('sees nothing of another workspace', async () => {
    await mark();
    const other = await seedWorkspace(db.ports);
    expect(await db.ports.inTransaction(other.workspaceId, (tx) => tx.promotions.takeToJudge())).toBeNull();
  });

  test('passes over what can’t be judged now', async () => {
    await mark();
    await write((tx) => tx.promotions.postponeJudging(promotion.id, new Date(Date.now() + 60_000)));
    expect(await write((tx) => tx.promotions.takeToJudge())).toBeNull();
  });
});
