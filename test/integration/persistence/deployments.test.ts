import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { activate, requestPromotion } from '../../support/database/seed.ts';
import { withThreeVersions } from '../../support/database/with-three-versions.ts';

let db: TestPersistence;
let workspaceId: string;
let development: Environment;
let staging: Environment;
let workflowId: string;
const { act, version, deploy, active } = withThreeVersions((seeded) => {
  ({ db, workspaceId, development, staging, workflowId } = seeded);
});

describe('going live', () => {
  test('the first deployment replaces nothing and is active since it was deployed', async () => {
    const deployment = await deploy(1);
    expect(deployment).toMatchObject({
      status: 'active',
      replacesId: null,
      endedAt: null,
      versionId: version(1).id,
      changes: ['Model of ‘Summarise’ changed'],
    });
    expect(await active()).toEqual({ ...deployment, since: deployment.deployedAt });
  });

  test('the next one supersedes it at the very instant it goes live', async () => {
    const first = await deploy(1);
    const second = await act((tx) =>
      tx.deployments.activate({
        workflowId,
        environmentId: development.id,
        versionId: version(2).id,
        promotionId: null,
        deployedBy: 'U0LEE',
        reason: 'better',
        changes: [],
      }),
    );
    expect(second.superseded).toMatchObject({ id: first.id, status: 'superseded', endedBy: 'U0LEE' });
    expect(second.superseded?.endedAt).toEqual(second.activated.deployedAt);
    expect(second.activated).toMatchObject({ replacesId: first.id, reason: 'better' });
  });

  test('twenty at once leave one active, each replacing another, in one order', async () => {
    const deployed = await Promise.all(Array.from({ length: 20 }, (_, i) => deploy((i % 3) + 1)));
    const history = await db.ports.reading(workspaceId, (tx) => tx.deployments.history(workflowId, development.id));
    expect(history.filter((d) => d.status === 'active')).toHaveLength(1);
    expect(history[0]?.status).toBe('active');
    expect(new Set(history.map((d) => d.deployedAt.getTime())).size).toBe(20);
    expect(new Set(deployed.map((d) => d.replacesId)).size).toBe(20);
    for (const [i, deployment] of history.entries()) expect(deployment.replacesId).toBe(history[i + 1]?.id ?? null);
  });

  test('one after the other in one transaction still go live one after the other', async () => {
    const [first, second] = await act(async (tx) => [
      await activate(tx, version(1), development),
      await activate(tx, version(2), development),
    ]);
    expect(second?.deployedAt.getTime()).toBeGreaterThan(first?.deployedAt.getTime() ?? Infinity);
  });

  test('each environment has its own', async () => {
    await deploy(1);
    await act((tx) => activate(tx, version(2), staging));
    const all = await db.ports.reading(workspaceId, (tx) => tx.deployments.listActive([workflowId, 'not-an-id']));
    expect(new Map(all.map((d) => [d.environmentId, d.versionId]))).toEqual(
      new Map([
        [development.id, version(1).id],
        [staging.id, version(2).id],
      ]),
    );
  });

  test('a promotion is found by what it became, and becomes it once', async () => {
    await deploy(1);
    const promotion = await act((tx) => requestPromotion(tx, version(1), development, staging));
    const deployment = await act((tx) => activate(tx, version(1), staging, promotion.id));
    expect(await db.ports.reading(workspaceId, (tx) => tx.deployments.findByPromotion(promotion.id))).toEqual(
      deployment,
    );
    await expect(act((tx) => activate(tx, version(1), staging, promotion.id))).rejects.toThrow();
  });
});

describe('the clock', () => {
  test('whoever waits for the lock acts later than whoever held it', async () => {
    let began: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => {
      began = resolve;
    });
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const holder = act(async (tx) => {
      began();
      await released;
      const at = (await activate(tx, version(1), development)).deployedAt;
      return at;
    });
    await holding;
    let startedAt = new Date(0);
    const waiter = db.ports.inTransaction(workspaceId, async (tx) => {
      startedAt = tx.now;
      setTimeout(release, 50);
      await tx.workflows.getByIdLocked(workflowId);
      return { now: tx.now, at: (await activate(tx, version(2), development)).deployedAt };
    });
    const [heldAt, waited] = await Promise.all([holder, waiter]);
    expect(waited.now.getTime()).toBeGreaterThan(startedAt.getTime());
    expect(waited.at.getTime()).toBeGreaterThan(heldAt.getTime());
  });

  test('a clock that went back does not put a deployment before the one that it replaces', async () => {
    const first = await deploy(1);
    await db.sql("UPDATE deployment SET deployed_at = deployed_at + interval '1 hour' WHERE id = $1", [first.id]);
    await db.sql("UPDATE deployment_stretch SET started_at = started_at + interval '1 hour' WHERE deployment_id = $1", [
      first.id,
    ]);
    const second = await deploy(2);
    expect(second.deployedAt.getTime()).toBe(first.deployedAt.getTime() + 3_600_000 + 1);
  });
});

test('the list goes page by page through the same deployments as the history, in the same order', async () => {
  for (const n of [1, 2, 3, 1, 2]) await deploy(n);
  await act((tx) => activate(tx, version(3), staging));
  const pages = async (environmentId: string | null) => {
    const ids: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await db.ports.reading(workspaceId, (tx) =>
        tx.deployments.list(workflowId, environmentId, { limit: 2, ...(cursor ? { cursor } : {}) }),
      );
      expect(page.items.length).toBeLessThanOrEqual(2);
      ids.push(...page.items.map((d) => d.id));
      cursor = page.cursor;
    } while (cursor !== null);
    return ids;
  };
  const history = await db.ports.reading(workspaceId, (tx) => tx.deployments.history(workflowId, development.id));
  expect(await pages(development.id)).toEqual(history.map((d) => d.id));
  expect(new Set(await pages(null)).size).toBe(6);
});
