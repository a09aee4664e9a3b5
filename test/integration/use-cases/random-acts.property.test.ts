import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Role, SlackStanding } from '../../../src/domain/person.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import { atOnce } from '../../support/use-cases/at-once.ts';
import { brokenRules } from '../../support/use-cases/broken-rules.ts';
import { canariesOf } from '../../support/use-cases/canaries.ts';
import { type Canal, FLOW, openCanal, profile } from '../../support/use-cases/open-canal.ts';

let db: TestPersistence;
withTestPersistence((opened) => {
  db = opened;
});

const who = fc.constantFrom('U0DEV', 'U0MAX', 'U0LEE', 'U0LIV', 'U0ADA', 'U0ABE');
const where = fc.constantFrom('staging', 'staging', 'production');
const version = fc.integer({ min: 1, max: 5 }).map((n) => `v${n}`);
const share = fc.constantFrom(0, 1_000, 10_000);
const canary = fc.option(share, { nil: undefined });
const reviewer = fc.constantFrom('U0LEE', 'U0LIV', 'U0ADA', 'U0ABE', 'U0DEV');
const act = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deploy' as const), version }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('ask' as const), who, where, replace: fc.boolean(), canary }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('finish' as const, 'abort' as const), who, where }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), who, where, share }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('undo-abort' as const), who }) },
  { weight: 24, arbitrary: fc.record({ do: fc.constant('approve' as const), who: reviewer }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reject' as const, 'cancel' as const), who: reviewer }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('roll-back' as const),
      who,
      where,
      to: fc.option(version, { nil: undefined }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('undo' as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('unquarantine' as const), version }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('demote' as const), who: fc.constantFrom('U0LEE', 'U0LIV') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('restore' as const), who: fc.constantFrom('U0LEE', 'U0LIV') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.constantFrom('U0LEE', 'U0LIV') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;
type Asked = Extract<Act, { do: 'ask' }>;

/** One statement after the other on the one connection that looks on. */
let turn: Promise<unknown> = Promise.resolve();
function inTurn<Row extends Record<string, unknown>>(text: string, values: unknown[]): Promise<Row[]> {
  const result = turn.then(() => db.sql<Row>(text, values));
  turn = result.catch(() => undefined);
  return result;
}

/** What ids people would have seen on cards and receipts. */
async function newest(canal: Canal, table: 'promotion' | 'rollback' | 'deployment'): Promise<string> {
  const order = { promotion: 'requested_at', rollback: 'at', deployment: 'deployed_at' }[table];
  const [row] = await inTurn<{ id: string }>(
    `SELECT id FROM ${table} WHERE workspace_id = $1 ORDER BY ${order} DESC LIMIT 1`,
    [canal.workspaceId],
  );
  return row?.id ?? '';
}

async function ask(canal: Canal, { who: by, where: environment, replace, canary: share }: Asked): Promise<unknown> {
  const wish = { ...of(canal, by, environment), ...(share === undefined ? {} : { canary: share }) };
  const asked = await canal.useCases.requestPromotion(wish);
  if (asked.kind !== 'confirm-replacement' || !replace) return asked;
  return canal.useCases.requestPromotion({ ...wish, replace: asked.open.id });
}

const of = (canal: Canal, by: string, environment: string) => ({ actor: canal.as(by), workflow: FLOW, environment });

const give = (canal: Canal, userId: string, role: Role) =>
  canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId, role, departments: [] });
const hear = (canal: Canal, userId: string, standing: SlackStanding) =>
  canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles: [profile(userId, { standing })] });

async function perform(canal: Canal, done: Act): Promise<unknown> {
  const { useCases } = canal;
  switch (done.do) {
    case 'deploy':
      return canal.deploy(done.version);
    case 'ask':
      return ask(canal, done);
    case 'finish':
      return useCases.finishRollout(of(canal, done.who, done.where));
    case 'abort':
      return useCases.abortRollout(of(canal, done.who, done.where));
    case 'change':
      return useCases.changeRollout({ ...of(canal, done.who, done.where), share: done.share });
    case 'undo-abort':
      return useCases.undoAbort({ actor: canal.as(done.who), deploymentId: await newest(canal, 'deployment') });
    case 'approve':
      return canal.approve(done.who, await newest(canal, 'promotion'));
    case 'reject':
      return canal.reject(done.who, await newest(canal, 'promotion'));
    case 'cancel':
      return useCases.cancelPromotion({ actor: canal.as(done.who), promotionId: await newest(canal, 'promotion') });
    case 'roll-back':
      return useCases.rollBack({
        ...of(canal, done.who, done.where),
        ...(done.to === undefined ? {} : { to: done.to }),
      });
    case 'undo':
      return useCases.undoRollback({ actor: canal.as(done.who), rollbackId: await newest(canal, 'rollback') });
    case 'unquarantine':
      return useCases.liftQuarantine({
        actor: canal.as('U0ADA'),
        workflow: FLOW,
        version: done.version,
        reason: 'fixed',
      });
    case 'demote':
      return give(canal, done.who, 'member');
    case 'restore':
      await hear(canal, done.who, 'member');
      return give(canal, done.who, 'lead');
    case 'leave':
      return hear(canal, done.who, 'deactivated');
    case 'expire':
      await inTurn(`UPDATE promotion SET expires_at = now() WHERE workspace_id = $1 AND status = 'open'`, [
        canal.workspaceId,
      ]);
      return useCases.expirePromotions(canal.workspaceId);
  }
}

/** More than came about by getting ready. */
const some = (count: unknown) => Number(count) > 0;

describe('whatever people do, in whatever order, several at once', () => {
  it('what must hold in the tables holds, and nothing ends in a bug', async () => {
    const batches = fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { minLength: 15, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(batches, async (all) => {
        const canal = await openCanal(db.ports, { production: [{ role: 'lead', count: 2 }] });
        await canal.reach('staging', 'One.', 'Two.', 'Three.');
        await canal.reach('development', 'Four.', 'Five.');
        await canariesOf(canal).start('staging');
        for (const batch of all) await atOnce(batch.map((one) => () => perform(canal, one)));
        expect(await brokenRules(db)).toEqual([]);
      }),
      { numRuns: 6, endOnFailure: true },
    );
    // Acts that are all refused would prove nothing.
    const [seen] =
      await db.sql(`SELECT (SELECT count(*)::int - 24 FROM promotion WHERE status = 'deployed') AS deployed,
      (SELECT count(*)::int FROM promotion WHERE status <> 'deployed') AS others, (SELECT count(*)::int FROM rollback) AS rollbacks,
      (SELECT count(*)::int FROM audit_event WHERE action IN ('rollout.finished', 'rollout.aborted')) AS canaries`);
    expect(seen).toMatchObject({
      deployed: expect.toSatisfy(some),
      others: expect.toSatisfy(some),
      rollbacks: expect.toSatisfy(some),
      canaries: expect.toSatisfy(some),
    });
  }, 120_000);
});
