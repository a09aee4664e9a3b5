import { beforeEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Reviewed } from '../../../src/domain/fingerprint.ts';
import type { Promotion } from '../../../src/domain/promotion.ts';
import type { Version } from '../../../src/domain/version.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { createVersion, createWorkflow, requestPromotion } from '../../support/database/seed.ts';
import { withSeededWorkspace } from '../../support/database/with-seeded-workspace.ts';

const PAST = new Date('2026-01-01T00:00:00Z');

let db: TestPersistence;
let workspaceId: string;
let development: Environment;
let staging: Environment;
let production: Environment;
let version: Version;
const newVersion = () =>
  db.ports.inTransaction(workspaceId, async (tx) => createVersion(tx, (await createWorkflow(tx)).id));
const request = (of: Version, more: Partial<Promotion> = {}) =>
  db.ports.inTransaction(workspaceId, (tx) => requestPromotion(tx, of, development, staging, more));
const find = (id: string) => db.ports.reading(workspaceId, (tx) => tx.promotions.find(id));
const closed = (promotion: Promotion, status: Promotion['status'] = 'rejected'): Promotion => ({
  ...promotion,
  status,
  closedAt: new Date('2026-02-02T02:02:02.222Z'),
  closedBy: 'U0LEE',
  closeReason: 'not yet',
});

withSeededWorkspace((seeded) => {
  ({ db, workspaceId, development, staging, production } = seeded);
});
beforeEach(async () => {
  version = await newVersion();
});

describe('a promotion', () => {
  test('is read as it was asked for', async () => {
    const promotion = await request(version, { reason: 'faster', originChannel: 'C0DEV' });
    expect(promotion).toMatchObject({
      status: 'open',
      reason: 'faster',
      originChannel: 'C0DEV',
      approvals: [],
      closedAt: null,
      closedBy: null,
    });
    expect(await find(promotion.id)).toEqual(promotion);
    expect(await db.ports.reading(workspaceId, (tx) => tx.promotions.findOpen(version.workflowId, staging.id))).toEqual(
      promotion,
    );
    expect(await db.ports.reading(workspaceId, (tx) => tx.promotions.getMany([promotion.id, 'x']))).toEqual(
      new Map([[promotion.id, promotion]]),
    );
  });

  test('keeps each approval once, exactly as it was reviewed and in the order given', async () => {
    const promotion = await request(version);
    const reviewed: Reviewed = {
      versionId: version.id,
      replacesDeploymentId: null,
      replacesVersionId: null,
      settings: { MODEL: 'claude', limits: { steps: 3 } },
      policy: staging.policy,
    };
    const first = {
      by: 'U0LEE',
      role: 'lead' as const,
      fingerprint: 'f1',
      reviewed,
      at: new Date('2026-03-01T10:00:00.001Z'),
    };
    const second = {
      by: 'U0ADA',
      role: 'admin' as const,
      fingerprint: 'f1',
      reviewed,
      at: new Date('2026-03-01T10:00:00.002Z'),
    };
    const save = (approvals: Promotion['approvals']) =>
      db.ports.inTransaction(workspaceId, (tx) => tx.promotions.save({ ...promotion, approvals }));
    await save([first]);
    await save([first, second]);
    expect((await find(promotion.id))?.approvals).toEqual([first, second]);
  });

  test('ends once: what is closed is neither closed again nor opened', async () => {
    const promotion = await request(version);
    const save = (to: Promotion) => db.ports.inTransaction(workspaceId, (tx) => tx.promotions.save(to));
    await save(closed(promotion));
    expect(await find(promotion.id)).toEqual(closed(promotion));
    await expect(save(closed(promotion, 'deployed'))).rejects.toThrow('is not open');
    await expect(save(promotion)).rejects.toThrow('is not open');
    expect((await find(promotion.id))?.status).toBe('rejected');
  });

  test('of twenty asked for at once for one place, one opens', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => request(version)));
    expect(asked.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    expect(await db.ports.reading(workspaceId, (tx) => tx.promotions.listOpen([version.workflowId]))).toHaveLength(1);
  });

  test('another may open where the one before has ended', async () => {
    const promotion = await request(version);
    await db.ports.inTransaction(workspaceId, (tx) => tx.promotions.save(closed(promotion)));
    expect((await request(version)).status).toBe('open');
  });
});

