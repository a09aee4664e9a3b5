import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GateCallerOptions, makeGateCaller } from '../../../src/adapters/webhooks/make-gate-caller.ts';
import { hashToken } from '../../../src/domain/token.ts';
import { makeAskGate } from '../../../src/use-cases/gates/ask-gate.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { startTestServer, type TestServer } from '../../support/http/start-test-server.ts';
import { askMore, letTimePass, verdictOf } from '../../support/use-cases/ask-more.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';
import { SECRET } from '../../support/webhooks/delivery-in-memory.ts';
import { answer, closeEndpoints, type Endpoint, listen } from '../../support/webhooks/endpoints.ts';

const HOUR = 3_600_000;
let db: TestPersistence;
let canal: Canal;
let server: TestServer;
let gate: Endpoint;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
beforeEach(async () => {
  await canal.reach('development', 'one');
  const { useCases, workspaceId } = canal;
  server = await startTestServer({ useCases, api: { workspaceId, apiToken: null } });
  gate = await listen(answer(202));
});
afterEach(async () => {
  await closeEndpoints();
  await server.stop();
});

const open = async (allowPrivate = true) => {
  const gates = [{ url: gate.url, secretVariable: 'GATE_SECRET', timeout: HOUR, allowPrivate }];
  await askMore(db, canal, 'staging', { gates });
  return canal.open('staging');
};
/** The jobs that wait, as the queue's worker would take them. */
const queued = () =>
  db.sql<{ payload: { workspaceId: string; promotionId: string; url: string; fingerprint: string } }>(
    `SELECT p.payload FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p USING (id)
     WHERE j.task_identifier = 'ask-gate' AND p.payload->>'workspaceId' = $1`,
    [canal.workspaceId],
  );
const ask = async (more: Partial<GateCallerOptions> = {}) => {
  const options = { secrets: () => SECRET, key: new Uint8Array(32).fill(3), reachedAt: () => server.url };
  const askGate = makeAskGate(withTestDocuments(db.ports), makeGateCaller({ ...options, ...more }));
  const [job] = await queued();
  if (job === undefined) throw new Error('No gate is to be asked.');
  await db.sql(
    `DELETE FROM graphile_worker._private_jobs p USING graphile_worker.jobs j
     WHERE j.id = p.id AND j.task_identifier = 'ask-gate' AND p.payload->>'workspaceId' = $1`,
    [canal.workspaceId],
  );
  return askGate(job.payload);
};
const asked = () => {
  const { headers, body } = gate.received.at(-1) ?? { headers: {}, body: '' };
  return new Webhook(SECRET).verify(body, headers as Record<string, string>) as {
    type: string;
    data: { workflow: string; fingerprint: string; promotion: { id: string }; answer: { url: string; token: string } };
  };
};
const say = (state: string, detail?: string) => {
  const { url, token } = asked().data.answer;
  expect(url).toBe(`${server.url}/api/v1/gates/answer`);
  return server.call('POST', '/api/v1/gates/answer', { token: null, body: { token, state, detail } });
};
const judge = async () => {
  await db.sql(
    "UPDATE promotion SET judge_at = now() - interval '1 ms' WHERE status = 'open' AND judge_at IS NOT NULL",
  );
  return canal.useCases.judgeDue(canal.workspaceId);
};

