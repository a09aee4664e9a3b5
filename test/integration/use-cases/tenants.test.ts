import { beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';
import { withRulesChecked } from '../../support/use-cases/with-rules-checked.ts';

let db: TestPersistence;
let ours: Canal;
let theirs: Canal;
let theirPromotion: string;
withRulesChecked((opened) => {
  db = opened;
});
beforeEach(async () => {
  [ours, theirs] = [await openCanal(db.ports), await openCanal(db.ports)];
  await theirs.reach('staging', 'Theirs one.', 'Theirs two.');
  theirPromotion = await theirs.open('production');
});

describe('two workspaces with the same slugs, environments and people', () => {
  it('each see what is theirs', async () => {
    await ours.reach('development', 'Ours.');
    expect([await ours.live('staging'), await theirs.live('staging')]).toEqual([null, 2]);
    expect((await ours.useCases.showStatus({ actor: ours.as('U0ADA') })).items).toHaveLength(1);
    const { definition } = await ours.useCases.showVersion({
      workspaceId: ours.workspaceId,
      workflow: FLOW,
      version: 'v1',
    });
    expect(JSON.stringify(definition)).toContain('Ours.');
    const page = { limit: 50 };
    expect((await ours.useCases.showHistory({ actor: ours.as('U0ADA'), workflow: FLOW, page })).items).toHaveLength(1);
    expect((await ours.useCases.listPromotions({ workspaceId: ours.workspaceId, page })).items).toEqual([]);
    expect((await ours.useCases.showHome({ actor: ours.as('U0ADA') })).waitingForMe).toEqual([]);
    const audit = await ours.useCases.listAudit({ workspaceId: ours.workspaceId, limit: 100 });
    expect(audit.items.map(({ action }) => action)).toEqual([
      'deployment.activated',
      'version.pushed',
      'workflow.created',
    ]);
    const deliveries = await ours.useCases.listWebhookDeliveries({ actor: ours.as('U0ADA'), page });
    expect(deliveries.items.map(({ workspaceId }) => workspaceId)).toEqual([ours.workspaceId]);
  });

  it('cannot reach each other’s promotions by their ids', async () => {
    for (const act of [
      () => ours.approve('U0ADA', theirPromotion),
      () => ours.reject('U0ADA', theirPromotion),
      () => ours.useCases.cancelPromotion({ actor: ours.as('U0ADA'), promotionId: theirPromotion }),
      () => ours.show(theirPromotion),
      () => ours.useCases.comparePromotion({ actor: ours.as('U0ADA'), promotionId: theirPromotion }),
    ]) {
      expectRefused(await refusalFrom(act()), 'unknown_promotion');
    }
    expect((await theirs.show(theirPromotion)).status).toBe('open');
  });

  it('cannot undo each other’s rollbacks, redeliver each other’s webhooks or name each other’s deployments', async () => {
    const { rollbackId } = await theirs.rollBack('staging');
    expectRefused(await refusalFrom(ours.useCases.undoRollback({ actor: ours.as('U0DEV'), rollbackId })), 'moved_on');
    const receipt = { workspaceId: ours.workspaceId, rollbackId };
    expectRefused(await refusalFrom(ours.useCases.showRollbackReceipt(receipt)), 'moved_on');
    const theirDeliveries = await theirs.useCases.listWebhookDeliveries({
      actor: theirs.as('U0ADA'),
      page: { limit: 1 },
    });
    const deliveryId = theirDeliveries.items[0]?.id ?? '';
    expectRefused(
      await refusalFrom(ours.useCases.redeliverWebhook({ actor: ours.as('U0ADA'), deliveryId })),
      'invalid_input',
    );
    const [deployment] = await db.sql<{ id: string }>('SELECT id FROM deployment WHERE workspace_id = $1 LIMIT 1', [
      theirs.workspaceId,
    ]);
    const shown = ours.useCases.showDeploymentReceipt({
      workspaceId: ours.workspaceId,
      deploymentId: deployment?.id ?? '',
    });
    await expect(shown).rejects.toThrow();
  });

  it('do not share roles: an admin there is nobody here', async () => {
    await ours.useCases.assignRole({ actor: ours.as('U0ADA'), userId: 'U0LEE', role: 'viewer', departments: [] });
    await theirs.useCases.assignRole({ actor: theirs.as('U0ADA'), userId: 'U0MAX', role: 'admin', departments: [] });
    const roleOf = async (canal: Canal, userId: string) =>
      (await canal.useCases.showHome({ actor: canal.as(userId) })).role;
    expect([await roleOf(ours, 'U0LEE'), await roleOf(theirs, 'U0LEE')]).toEqual(['viewer', 'lead']);
    expect([await roleOf(ours, 'U0MAX'), await roleOf(theirs, 'U0MAX')]).toEqual(['member', 'admin']);
  });

  it('do not share time: a tick here expires nothing there', async () => {
    await db.sql(`UPDATE promotion SET expires_at = now() - interval '1 second' WHERE id = $1`, [theirPromotion]);
    expect(await ours.useCases.expirePromotions(ours.workspaceId)).toBe(0);
    expect((await theirs.show(theirPromotion)).status).toBe('open');
    expect(await theirs.useCases.expirePromotions(theirs.workspaceId)).toBe(1);
  });

  it('do not share quarantine or pushes: the same content is new in each', async () => {
    await theirs.rollBack('staging');
    await ours.reach('staging', 'Theirs one.', 'Theirs two.');
    expect(await ours.live('staging')).toBe(2);
    expect((await ours.useCases.showStatus({ actor: ours.as('U0DEV') })).items[0]?.quarantined).toEqual([]);
  });
});
