import { describe, expect, it } from 'vitest';
import type { SlackStanding } from '../../../src/domain/person.ts';
import { hashToken } from '../../../src/domain/token.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { atOnce, tally, times } from '../../support/use-cases/at-once.ts';
import { type Canal, openCanal, profile } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const DAY = 86_400_000;
const start = (device = 'adas-laptop') => canal.useCases.startLogin({ workspaceId: canal.workspaceId, device });
const find = (code: string, by = 'U0LEE') => canal.useCases.findLogin({ actor: canal.as(by), code });
const confirm = (loginId: string, by = 'U0LEE') => canal.useCases.confirmLogin({ actor: canal.as(by), loginId });
const collect = (deviceCode: string) => canal.useCases.collectLogin({ workspaceId: canal.workspaceId, deviceCode });
const stands = (userId: string, standing: SlackStanding) =>
  canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles: [profile(userId, { standing })] });
const tokens = () =>
  db.sql('SELECT name, revoked_at FROM api_token WHERE workspace_id = $1 AND person_id IS NOT NULL', [
    canal.workspaceId,
  ]);
const passed = (deviceCode: string) =>
  db.sql(
    `UPDATE login_request SET started_at = started_at - interval '11 minutes', expires_at = expires_at - interval '11 minutes'
     WHERE device_hash = encode(sha256(convert_to('device ' || $1, 'UTF8')), 'hex')`,
    [deviceCode],
  );
/** Started, and found by its person. */
async function shown(by = 'U0LEE') {
  const login = await start();
  return { ...login, ...(await find(login.code, by)) };
}