describe('a gate outside', () => {
  it('is asked by a signed webhook when a promotion opens, and its yes is the act that deploys', async () => {
    const id = await open();
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
    expect(await ask()).toBeNull();
    expect(asked()).toMatchObject({ type: 'gate.asked', data: { workflow: 'summarize-flow', promotion: { id } } });
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({
      state: 'pending',
      detail: 'it was asked and has not answered yet',
      retryAt: expect.any(Date),
    });
    const { token } = asked().data.answer;
    const [row] = await db.sql('SELECT token_hash, row_to_json(g)::text AS all FROM gate_request g');
    expect(row).toMatchObject({ token_hash: hashToken(token), all: expect.not.stringContaining(token) });
    expect((await say('approved', 'all clear')).json).toEqual({ changed: true });
    await judge();
    expect(await canal.live('staging')).toBe(1);
  });

  it('says it once: repeating changes nothing, and nobody takes it back', async () => {
    const id = await open();
    await ask();
    await say('rejected', 'not on a Friday');
    expect((await say('rejected')).json).toEqual({ changed: false });
    const other = await say('approved');
    expect([other.status, other.json.code]).toEqual([409, 'already_decided']);
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({ state: 'failed', detail: 'not on a Friday' });
    const unknown = await server.call('POST', '/api/v1/gates/answer', {
      token: null,
      body: { token: 'tg_of-nobody', state: 'approved' },
    });
    expect(unknown.status).toBe(404);
  });

  it('is asked anew when what is proposed moves, and its yes to what was before does not count', async () => {
    const id = await open();
    await ask();
    await say('approved');
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({ state: 'met' });
    await askMore(db, canal, 'staging', { checklist: ['Rollback tested'] });
    await canal.useCases.tickItem({ actor: canal.as('U0DEV'), promotionId: id, item: 'Rollback tested' });
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({ state: 'pending' });
    const before = asked().data;
    await ask();
    expect(asked().data.fingerprint).not.toBe(before.fingerprint);
    expect(asked().data.answer.token).not.toBe(before.answer.token);
    await say('approved');
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({ state: 'met' });
  });

  it('is not asked again about the same, however often it is judged', async () => {
    const id = await open();
    await ask();
    await canal.approve('U0LEE', id);
    await db.ports.inTransaction(canal.workspaceId, (tx) => tx.promotions.markForJudging({ promotionId: id }));
    await judge();
    expect(await queued()).toEqual([]);
  });

  it('fails where it may not be reached, or can’t be in its time, and says why', async () => {
    const id = await open(false);
    expect(await ask()).toBeNull();
    expect(gate.received).toEqual([]);
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('https only'),
    });
  });

  it('is tried again while it has time, and unreachable after', async () => {
    const id = await open();
    await gate.close();
    const [job] = await queued();
    const again = await ask();
    expect(again).toBeInstanceOf(Date);
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({ state: 'pending' });
    await db.sql("UPDATE gate_request SET asked_at = asked_at - interval '1 hour' WHERE promotion_id = $1", [id]);
    const options = { secrets: () => SECRET, key: new Uint8Array(32).fill(3), reachedAt: () => server.url };
    if (job !== undefined) await makeAskGate(withTestDocuments(db.ports), makeGateCaller(options))(job.payload);
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({
      state: 'failed',
      summary: expect.stringContaining('could not be asked'),
    });
  });

  it('can’t be asked where nobody said how Towpath is reached, and has nothing to say once it is over', async () => {
    const id = await open();
    await ask({ reachedAt: () => null });
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({ detail: expect.stringContaining('PUBLIC_URL') });
    await canal.reject('U0LEE', id);
    const next = await open();
    await ask();
    await canal.reject('U0LEE', next);
    expect((await say('approved')).status).toBe(409);
  });
});

describe('asking a gate again', () => {
  const again = (id: string, by = 'U0DEV') => canal.useCases.askGatesAgain({ actor: canal.as(by), promotionId: id });

  it('that could not be asked: it is, under another id, and its yes counts', async () => {
    const id = await open();
    await canal.approve('U0LEE', id);
    await ask({ reachedAt: () => null });
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({ state: 'failed' });
    const { promotion } = await again(id);
    expect(promotion.requirements.find(({ kind }) => kind === 'gates')).toMatchObject({ state: 'pending' });
    await ask();
    await say('approved');
    await judge();
    expect(await canal.live('staging')).toBe(1);
  });

  it('that let its time pass: it has as much time again', async () => {
    const id = await open();
    await ask();
    await letTimePass(db, canal, HOUR);
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({ state: 'failed' });
    const first = gate.received.at(-1)?.headers['webhook-id'];
    await again(id);
    await ask();
    expect(gate.received.at(-1)?.headers['webhook-id']).not.toBe(first);
    expect(await verdictOf(canal, id, 'gates')).toMatchObject({ state: 'pending', retryAt: expect.any(Date) });
  });

  it('is refused where it has time, where it said no, after the end, and to who only looks', async () => {
    const id = await open();
    await ask();
    await expect(again(id)).rejects.toMatchObject({ code: 'invalid_input' });
    await say('rejected');
    await expect(again(id)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await queued()).toHaveLength(0);
    await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0MAX', role: 'viewer', departments: [] });
    await expect(again(id, 'U0MAX')).rejects.toMatchObject({ code: 'not_permitted' });
    await canal.reject('U0LEE', id);
    await expect(again(id)).rejects.toMatchObject({ code: 'already_decided' });
  });
});
