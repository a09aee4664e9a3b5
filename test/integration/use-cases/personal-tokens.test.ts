import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/domain/actor.ts';
import { hashToken } from '../../../src/domain/token.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { logIn as logInto } from '../../support/use-cases/log-in.ts';
import { type Canal, FLOW, sourceOf } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const PAGE = { limit: 20 };

const logIn = (userId: string) => logInto(canal.useCases, { workspaceId: canal.workspaceId, userId });
/** Who acts by a token, as the API says it. */
const by = (userId: string, name: string, isPersonal = true): Actor => ({
  ...{ workspaceId: canal.workspaceId, userId, via: 'api' },
  token: { name, isPersonal },
});
const approve = (actor: Actor, promotionId: string) =>
  canal.useCases.approvePromotion({ actor, choice: { promotionId } });
const audited = (action: string) =>
  canal.useCases.listAudit({ workspaceId: canal.workspaceId, limit: 5, action }).then(({ items }) => items);
const listed = async (userId: string) =>
  (await canal.useCases.listTokens({ actor: canal.as(userId), page: PAGE })).items.map(({ name }) => name);

describe('deciding by a token', () => {
  it('is for a person’s own: it approves, deploys, and the audit names it', async () => {
    await canal.reach('development', 'first');
    const { name } = await logIn('U0LEE');
    const promotionId = await canal.open('staging');
    expect(await approve(by('U0LEE', name), promotionId)).toMatchObject({ changed: true, deployed: true });
    expect((await canal.show(promotionId)).closedBy).toBe('U0LEE');
    expect(await audited('promotion.approved')).toMatchObject([{ actor: 'U0LEE', via: 'api', token: name }]);
    expect(await audited('promotion.deployed')).toMatchObject([{ actor: 'U0LEE', via: 'api', token: name }]);
  });

  it('rejects as well, with a reason', async () => {
    await canal.reach('development', 'first');
    const promotionId = await canal.open('staging');
    const actor = by('U0LEE', 'login-laptop-1');
    await canal.useCases.rejectPromotion({ actor, choice: { promotionId }, reason: 'not yet' });
    expect(await canal.show(promotionId)).toMatchObject({ status: 'rejected', closedBy: 'U0LEE' });
  });

  it.each([
    ['an application’s', (): Actor => by('U0LEE', 'ci', false)],
    ['the operator’s', (): Actor => ({ workspaceId: canal.workspaceId, userId: 'api', via: 'api' })],
    ['the operator’s, for somebody', (): Actor => ({ workspaceId: canal.workspaceId, userId: 'U0LEE', via: 'api' })],
    ['an environment’s', (): Actor => by('token:runner', 'runner', false)],
  ])('never is for %s (rule 4)', async (_, actor) => {
    await canal.reach('development', 'first');
    const promotionId = await canal.open('staging');
    const choice = { promotionId };
    expectRefused(await refusalFrom(approve(actor(), promotionId)), 'not_permitted');
    const rejected = canal.useCases.rejectPromotion({ actor: actor(), choice, reason: 'no' });
    expectRefused(await refusalFrom(rejected), 'not_permitted');
    expect((await canal.show(promotionId)).status).toBe('open');
  });

  it('follows the role of the moment: who was demoted decides nothing any more', async () => {
    await canal.reach('development', 'first');
    const { name } = await logIn('U0LEE');
    const promotionId = await canal.open('staging');
    await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0LEE', role: 'member', departments: [] });
    expectRefused(await refusalFrom(approve(by('U0LEE', name), promotionId)), 'not_permitted');
    await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0LEE', role: 'viewer', departments: [] });
    const push = canal.useCases.pushVersion({ actor: by('U0LEE', name), workflow: FLOW, source: sourceOf('x') });
    expectRefused(await refusalFrom(push), 'not_permitted');
  });

  it('does not let anybody approve what they asked for by it', async () => {
    await canal.reach('development', 'first');
    const { name } = await logIn('U0LEE');
    const actor = by('U0LEE', name);
    const asked = await canal.useCases.requestPromotion({ actor, workflow: FLOW, environment: 'staging' });
    if (asked.kind !== 'opened') expect.unreachable();
    expectRefused(await refusalFrom(approve(actor, asked.promotion.id)), 'own_request');
    expectRefused(await refusalFrom(approve(canal.as('U0LEE'), asked.promotion.id)), 'own_request');
  });
});

