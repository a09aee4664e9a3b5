import { describe, expect, it } from 'vitest';
import { hashToken } from '../../../src/domain/token.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { atOnce, tally, times } from '../../support/use-cases/at-once.ts';
import { type Canal, openCanal, profile, sourceOf } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PAGE = { limit: 20 };
const runner = { name: 'runner', environment: 'prod', scopes: ['resolve', 'runs'] };
const application = { name: 'ci', scopes: ['read', 'push'] };

const create = (asked: { name: string; environment?: string; scopes: string[]; expiresIn?: number }, by = 'U0ADA') =>
  canal.useCases.createToken({ actor: canal.as(by), ...asked });
const rotate = (name: string, more: { overlap?: number; expiresIn?: number | null } = {}) =>
  canal.useCases.rotateToken({ actor: canal.as('U0ADA'), name, ...more });
const revoke = (name: string, by = 'U0ADA') => canal.useCases.revokeToken({ actor: canal.as(by), name });
const listed = async () => (await canal.useCases.listTokens({ actor: canal.as('U0ADA'), page: PAGE })).items;
const find = (text: string) => canal.useCases.findToken({ workspaceId: canal.workspaceId, hash: hashToken(text) });

describe('creating a token', () => {
  it('gives its text once, and keeps a hash alone', async () => {
    const { text, token } = await create({ ...runner, expiresIn: 90 * DAY });
    expect(text).toMatch(/^tp_[A-Za-z0-9_-]{43}$/);
    expect(token).toMatchObject({
      name: 'runner',
      environment: { name: 'production' },
      scopes: ['resolve', 'runs'],
      createdBy: 'U0ADA',
      lastUsedAt: null,
      isExpired: false,
    });
    expect((token.expiresAt?.getTime() ?? 0) - token.createdAt.getTime()).toBe(90 * DAY);
    expect(await find(text)).toMatchObject({
      name: 'runner',
      environment: { name: 'production', aliases: ['prod'], isArchived: false },
      creatorStanding: 'member',
    });
    const rows = await db.sql('SELECT * FROM api_token WHERE workspace_id = $1', [canal.workspaceId]);
    expect(JSON.stringify(rows)).not.toContain(text);
  });

  it('is audited without the token and its hash, and so is all that follows', async () => {
    const texts = [(await create(runner)).text, (await rotate('runner')).text];
    await revoke('runner');
    const { items } = await canal.useCases.listAudit({ workspaceId: canal.workspaceId, limit: 10 });
    expect(items.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
      ['U0ADA', 'token.revoked', 'token:runner'],
      ['U0ADA', 'token.rotated', 'token:runner'],
      ['U0ADA', 'token.created', 'token:runner'],
    ]);
    expect(items[2]?.after).toMatchObject({ name: 'runner', scopes: ['resolve', 'runs'], expiresAt: null });
    for (const text of texts) {
      expect(JSON.stringify(items)).not.toContain(text.slice(3, 20));
      expect(JSON.stringify(items)).not.toContain(hashToken(text));
    }
  });

  it('is for admins, as are rotating, revoking and listing', async () => {
    await create(application);
    const actor = canal.as('U0LEE');
    for (const act of [
      () => create(runner, 'U0LEE'),
      () => revoke('ci', 'U0LEE'),
      () => canal.useCases.rotateToken({ actor, name: 'ci' }),
      () => canal.useCases.listTokens({ actor, page: PAGE, whose: 'all' }),
    ])
      expectRefused(await refusalFrom(act()), 'not_permitted');
    expect((await canal.useCases.listTokens({ actor, page: PAGE })).items).toEqual([]);
    const nobody = { workspaceId: canal.workspaceId, userId: 'api', via: 'api' } as const;
    expectRefused(await refusalFrom(canal.useCases.createToken({ actor: nobody, ...application })), 'not_permitted');
  });

  it('refuses a name that is taken, scopes that do not fit and environments that are not there', async () => {
    await create(runner);
    expectRefused(await refusalFrom(create({ ...runner, name: 'RUNNER' })), 'invalid_input');
    expectRefused(await refusalFrom(create({ name: 'x', environment: 'prod', scopes: ['push'] })), 'invalid_input');
    expectRefused(await refusalFrom(create({ name: 'x', scopes: ['resolve'] })), 'invalid_input');
    expectRefused(await refusalFrom(create({ ...runner, name: 'x', environment: 'qa' })), 'unknown_environment');
    expectRefused(await refusalFrom(create({ ...application, expiresIn: 1_000 })), 'invalid_input');
  });

  it('takes the name of one that expired or was revoked', async () => {
    await create(application);
    await db.sql("UPDATE api_token SET expires_at = created_at - interval '1 day' WHERE workspace_id = $1", [
      canal.workspaceId,
    ]);
    expect(await listed()).toMatchObject([{ isExpired: true }]);
    await create(application);
    await revoke('ci');
    await create(application);
    expect(await listed()).toMatchObject([{ name: 'ci', isExpired: false }]);
  });

  it('twenty at once by one name make one', async () => {
    const made = await atOnce(times(20).map(() => () => create(application)));
    expect(tally(made)).toEqual({ done: 1, invalid_input: 19 });
  });
});