describe('logging in', () => {
  it('hands a program the token of who confirmed its code, for thirty days', async () => {
    const { deviceCode, code, expiresAt, interval } = await start();
    expect(code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    expect(interval).toBe(5_000);
    expect(await collect(deviceCode)).toEqual({ kind: 'waiting', expiresAt });
    const found = await find(code.toLowerCase());
    expect(found).toMatchObject({ device: 'adas-laptop', expiresAt, person: { userId: 'U0LEE', role: 'lead' } });
    await confirm(found.id);
    const answer = await collect(deviceCode);
    if (answer.kind !== 'token') expect.unreachable();
    expect(answer.token).toMatchObject({ isPersonal: true, scopes: [], environment: null, createdBy: 'U0LEE' });
    expect(answer.token.name).toMatch(/^login-adas-laptop-[a-z0-9]{6}$/);
    expect((answer.token.expiresAt?.getTime() ?? 0) - answer.token.createdAt.getTime()).toBe(30 * DAY);
    const known = await canal.useCases.findToken({ workspaceId: canal.workspaceId, hash: hashToken(answer.text) });
    expect(known).toMatchObject({ isPersonal: true, createdBy: 'U0LEE', creatorStanding: 'member' });
  });

  it('keeps neither code nor token, in no table and in no audit', async () => {
    const { deviceCode, code, id } = await shown();
    await confirm(id);
    const answer = await collect(deviceCode);
    if (answer.kind !== 'token') expect.unreachable();
    const kept = JSON.stringify([
      await db.sql('SELECT * FROM login_request WHERE workspace_id = $1', [canal.workspaceId]),
      await db.sql('SELECT * FROM api_token WHERE workspace_id = $1', [canal.workspaceId]),
      await db.sql('SELECT seq::text, actor, action, subject, before, after FROM audit_event WHERE workspace_id = $1', [
        canal.workspaceId,
      ]),
    ]);
    for (const secret of [code, code.replace('-', ''), deviceCode, answer.text]) expect(kept).not.toContain(secret);
    const { items } = await canal.useCases.listAudit({ workspaceId: canal.workspaceId, limit: 2 });
    expect(items.map(({ actor, via, action }) => [actor, via, action])).toEqual([
      ['U0LEE', 'api', 'token.created'],
      ['U0LEE', 'slack', 'login.confirmed'],
    ]);
  });

  it('hands a token out once: asked for a second time, the first one ends', async () => {
    const { deviceCode, id } = await shown();
    await confirm(id);
    const answer = await collect(deviceCode);
    if (answer.kind !== 'token') expect.unreachable();
    // The answer was lost, or somebody else has the code: nobody can tell which.
    const again = await refusalFrom(collect(deviceCode));
    expectRefused(again, 'login_ended');
    expect(again.userMessage).toContain('handed out already');
    expect(await tokens()).toEqual([{ name: answer.token.name, revoked_at: expect.any(Date) }]);
    expectRefused(await refusalFrom(collect(deviceCode)), 'login_ended');
    const { items } = await canal.useCases.listAudit({
      workspaceId: canal.workspaceId,
      limit: 10,
      action: 'token.revoked',
    });
    expect(items).toMatchObject([{ actor: 'api', after: { why: 'its login was asked for twice' } }]);
  });

  it('twenty questions at once are handed one token at most', async () => {
    const { deviceCode, id } = await shown();
    await confirm(id);
    expect(tally(await atOnce(times(20).map(() => () => collect(deviceCode))))).toEqual({ done: 1, login_ended: 19 });
    expect(await tokens()).toHaveLength(1);
  });

  it('twenty confirmations at once by two people make one login, of the one who was first', async () => {
    const { deviceCode, id } = await shown();
    const outcomes = await atOnce(times(20).map((n) => () => confirm(id, n % 2 === 0 ? 'U0LEE' : 'U0ADA')));
    expect(tally(outcomes)).toEqual({ done: 10, login_ended: 10 });
    const winner = outcomes.flatMap(({ done }) => done?.person.userId ?? [])[0];
    expect(await collect(deviceCode)).toMatchObject({ kind: 'token', token: { createdBy: winner } });
    expect(await tokens()).toHaveLength(1);
    const { items } = await canal.useCases.listAudit({
      workspaceId: canal.workspaceId,
      limit: 10,
      action: 'login.confirmed',
    });
    expect(items.map(({ actor }) => actor)).toEqual([winner]);
  });

  it('that somebody refuses hands out nothing, and can’t be confirmed afterwards', async () => {
    const { deviceCode, id } = await shown();
    await canal.useCases.refuseLogin({ actor: canal.as('U0LEE'), loginId: id });
    await canal.useCases.refuseLogin({ actor: canal.as('U0LEE'), loginId: id });
    expectRefused(await refusalFrom(confirm(id)), 'login_refused');
    expectRefused(await refusalFrom(collect(deviceCode)), 'login_refused');
    const other = await shown();
    await confirm(other.id);
    expectRefused(
      await refusalFrom(canal.useCases.refuseLogin({ actor: canal.as('U0ADA'), loginId: other.id })),
      'login_ended',
    );
  });

  it('is over after ten minutes, whether it was confirmed or not', async () => {
    const waiting = await shown();
    await passed(waiting.deviceCode);
    expectRefused(await refusalFrom(find(waiting.code)), 'login_ended');
    expectRefused(await refusalFrom(confirm(waiting.id)), 'login_ended');
    expectRefused(await refusalFrom(collect(waiting.deviceCode)), 'login_ended');
    const confirmed = await shown();
    await confirm(confirmed.id);
    await passed(confirmed.deviceCode);
    expectRefused(await refusalFrom(collect(confirmed.deviceCode)), 'login_ended');
    expect(await tokens()).toEqual([]);
  });

  it('confirmed in its last moment leaves the program a minute to ask', async () => {
    const { deviceCode, id } = await shown();
    await db.sql("UPDATE login_request SET expires_at = clock_timestamp() + interval '2 seconds' WHERE id = $1", [id]);
    expect((await confirm(id)).person.userId).toBe('U0LEE');
    const [row] = await db.sql<{ left: string }>(
      'SELECT extract(epoch FROM expires_at - clock_timestamp())::int AS left FROM login_request WHERE id = $1',
      [id],
    );
    expect(Number(row?.left)).toBeGreaterThan(30);
    expect((await collect(deviceCode)).kind).toBe('token');
  });

  it('is nobody’s of another workspace', async () => {
    const { deviceCode, code, id } = await shown();
    const other = await openCanal(db.ports);
    const asked = { workspaceId: other.workspaceId, deviceCode };
    expectRefused(await refusalFrom(other.useCases.findLogin({ actor: other.as('U0LEE'), code })), 'login_ended');
    expectRefused(
      await refusalFrom(other.useCases.confirmLogin({ actor: other.as('U0LEE'), loginId: id })),
      'login_ended',
    );
    expectRefused(await refusalFrom(other.useCases.collectLogin(asked)), 'login_ended');
  });
});

describe('who logs in', () => {
  it.each(['guest', 'bot', 'foreign', 'deactivated'] as const)('is never a %s, at no step', async (standing) => {
    const { code, id, deviceCode } = await shown();
    await stands('U0LEE', standing);
    expectRefused(await refusalFrom(find(code)), 'not_permitted');
    expectRefused(await refusalFrom(confirm(id)), 'not_permitted');
    expectRefused(
      await refusalFrom(canal.useCases.refuseLogin({ actor: canal.as('U0LEE'), loginId: id })),
      'not_permitted',
    );
    expect((await collect(deviceCode)).kind).toBe('waiting');
  });

  it('is nobody who left between confirming and the program’s question', async () => {
    const { id, deviceCode } = await shown();
    await confirm(id);
    await stands('U0LEE', 'deactivated');
    expectRefused(await refusalFrom(collect(deviceCode)), 'not_permitted');
    expect(await tokens()).toEqual([]);
  });

  it('confirms in Slack alone: no token lets another program in', async () => {
    const { code, id } = await shown();
    for (const token of [undefined, { name: 'ci', isPersonal: false }, { name: 'login-x-1', isPersonal: true }]) {
      const actor = { ...canal.as('U0LEE'), via: 'api' as const, ...(token && { token }) };
      expectRefused(await refusalFrom(canal.useCases.findLogin({ actor, code })), 'not_permitted');
      expectRefused(await refusalFrom(canal.useCases.confirmLogin({ actor, loginId: id })), 'not_permitted');
    }
  });

  it('has twenty logins at most', async () => {
    const logins = await Promise.all(times(3).map(() => shown()));
    await db.sql(
      `INSERT INTO api_token (workspace_id, name, hash, scopes, created_by, person_id, created_at, expires_at)
       SELECT $1::text, 'login-' || n, encode(sha256(($1::text || n)::bytea), 'hex'), '{}', 'U0LEE', 'U0LEE', now(), now() + interval '1 day'
       FROM generate_series(1, 19) AS n`,
      [canal.workspaceId],
    );
    for (const { id } of logins) await confirm(id);
    const outcomes = await atOnce(
      logins.map(
        ({ deviceCode }) =>
          () =>
            collect(deviceCode),
      ),
    );
    expect(tally(outcomes)).toEqual({ done: 1, too_many: 2 });
    expectRefused(await refusalFrom(confirm((await shown()).id)), 'too_many');
    expect((await confirm((await shown('U0ADA')).id, 'U0ADA')).person.userId).toBe('U0ADA');
  });
});

describe('guessing', () => {
  it('gets five wrong codes a minute, and the right one is refused until it passed', async () => {
    const { code } = await start();
    for (const wrong of ['BBBB-BBBB', 'CCCC-CCCC', 'DDDD-DDDD', 'FFFF-FFFF', 'GGGG-GGGG'])
      expectRefused(await refusalFrom(find(wrong)), 'login_ended');
    expectRefused(await refusalFrom(find('HHHH-HHHH')), 'too_many');
    expectRefused(await refusalFrom(find(code)), 'too_many');
    expect((await find(code, 'U0ADA')).device).toBe('adas-laptop');
    await db.sql("UPDATE login_miss SET at = at - interval '61 seconds' WHERE workspace_id = $1", [canal.workspaceId]);
    expect((await find(code)).device).toBe('adas-laptop');
  });

  it('gets no more by twenty tries at once', async () => {
    const letters = [...'BCDFGHJKLMNPQRSTVWXZ'];
    const outcomes = await atOnce(letters.map((letter) => () => find(letter.repeat(8))));
    expect(tally(outcomes)).toEqual({ login_ended: 5, too_many: 15 });
  });

  it('a device code says no more than that nothing waits', async () => {
    for (const made of ['', 'x', 'A'.repeat(43), '\u0000'.repeat(43), "' OR 1=1 --"])
      expectRefused(await refusalFrom(collect(made)), 'login_ended');
  });

  it('what is no code is not looked for, and what is no id is not found', async () => {
    expectRefused(await refusalFrom(find('12345678')), 'invalid_input');
    expectRefused(await refusalFrom(confirm('no id')), 'login_ended');
    expect(await db.sql('SELECT 1 FROM login_miss WHERE workspace_id = $1', [canal.workspaceId])).toEqual([]);
  });
});

describe('logins that wait', () => {
  it('are five hundred at most, also where twenty start at once', async () => {
    await db.sql(
      `INSERT INTO login_request (workspace_id, device, device_hash, code_hash, started_at, expires_at)
       SELECT $1::text, 'x', encode(sha256(($1::text || 'd' || n)::bytea), 'hex'), encode(sha256(($1::text || 'c' || n)::bytea), 'hex'),
         now(), now() + interval '5 minutes' FROM generate_series(1, 490) AS n`,
      [canal.workspaceId],
    );
    expect(tally(await atOnce(times(20).map(() => () => start())))).toEqual({ done: 10, too_many: 10 });
    await db.sql('UPDATE login_request SET expires_at = started_at WHERE workspace_id = $1', [canal.workspaceId]);
    expect((await start()).code).toMatch(/-/);
  });

  it('are forgotten some time after they ended, with the codes that were typed', async () => {
    await start();
    await refusalFrom(find('BBBB-BBBB'));
    const rows = () =>
      db.sql(
        'SELECT 1 FROM login_request WHERE workspace_id = $1 UNION ALL SELECT 1 FROM login_miss WHERE workspace_id = $1',
        [canal.workspaceId],
      );
    const forget = (ahead: number) =>
      db.ports.inTransaction(canal.workspaceId, (tx) => tx.logins.forget(new Date(tx.now.getTime() + ahead)));
    await forget(-DAY);
    expect(await rows()).toHaveLength(2);
    await forget(DAY);
    expect(await rows()).toEqual([]);
  });
});