describe('the lists', () => {
  test('the open ones come oldest first, of some workflows or of all', async () => {
    const other = await newVersion();
    const first = await request(version);
    const second = await request(other);
    const third = await db.ports.inTransaction(workspaceId, (tx) => requestPromotion(tx, version, staging, production));
    const ids = (found: Promotion[]) => found.map((promotion) => promotion.id);
    const read = await db.ports.reading(workspaceId, async (tx) => ({
      all: ids(await tx.promotions.listAllOpen(10)),
      two: ids(await tx.promotions.listAllOpen(2)),
      ofOne: ids(await tx.promotions.listOpen([version.workflowId])),
    }));
    expect(read).toEqual({
      all: [first.id, second.id, third.id],
      two: [first.id, second.id],
      ofOne: [first.id, third.id],
    });
  });

  test('pages go newest first through everything once, also where many were asked for in the same millisecond', async () => {
    const asked: Promotion[] = [];
    for (let i = 0; i < 7; i++) {
      const promotion = await request(version);
      await db.ports.inTransaction(workspaceId, (tx) => tx.promotions.save(closed(promotion)));
      asked.push(promotion);
    }
    await db.sql('ALTER TABLE promotion DISABLE TRIGGER promotion_ends_once');
    await db.sql('UPDATE promotion SET requested_at = $2 WHERE workspace_id = $1', [workspaceId, PAST]);
    await db.sql('ALTER TABLE promotion ENABLE TRIGGER promotion_ends_once');
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: Promotion[]; cursor: string | null } = await db.ports.reading(workspaceId, (tx) =>
        tx.promotions.list(
          { status: 'rejected', workflowId: version.workflowId },
          { limit: 3, ...(cursor === null ? {} : { cursor }) },
        ),
      );
      seen.push(...page.items.map((promotion) => promotion.id));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(new Set(asked.map((promotion) => promotion.id)));
  });

  test.each([
    '',
    'nonsense',
    '!!',
    Buffer.from('["2026-01-01T00:00:00.000Z","not-an-id"]').toString('base64url'),
    'x'.repeat(10_000),
  ])('a cursor that was never given is refused: %.40s', async (cursor) => {
    const list = db.ports.reading(workspaceId, (tx) => tx.promotions.list({}, { limit: 3, cursor }));
    await expect(list).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('what is due', () => {
  const takeDue = () =>
    db.ports.inTransaction(workspaceId, async (tx) => {
      const due = await tx.promotions.takeDue();
      if (due !== null) await tx.promotions.save(closed(due, 'expired'));
      return due;
    });

  test('is taken once each, the one that is longest over first, and nothing that still has time', async () => {
    const [later, other] = [await newVersion(), await newVersion()];
    const second = await request(later, { expiresAt: new Date(PAST.getTime() + 1) });
    const first = await request(version, { expiresAt: PAST });
    await request(other, { expiresAt: new Date(Date.now() + 60_000) });
    expect((await takeDue())?.id).toBe(first.id);
    expect((await takeDue())?.id).toBe(second.id);
    expect(await takeDue()).toBeNull();
  });

  test('is shared among twenty processes that tick at once without any being taken twice', async () => {
    const due = await Promise.all(
      Array.from({ length: 8 }, async () => request(await newVersion(), { expiresAt: PAST })),
    );
    const taken = (await Promise.all(Array.from({ length: 20 }, takeDue))).filter((promotion) => promotion !== null);
    while (true) {
      const more = await takeDue();
      if (more === null) break;
      taken.push(more);
    }
    expect(taken.map((promotion) => promotion.id).sort()).toEqual(due.map((promotion) => promotion.id).sort());
  });

  test('is passed over while somebody works on its workflow, and taken afterwards', async () => {
    const busy = await request(version, { expiresAt: PAST });
    const free = await request(await newVersion(), { expiresAt: new Date(PAST.getTime() + 1) });
    await db.ports.inTransaction(workspaceId, async (tx) => {
      await tx.workflows.getByIdLocked(version.workflowId);
      expect((await takeDue())?.id).toBe(free.id);
      expect(await takeDue()).toBeNull();
    });
    expect((await takeDue())?.id).toBe(busy.id);
  });

  test('its workflow is locked from then on', async () => {
    await request(version, { expiresAt: PAST });
    await db.ports.inTransaction(workspaceId, async (tx) => {
      await tx.promotions.takeDue();
      const nowait = db.sql('SELECT 1 FROM workflow WHERE id = $1 FOR NO KEY UPDATE NOWAIT', [version.workflowId]);
      await expect(nowait).rejects.toMatchObject({ code: '55P03' });
    });
  });
});
