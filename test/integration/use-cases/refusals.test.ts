import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

const NOWHERE = '6f4a2f0e-0000-4000-8000-000000000000';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

describe('a workflow that is not there', () => {
  it('is refused with the nearest ones', async () => {
    await canal.push('Be kind.');
    const refusal = await refusalFrom(canal.deploy(undefined, 'sumarize-flow'));
    expectRefused(refusal, 'unknown_workflow');
    expect(refusal.userMessage).toContain('Did you mean summarize-flow?');
  });

  it('is refused with how to push one where there is none', async () => {
    const refusal = await refusalFrom(canal.rollBack('staging'));
    expectRefused(refusal, 'unknown_workflow');
    expect(refusal.userMessage).toContain('/towpath push');
  });

  it.each(['', '\0', 'a\0b', '%', "'; DROP TABLE workflow; --", '🚤', 'x'.repeat(10_000)])(
    'is refused as “%s”, too',
    async (slug) => {
      const refusal = await refusalFrom(canal.deploy(undefined, slug));
      expectRefused(refusal, 'unknown_workflow');
      expect(refusal.userMessage.length).toBeLessThan(300);
      expectRefused(
        await refusalFrom(canal.useCases.showStatus({ actor: canal.as('U0DEV'), workflow: slug })),
        'unknown_workflow',
      );
    },
  );
});

describe('a version that is not there', () => {
  it.each(['7', 'v0', 'nobody', '\0', '99999999999999999999', 'x'.repeat(10_000)])(
    'is refused as “%s”',
    async (word) => {
      await canal.push('Be kind.');
      const refusal = await refusalFrom(canal.deploy(word));
      expectRefused(refusal, 'unknown_version');
      expect(refusal.userMessage).toContain('The newest is v1');
    },
  );
});

describe('a deployment', () => {
  it('goes to the first environment only', async () => {
    await canal.push('Be kind.');
    const refusal = await refusalFrom(canal.deploy('production'));
    expectRefused(refusal, 'not_first_environment');
    expect(refusal.userMessage).toContain('/promote summarize-flow production');
    const first = await refusalFrom(canal.deploy('dev'));
    expectRefused(first, 'not_first_environment');
    expect(first.userMessage).toContain('goes to development by itself');
  });

  it('of what is live there already is refused', async () => {
    await canal.reach('development', 'Be kind.');
    expectRefused(await refusalFrom(canal.deploy()), 'already_active');
    expectRefused(await refusalFrom(canal.deploy('v1')), 'already_active');
  });

  it('takes a person behind it', async () => {
    await canal.push('Be kind.');
    const byToken = canal.useCases.deployVersion({ actor: { ...canal.as('api'), via: 'api' }, workflow: FLOW });
    expectRefused(await refusalFrom(byToken), 'invalid_input');
  });
});

describe('a request', () => {
  it('takes something live in the environment before, and says how it gets there', async () => {
    await canal.push('Be kind.');
    const first = await refusalFrom(canal.ask('staging'));
    expectRefused(first, 'nothing_active_before');
    expect(first.userMessage).toContain('/deploy summarize-flow');
    await canal.deploy();
    const second = await refusalFrom(canal.ask('production'));
    expectRefused(second, 'nothing_active_before');
    expect(second.userMessage).toContain('/promote summarize-flow staging');
  });

  it('never leads to the first environment, to no environment or to two', async () => {
    await canal.reach('development', 'Be kind.');
    expectRefused(await refusalFrom(canal.ask('development')), 'no_environment_before');
    expectRefused(await refusalFrom(canal.ask('canary')), 'unknown_environment');
    await db.sql(`UPDATE environment SET aliases = '{stable}' WHERE workspace_id = $1 AND name = 'production'`, [
      canal.workspaceId,
    ]);
    expectRefused(await refusalFrom(canal.ask('sta')), 'ambiguous_environment');
  });

  it('for what is live there already is refused', async () => {
    await canal.reach('staging', 'Be kind.');
    expectRefused(await refusalFrom(canal.ask('staging')), 'already_active');
  });

  it('by a button is refused once another version is live', async () => {
    await canal.reach('development', 'Be kind.');
    const shown = await canal.useCases.showVersion({ workspaceId: canal.workspaceId, workflow: FLOW, version: 'v1' });
    await canal.reach('development', 'Be brief.');
    const click = canal.useCases.requestPromotion({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      environment: 'staging',
      expectedVersionId: shown.version.id,
    });
    const refusal = await refusalFrom(click);
    expectRefused(refusal, 'moved_on');
    expect(refusal.userMessage).toContain('v2');
  });

  it('takes a person behind it', async () => {
    await canal.reach('development', 'Be kind.');
    const byToken = canal.useCases.requestPromotion({
      actor: { ...canal.as('api'), via: 'api' },
      workflow: FLOW,
      environment: 'staging',
    });
    expectRefused(await refusalFrom(byToken), 'invalid_input');
  });
});