describe('rotating a token', () => {
  it('makes a new one that is good at once, beside the old one for an hour', async () => {
    const old = await create({ ...runner, expiresIn: 30 * DAY });
    const { text, token, oldGoodUntil } = await rotate('runner');
    expect(token).toMatchObject({ name: 'runner', scopes: ['resolve', 'runs'], environment: { name: 'production' } });
    expect((token.expiresAt?.getTime() ?? 0) - token.createdAt.getTime()).toBe(30 * DAY);
    expect(oldGoodUntil.getTime() - token.createdAt.getTime()).toBe(HOUR);
    expect((await find(text))?.expiresAt).toEqual(token.expiresAt);
    expect((await find(old.text))?.expiresAt).toEqual(oldGoodUntil);
    expect((await listed()).map(({ isReplaced }) => isReplaced)).toEqual([false, true]);
  });

  it('ends the old one when it is told to', async () => {
    const old = await create(application);
    const { oldGoodUntil, token } = await rotate('ci', { overlap: 0, expiresIn: null });
    expect(oldGoodUntil).toEqual(token.createdAt);
    expect((await find(old.text))?.expiresAt).toEqual(oldGoodUntil);
    expect(token.expiresAt).toBeNull();
    expect(await listed()).toMatchObject([{ name: 'ci', isReplaced: false }]);
  });

  it('needs one that is good', async () => {
    expectRefused(await refusalFrom(rotate('ci')), 'unknown_token');
    await create(application);
    await revoke('ci');
    expectRefused(await refusalFrom(rotate('ci')), 'unknown_token');
  });

  it('twenty times at once leaves one that no other took the place of', async () => {
    await create(application);
    const made = await atOnce(times(20).map(() => () => rotate('ci')));
    expect(tally(made)).toEqual({ done: 20 });
    const all = await db.sql('SELECT 1 FROM api_token WHERE workspace_id = $1 AND rotated_at IS NULL', [
      canal.workspaceId,
    ]);
    expect(all).toHaveLength(1);
  });
});

describe('revoking a token', () => {
  it('ends it and those whose place it took', async () => {
    const old = await create(application);
    const { text } = await rotate('ci');
    expect(await revoke('CI')).toEqual({ name: 'ci', revoked: 2 });
    for (const gone of [old.text, text]) expect((await find(gone))?.revokedAt).toBeInstanceOf(Date);
    expect(await listed()).toEqual([]);
    expectRefused(await refusalFrom(revoke('ci')), 'unknown_token');
  });
});

describe('a token', () => {
  it('is found in its own workspace alone', async () => {
    const { text } = await create(application);
    const other = await openCanal(db.ports);
    expect(await other.useCases.findToken({ workspaceId: other.workspaceId, hash: hashToken(text) })).toBeNull();
    expect((await other.useCases.listTokens({ actor: other.as('U0ADA'), page: PAGE })).items).toEqual([]);
    expectRefused(
      await refusalFrom(other.useCases.revokeToken({ actor: other.as('U0ADA'), name: 'ci' })),
      'unknown_token',
    );
  });

  it('tells how its creator stands now, and whether its environment is there still', async () => {
    const { text } = await create(runner);
    await canal.useCases.recordProfiles({
      workspaceId: canal.workspaceId,
      profiles: [profile('U0ADA', { standing: 'deactivated' })],
    });
    await db.ports.inTransaction(canal.workspaceId, async (tx) => {
      const pipeline = await tx.environments.pipeline();
      await tx.environments.replace(pipeline.slice(0, 2).map(({ id: _, ...environment }) => environment));
    });
    expect(await find(text)).toMatchObject({ creatorStanding: 'deactivated', environment: { isArchived: true } });
  });

  it('that runs workflows is nobody where a role is asked for', async () => {
    const actor = { workspaceId: canal.workspaceId, userId: 'token:runner', via: 'api' } as const;
    const source = sourceOf('by a runner');
    expectRefused(await refusalFrom(canal.useCases.pushVersion({ actor, source })), 'not_permitted');
  });

  it('has its last use written at most once a minute', async () => {
    const { text } = await create(application);
    const found = await find(text);
    const use = () =>
      canal.useCases.recordTokenUses({ workspaceId: canal.workspaceId, tokenIds: [found?.id ?? '', 'no id'] });
    await use();
    const [first] = await listed();
    expect(first?.lastUsedAt).toBeInstanceOf(Date);
    await use();
    expect((await listed())[0]?.lastUsedAt).toEqual(first?.lastUsedAt);
    await db.sql("UPDATE api_token SET last_used_at = last_used_at - interval '61 seconds' WHERE id = $1", [found?.id]);
    await use();
    expect((await listed())[0]?.lastUsedAt?.getTime()).toBeGreaterThanOrEqual(first?.lastUsedAt?.getTime() ?? 0);
  });

  it('for an environment can hold no scope of an application in the database either, nor the other way round', async () => {
    await create(runner);
    await create(application);
    for (const [name, scope] of [
      ['runner', 'push'],
      ['ci', 'resolve'],
    ])
      await expect(db.sql('UPDATE api_token SET scopes = $1 WHERE name = $2', [[scope], name])).rejects.toThrow(
        'api_token_environment_check',
      );
  });
});
