import { beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../../src/domain/person.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW, openCanal, profile, sourceOf } from '../../support/use-cases/open-canal.ts';
import { messages, waitingJobs } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let id: string;
withCanal(
  (fresh) => {
    ({ db, canal } = fresh);
  },
  { staging: [{ role: 'lead', count: 2 }] },
);
beforeEach(async () => {
  await canal.reach('development', 'Be kind.');
  id = await canal.open('staging');
});

const give = (userId: string, role: Role, departments: string[] = []) =>
  canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId, role, departments });
const hear = (userId: string, standing: 'member' | 'deactivated' | 'guest') =>
  canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles: [profile(userId, { standing })] });
const line = async () => (await canal.show(id)).requirements[0]?.summary;
/** Forgets every waiting update, as if the workers had done them. */
const deliverUpdates = () => db.sql(`DELETE FROM graphile_worker._private_jobs WHERE key LIKE 'refresh:%'`);

describe('an approval', () => {
  it('that is not the last says what is still missing', async () => {
    const { deployed } = await canal.approve('U0LEE', id);
    expect(deployed).toBe(false);
    const promotion = await canal.show(id);
    expect(promotion).toMatchObject({ status: 'open', approvals: [{ by: 'U0LEE', role: 'lead', counts: true }] });
    expect(promotion.canApprove.userIds.sort()).toEqual(['U0ABE', 'U0ADA', 'U0LIV']);
    expect((await messages(db, id)).at(-1)?.payload).toMatchObject({
      event: 'approved',
      remaining: 'Approval by 1 lead more (of 2 leads)',
    });
  });

  it('given twice counts once and is told once', async () => {
    await canal.approve('U0LEE', id);
    const told = (await messages(db, id)).length;
    expect(await canal.approve('U0LEE', id)).toMatchObject({ changed: false, deployed: false });
    expect(await messages(db, id)).toHaveLength(told);
    expect(await canal.live('staging')).toBeNull();
  });

  it('repeated after it deployed answers as it did then', async () => {
    await canal.approve('U0LEE', id);
    await canal.approve('U0LIV', id);
    expect(await canal.approve('U0LIV', id)).toMatchObject({ changed: false, deployed: true });
    expect(await canal.approve('U0LEE', id)).toMatchObject({ changed: false, deployed: true });
    expectRefused(await refusalFrom(canal.approve('U0ADA', id)), 'already_decided');
  });

  it('is refused to whoever asked, whatever their role is by now', async () => {
    await give('U0DEV', 'admin');
    expectRefused(await refusalFrom(canal.approve('U0DEV', id)), 'own_request');
  });

  it('is refused to somebody in whose name an application asked', async () => {
    await canal.reject('U0LEE', id);
    const asked = await canal.useCases.requestPromotion({
      actor: { ...canal.as('U0LEE'), via: 'api' },
      workflow: FLOW,
      environment: 'staging',
    });
    const promotionId = asked.kind === 'opened' ? asked.promotion.id : '';
    expectRefused(await refusalFrom(canal.approve('U0LEE', promotionId)), 'own_request');
  });

  it('is never an application’s', async () => {
    const byToken = canal.useCases.approvePromotion({
      actor: { ...canal.as('U0ADA'), via: 'api' },
      choice: { promotionId: id },
    });
    expectRefused(await refusalFrom(byToken), 'not_permitted');
  });

  it('is refused to members, guests and people who left', async () => {
    expectRefused(await refusalFrom(canal.approve('U0MAX', id)), 'not_permitted');
    await hear('U0LEE', 'deactivated');
    expectRefused(await refusalFrom(canal.approve('U0LEE', id)), 'not_permitted');
    await hear('U0LIV', 'guest');
    expectRefused(await refusalFrom(canal.approve('U0LIV', id)), 'not_permitted');
  });

  it('is given by the role held at the click, not at the request', async () => {
    await give('U0MAX', 'lead');
    await canal.approve('U0MAX', id);
    expect((await canal.show(id)).approvals).toMatchObject([{ by: 'U0MAX', role: 'lead' }]);
    await give('U0LEE', 'member');
    expectRefused(await refusalFrom(canal.approve('U0LEE', id)), 'not_permitted');
  });
});