describe('a promotion that is not there', () => {
  it.each([NOWHERE, 'nonsense', ''])('is refused as “%s”, whatever is done with it', async (promotionId) => {
    const { useCases, workspaceId } = canal;
    const actor = canal.as('U0ADA');
    expectRefused(await refusalFrom(canal.approve('U0ADA', promotionId)), 'unknown_promotion');
    expectRefused(await refusalFrom(canal.reject('U0ADA', promotionId)), 'unknown_promotion');
    expectRefused(await refusalFrom(useCases.cancelPromotion({ actor, promotionId })), 'unknown_promotion');
    expectRefused(await refusalFrom(useCases.showPromotion({ workspaceId, promotionId })), 'unknown_promotion');
    expectRefused(await refusalFrom(useCases.comparePromotion({ actor, promotionId })), 'unknown_promotion');
  });
});

describe('looking', () => {
  it('at what is not live is refused', async () => {
    await canal.push('Be kind.');
    const live = canal.useCases.showLive({ workspaceId: canal.workspaceId, workflow: FLOW, environment: 'staging' });
    expectRefused(await refusalFrom(live), 'nothing_active');
    const compared = canal.useCases.compareVersions({
      actor: canal.as('U0DEV'),
      workflow: FLOW,
      from: 'v1',
      to: 'staging',
    });
    expectRefused(await refusalFrom(compared), 'nothing_active');
  });

  it('takes a cursor that was given', async () => {
    await canal.push('Be kind.');
    const page = { limit: 5, cursor: 'made-up' };
    expectRefused(
      await refusalFrom(canal.useCases.showHistory({ actor: canal.as('U0DEV'), workflow: FLOW, page })),
      'invalid_input',
    );
  });

  it('at webhook deliveries, and sending one again, is for admins', async () => {
    await canal.reach('development', 'Be kind.');
    const { useCases } = canal;
    expectRefused(
      await refusalFrom(useCases.listWebhookDeliveries({ actor: canal.as('U0LEE'), page: { limit: 5 } })),
      'not_permitted',
    );
    const { items } = await useCases.listWebhookDeliveries({ actor: canal.as('U0ADA'), page: { limit: 5 } });
    const deliveryId = items[0]?.id ?? '';
    expectRefused(
      await refusalFrom(useCases.redeliverWebhook({ actor: canal.as('U0LEE'), deliveryId })),
      'not_permitted',
    );
    expectRefused(
      await refusalFrom(useCases.redeliverWebhook({ actor: canal.as('U0ADA'), deliveryId: 'msg_none' })),
      'invalid_input',
    );
    expect(await useCases.redeliverWebhook({ actor: canal.as('U0ADA'), deliveryId })).toMatchObject({
      status: 'pending',
    });
    await db.sql(`UPDATE webhook_delivery SET status = 'given_up', finished_at = now() WHERE id = $1`, [deliveryId]);
    expect(await useCases.redeliverWebhook({ actor: canal.as('U0ADA'), deliveryId })).toMatchObject({
      id: deliveryId,
      status: 'pending',
    });
    const audit = await useCases.listAudit({ workspaceId: canal.workspaceId, action: 'webhook.redelivered', limit: 5 });
    expect(audit.items).toMatchObject([{ before: { status: 'given_up' }, after: { status: 'pending' } }]);
  });
});
