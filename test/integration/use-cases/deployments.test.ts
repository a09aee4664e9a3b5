import { describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { type Canal, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';
import { messages, waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

describe('a deployment', () => {
  it('takes the newest version, or the one that is named', async () => {
    for (const prompt of ['One.', 'Two.', 'Three.']) await canal.push(prompt);
    expect((await canal.deploy()).version.number).toBe(3);
    const back = await canal.deploy('v2');
    expect(back).toMatchObject({
      version: { number: 2 },
      replaced: { number: 3 },
      environment: { name: 'development' },
      next: { name: 'staging' },
    });
    expect(await canal.live('development')).toBe(2);
  });

  it('says so on the card of a promotion from there, which stands', async () => {
    await canal.push('Be kind.');
    await canal.deploy();
    const id = await canal.open('staging');
    await canal.push('Be brief.');
    await canal.deploy();
    expect(await canal.show(id)).toMatchObject({
      status: 'open',
      version: { number: 1 },
      sourceMovedTo: { number: 2 },
    });
    const story = (await messages(db, id)).at(-1);
    expect(story).toMatchObject({ kind: 'promotion-story', payload: { event: 'source-moved', now: 'v2' } });
    expect((await canal.approve('U0LEE', id)).deployed).toBe(true);
    expect(await canal.live('staging')).toBe(1);
  });

  it('updates the receipt of what it took the place of', async () => {
    await canal.push('Be kind.');
    const first = await canal.deploy();
    await canal.push('Be brief.');
    await canal.deploy();
    expect(await waitingJobs(db, 'refresh-announcements', first.deployment.id)).toBe(1);
    const { deployment } = await canal.useCases.showDeploymentReceipt({
      workspaceId: canal.workspaceId,
      deploymentId: first.deployment.id,
    });
    expect(deployment.active).toBe(false);
  });

  it('answers where it was typed when its environment has no channel, and its doer when that is unknown', async () => {
    await db.sql('UPDATE environment SET channel = NULL WHERE workspace_id = $1', [canal.workspaceId]);
    await canal.push('Be kind.');
    const typed = await canal.deploy();
    expect(await messages(db, typed.deployment.id)).toMatchObject([{ kind: 'deployment-receipt', target: 'C0TYPED' }]);
    await canal.push('Be brief.');
    const { deployment } = await canal.useCases.deployVersion({
      actor: { ...canal.as('U0DEV'), via: 'api' },
      workflow: FLOW,
    });
    expect(await messages(db, deployment.id)).toMatchObject([{ kind: 'deployment-receipt', target: 'U0DEV' }]);
  });
});

describe('where no channel takes a card', () => {
  it.each([undefined, 'D0TYPED'])(
    'it goes to whoever asked and to everybody who may approve (typed in %s)',
    async (originChannel) => {
      await db.sql('UPDATE environment SET channel = NULL WHERE workspace_id = $1', [canal.workspaceId]);
      await canal.push('Be kind.');
      await canal.deploy();
      const asked = await canal.useCases.requestPromotion({
        actor: canal.as('U0DEV'),
        workflow: FLOW,
        environment: 'staging',
        ...(originChannel === undefined ? {} : { originChannel }),
      });
      const cards = asked.kind === 'opened' ? await messages(db, asked.promotion.id) : [];
      expect(cards.map(({ kind, target }) => `${kind} ${target}`).sort()).toEqual(
        ['U0ABE', 'U0ADA', 'U0DEV', 'U0LEE', 'U0LIV'].map((userId) => `promotion-card ${userId}`),
      );
    },
  );
});

describe('what one environment after another asks for', () => {
  it('may be nothing: then asking deploys', async () => {
    const open = await openCanal(db.ports, { staging: [] });
    await open.push('Be kind.');
    await open.deploy();
    const asked = await open.ask('staging');
    expect(asked).toMatchObject({ kind: 'deployed', promotion: { status: 'deployed', closedBy: 'U0DEV' } });
    expect(await open.live('staging')).toBe(1);
  });
});