describe('the audit', () => {
  it('names the token of every act by one, and none where there was none', async () => {
    const source = sourceOf('by a token');
    await canal.useCases.pushVersion({ actor: by('U0ADA', 'ci', false), source });
    await canal.deploy();
    expect(await audited('version.pushed')).toMatchObject([{ actor: 'U0ADA', via: 'api', token: 'ci' }]);
    expect(await audited('deployment.activated')).toMatchObject([{ via: 'slack', token: null }]);
  });
});

describe('a login', () => {
  it('is listed to its person and to admins, and to nobody else', async () => {
    const { name } = await logIn('U0LEE');
    await canal.useCases.createToken({ actor: canal.as('U0ADA'), name: 'ci', scopes: ['read'] });
    expect(await listed('U0LEE')).toEqual([name]);
    expect(await listed('U0DEV')).toEqual([]);
    expect(await listed('U0ADA')).toEqual(['ci', name]);
  });

  it('is ended by its person, by an admin and by itself, and by nobody else', async () => {
    const revoke = (name: string, actor: Actor) => canal.useCases.revokeToken({ actor, name });
    const mine = await logIn('U0LEE');
    expectRefused(await refusalFrom(revoke(mine.name, canal.as('U0DEV'))), 'not_permitted');
    expectRefused(await refusalFrom(revoke(mine.name, by('U0LEE', 'ci', false))), 'not_permitted');
    await revoke(mine.name, canal.as('U0LEE'));
    await revoke((await logIn('U0LEE')).name, canal.as('U0ADA'));
    const last = await logIn('U0LEE');
    await canal.useCases.endLogin({ actor: by('U0LEE', last.name) });
    await canal.useCases.endLogin({ actor: by('U0LEE', last.name) });
    expect(await listed('U0ADA')).toEqual([]);
    for (const actor of [by('U0LEE', 'ci', false), canal.as('U0LEE')])
      expectRefused(await refusalFrom(canal.useCases.endLogin({ actor })), 'not_permitted');
  });

  it('is never rotated into something else', async () => {
    const { name } = await logIn('U0LEE');
    const rotated = canal.useCases.rotateToken({ actor: canal.as('U0ADA'), name });
    expectRefused(await refusalFrom(rotated), 'invalid_input');
  });

  it('is of its person, for no environment, without scopes and not for ever, in the database too', async () => {
    const { text } = await logIn('U0LEE');
    for (const wrong of [
      "person_id = 'U0ADA'",
      "scopes = '{push}'",
      'expires_at = NULL',
      `environment_id = (SELECT id FROM environment WHERE workspace_id = api_token.workspace_id LIMIT 1)`,
    ])
      await expect(db.sql(`UPDATE api_token SET ${wrong} WHERE hash = $1`, [hashToken(text)])).rejects.toThrow(
        'api_token_person_check',
      );
  });
});

describe('managing tokens', () => {
  it('is for admins who act themselves: by an application’s token nobody makes, lists, rotates or ends one', async () => {
    await canal.useCases.createToken({ actor: canal.as('U0ADA'), name: 'ci', scopes: ['read'] });
    const actor = by('U0ADA', 'ci', false);
    const asked = { actor, name: 'more', scopes: ['read'] };
    for (const act of [
      () => canal.useCases.createToken(asked),
      () => canal.useCases.rotateToken({ actor, name: 'ci' }),
      () => canal.useCases.revokeToken({ actor, name: 'ci' }),
      () => canal.useCases.listTokens({ actor, page: PAGE }),
    ])
      expectRefused(await refusalFrom(act()), 'not_permitted');
    expect((await canal.useCases.createToken({ ...asked, actor: by('U0ADA', 'login-x') })).token.name).toBe('more');
    const lead = { ...asked, name: 'another', actor: by('U0LEE', 'login-y') };
    expectRefused(await refusalFrom(canal.useCases.createToken(lead)), 'not_permitted');
  });
});