describe('an approval already given', () => {
  it('stops counting when its giver is demoted, and the card says so', async () => {
    await canal.approve('U0LEE', id);
    await deliverUpdates();
    await give('U0LEE', 'member');
    expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
    expect((await canal.show(id)).approvals).toMatchObject([{ by: 'U0LEE', counts: false, since: { moved: [] } }]);
    expect((await canal.approve('U0LIV', id)).deployed).toBe(false);
    expect(await line()).toBe('Approval by 1 lead more (of 2 leads)');
    expect((await canal.approve('U0ADA', id)).deployed).toBe(true);
  });

  it('stops counting when its giver is deactivated, and counts again when they are back', async () => {
    await canal.approve('U0LEE', id);
    await hear('U0LEE', 'deactivated');
    expect((await canal.approve('U0LIV', id)).deployed).toBe(false);
    await hear('U0LEE', 'member');
    expect(await canal.show(id)).toMatchObject({ status: 'deployed', closedBy: null });
  });

  it('adds nothing by its giver’s later promotion', async () => {
    canal = await openCanal(db.ports, {
      staging: [
        { role: 'member', count: 1 },
        { role: 'admin', count: 1 },
      ],
    });
    await canal.reach('development', 'Be kind.');
    id = await canal.open('staging');
    await canal.approve('U0MAX', id);
    await give('U0MAX', 'admin');
    expect((await canal.show(id)).status).toBe('open');
    expect((await canal.approve('U0LEE', id)).deployed).toBe(false);
    expect((await canal.approve('U0ABE', id)).deployed).toBe(true);
  });

  it('stops counting when the workflow moves to a department that is not its giver’s', async () => {
    canal = await openCanal(db.ports, {
      staging: [{ role: 'lead', count: 2 }],
      departments: ['support', 'growth'],
      people: { U0LEE: ['lead', ['support']] },
    });
    const pushed = { actor: canal.as('U0DEV'), workflow: FLOW, source: sourceOf('Be kind.'), department: 'Support' };
    expect((await canal.useCases.pushVersion(pushed)).workflow.department).toBe('support');
    await canal.deploy();
    id = await canal.open('staging');
    await canal.approve('U0LEE', id);
    await deliverUpdates();
    const move = (department: string) =>
      canal.useCases.changeWorkflow({ actor: canal.as('U0ADA'), workflow: FLOW, department });
    await move('growth');
    expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
    expect((await canal.show(id)).approvals).toMatchObject([{ by: 'U0LEE', counts: false }]);
    expectRefused(await refusalFrom(canal.approve('U0LEE', id)), 'not_permitted');
    expect((await canal.approve('U0LIV', id)).deployed).toBe(false);
    await move('support');
    expect(await canal.show(id)).toMatchObject({ status: 'deployed' });
    expect(await canal.live('staging')).toBe(1);
  });

  it('stops counting when the policy moves, and the card says what it asks now', async () => {
    await canal.approve('U0LEE', id);
    await db.sql(
      `UPDATE environment SET policy = jsonb_set(policy, '{approvals}', '[{"role": "lead", "count": 1}, {"role": "admin", "count": 1}]')
       WHERE workspace_id = $1 AND name = 'staging'`,
      [canal.workspaceId],
    );
    const [approval] = (await canal.show(id)).approvals;
    expect(approval).toMatchObject({ counts: false, since: { moved: ['policy'] } });
    expect(approval?.since.lines).toEqual(['staging now asks for 1 lead and 1 admin; it asked for 2 leads.']);
    expect((await canal.approve('U0LEE', id)).deployed).toBe(false);
    expect((await canal.approve('U0ADA', id)).deployed).toBe(true);
  });

  it('still counts when only the channel, the badge or who may roll back moves', async () => {
    await canal.approve('U0LEE', id);
    await db.sql(
      `UPDATE environment SET channel = 'C0NEW', badge = ':boat:', webhooks = '[]', policy = jsonb_set(policy, '{rollback,role}', '"admin"')
       WHERE workspace_id = $1 AND name = 'staging'`,
      [canal.workspaceId],
    );
    expect((await canal.approve('U0LIV', id)).deployed).toBe(true);
    await db.sql('DELETE FROM webhook_delivery WHERE workspace_id = $1', [canal.workspaceId]);
    await db.sql(`UPDATE environment SET webhooks = '[]' WHERE workspace_id = $1`, [canal.workspaceId]);
  });
});

describe('what an approval was bound to', () => {
  it('must be what the card showed', async () => {
    const { fingerprint } = await canal.show(id);
    expectRefused(await refusalFrom(canal.approve('U0LEE', id, 'a'.repeat(64))), 'review_changed');
    expect((await canal.approve('U0LEE', id, fingerprint)).changed).toBe(true);
  });

  it('must still be one step of the pipeline', async () => {
    await db.sql(`UPDATE environment SET rank = rank + 1 WHERE workspace_id = $1 AND rank >= 1`, [canal.workspaceId]);
    await db.sql(
      `INSERT INTO environment (workspace_id, name, rank, policy) SELECT workspace_id, 'canary', 1, policy FROM environment
       WHERE workspace_id = $1 AND name = 'staging'`,
      [canal.workspaceId],
    );
    const refusal = await refusalFrom(canal.approve('U0LEE', id));
    expectRefused(refusal, 'moved_on');
    expect(refusal.userMessage).toContain('Cancel this request');
    expect((await canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId: id })).promotion.status).toBe(
      'cancelled',
    );
  });
});

describe('rules that ask for different people', () => {
  it('are filled in whatever order they click', async () => {
    for (const order of [
      ['U0ADA', 'U0LEE', 'U0ABE'],
      ['U0LEE', 'U0ABE', 'U0ADA'],
      ['U0ABE', 'U0ADA', 'U0LEE'],
    ]) {
      canal = await openCanal(db.ports, {
        staging: [
          { role: 'lead', count: 2 },
          { role: 'admin', count: 1 },
        ],
      });
      await canal.push('Be kind.');
      await canal.deploy();
      id = await canal.open('staging');
      const deployed: boolean[] = [];
      for (const userId of order) deployed.push((await canal.approve(userId, id)).deployed);
      expect(deployed).toEqual([false, false, true]);
    }
  });
});

describe('a card that nobody could approve', () => {
  it('says so, and follows when somebody is given the role', async () => {
    canal = await openCanal(db.ports, { staging: [{ role: 'admin', count: 1 }], people: { U0ABE: ['member'] } });
    await canal.push('Be kind.', FLOW, 'U0ADA');
    await canal.deploy(undefined, FLOW, 'U0ADA');
    id = await canal.open('staging', 'U0ADA');
    expect(await canal.show(id)).toMatchObject({ nobodyCanApprove: true, canApprove: { userIds: [], more: false } });
    await deliverUpdates();
    await give('U0LEE', 'admin');
    expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
    expect(await canal.show(id)).toMatchObject({ nobodyCanApprove: false, canApprove: { userIds: ['U0LEE'] } });
  });
});

describe('hearing of people from Slack', () => {
  it('touches nothing where nothing about them moved', async () => {
    await canal.approve('U0LEE', id);
    await deliverUpdates();
    await hear('U0LEE', 'member');
    expect(await waitingJobs(db, 'refresh-announcements')).toBe(0);
  });
});
