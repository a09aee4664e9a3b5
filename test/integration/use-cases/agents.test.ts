import { beforeEach, describe, expect, test } from 'vitest';
import { MOST_AGENTS } from '../../../src/domain/agent.ts';
import type { Environment } from '../../../src/domain/environment.ts';
import { makeListAgents } from '../../../src/use-cases/list-agents.ts';
import { makeRegisterAgent } from '../../../src/use-cases/register-agent.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { anActor, seedWorkspace } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';

let db: TestPersistence;
withTestPersistence((opened) => {
  db = opened;
});
let workspaceId: string;
let staging: Environment;
let production: Environment;
let tokenId: string;

beforeEach(async () => {
  ({ workspaceId, staging, production } = await seedWorkspace(db.ports));
  const token = await db.ports.inTransaction(workspaceId, (tx) =>
    tx.tokens.create({
      ...{ name: 'runner', hash: crypto.randomUUID().replaceAll('-', '').repeat(2), environmentId: staging.id },
      ...{ scopes: ['agents'], createdBy: 'U0ADA', expiresAt: null },
    }),
  );
  tokenId = token.id;
});

const register = (name: string, environment = staging, release: string | null = null) =>
  makeRegisterAgent(db.ports)({
    actor: { ...anActor(workspaceId, 'token:runner'), via: 'api' },
    ...{ environment, tokenId, name, release },
  });
const list = (environment?: string, of = workspaceId) =>
  makeListAgents(db.ports)({ workspaceId: of, ...(environment && { environment }), page: { limit: 10 } });

describe('An agent', () => {
  test('is registered once and seen from then on, with what it last said of its release', async () => {
    const first = await register('pod-1', staging, '1.0');
    const again = await register('pod-1', staging, '1.1');
    expect(again).toMatchObject({ id: first.id, release: '1.1', registeredAt: first.registeredAt });
    expect(again.lastSeenAt.getTime()).toBeGreaterThan(first.lastSeenAt.getTime());
    const { items } = await list();
    expect(items.map(({ name, token, environment }) => [name, token, environment.name])).toEqual([
      ['pod-1', 'runner', 'staging'],
    ]);
    const audit = await db.ports.reading(workspaceId, (tx) => tx.audit.list({ action: 'agent.registered', limit: 9 }));
    expect(audit.items.map(({ subject }) => subject)).toEqual(['agent:pod-1']);
  });

  test('is listed by who was seen last, of one environment where one is named, and in no other workspace', async () => {
    await register('a');
    await register('b', production);
    await register('c');
    await register('a');
    expect((await list()).items.map(({ name }) => name)).toEqual(['a', 'c', 'b']);
    expect((await list('prod')).items.map(({ name }) => name)).toEqual(['b']);
    const { workspaceId: other } = await seedWorkspace(db.ports);
    expect((await list(undefined, other)).items).toEqual([]);
  });

  test('of a name that twenty processes register at once is one', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => register('twin')));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  });

  test('is refused where its name is none, or its environment has as many as it may', async () => {
    for (const name of ['', ' ', '-', 'a b', 'a\n', 'x'.repeat(129)])
      await expect(register(name)).rejects.toMatchObject({ code: 'invalid_input' });
    await register('known');
    await db.sql(
      `INSERT INTO agent (workspace_id, environment_id, name, token_id, registered_at, last_seen_at)
       SELECT $1, $2, 'n' || n, $3, now(), now() FROM generate_series(2, ${MOST_AGENTS}) n`,
      [workspaceId, staging.id, tokenId],
    );
    await expect(register('one-more')).rejects.toMatchObject({ code: 'too_many' });
    expect(await register('known')).toMatchObject({ name: 'known' });
    expect(await register('elsewhere', production)).toMatchObject({ name: 'elsewhere' });
  });

  test('is forgotten when nobody saw it for so many days', async () => {
    await register('old');
    await register('new');
    await db.sql(
      "UPDATE agent SET last_seen_at = now() - interval '31 days' WHERE workspace_id = $1 AND name = 'old'",
      [workspaceId],
    );
    await db.ports.inTransaction(workspaceId, (tx) => tx.agents.forget(30));
    expect((await list()).items.map(({ name }) => name)).toEqual(['new']);
  });
});
