import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeProbes } from '../../../src/adapters/probes/make-probes.ts';
import type { Probe } from '../../../src/domain/policy/parity-policy.ts';
import { makeCheckParity } from '../../../src/use-cases/parity/check-parity.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';
import { askMore, letTimePass, verdictOf } from '../../support/use-cases/ask-more.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { settingsActs } from '../../support/use-cases/settings-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';
import { answer, closeEndpoints, listen } from '../../support/webhooks/endpoints.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { byFile } = settingsActs(() => canal);
const READABLE = { MODEL_KEY: { env: 'STAGING_OPENAI_KEY' } };
const MINUTE = 60_000;
const GONE = { MODEL_KEY: { env: 'GONE_OPENAI_KEY' } };

beforeEach(async () => {
  for (const environment of ['development', 'staging'])
    await byFile(environment, { variables: { GREETING: 'hello' }, secrets: READABLE });
  await canal.reach('development', 'Say ${GREETING:hi} by ${MODEL_KEY}.');
});
afterEach(closeEndpoints);

const open = async (...probes: Probe[]) => {
  await askMore(db, canal, 'staging', { parity: { probes } });
  return canal.open('staging');
};
const queued = async () =>
  (
    await db.sql<{ soon: boolean }>(
      `SELECT j.run_at < now() + interval '10 s' AS soon FROM graphile_worker.jobs j
       JOIN graphile_worker._private_jobs p USING (id)
       WHERE j.task_identifier = 'check-parity' AND p.payload->>'workspaceId' = $1`,
      [canal.workspaceId],
    )
  ).map(({ soon }) => (soon ? 'now' : 'later'));
const check = async (promotionId: string, privateOrigins: string[] = []) => {
  await db.sql(
    `DELETE FROM graphile_worker._private_jobs p USING graphile_worker.jobs j
     WHERE j.id = p.id AND j.task_identifier = 'check-parity' AND p.payload->>'workspaceId' = $1`,
    [canal.workspaceId],
  );
  const work = makeCheckParity(
    withTestDocuments(db.ports),
    testSecrets,
    makeProbes({ privateOrigins, timeout: 2_000 }),
  );
  await work({ workspaceId: canal.workspaceId, promotionId });
};
const judge = async () => {
  await db.sql(
    "UPDATE promotion SET judge_at = now() - interval '1 ms' WHERE status = 'open' AND judge_at IS NOT NULL",
  );
  return canal.useCases.judgeDue(canal.workspaceId);
};
const parity = (id: string) => verdictOf(canal, id, 'parity');

describe('parity of a target', () => {
  it('is looked at beside the request, and what it finds is the act that deploys', async () => {
    const id = await open();
    expect(await parity(id)).toMatchObject({ state: 'pending', detail: 'not judged yet' });
    expect(await queued()).toEqual(['now']);
    await canal.approve('U0LEE', id);
    await check(id);
    expect(await parity(id)).toMatchObject({ state: 'met' });
    expect(await queued()).toEqual([]);
    await judge();
    expect(await canal.live('staging')).toBe(1);
    const { items } = await canal.useCases.listAudit({
      ...{ workspaceId: canal.workspaceId, action: 'secret.read', limit: 50 },
    });
    expect(items.map(({ actor, after }) => [actor, after])).toEqual([
      ['clock', { secrets: ['MODEL_KEY'], for: `parity of promotion ${id}` }],
    ]);
  });

  it('fails where a secret can’t be read, and is looked at again later', async () => {
    await byFile('staging', { variables: { GREETING: 'hello' }, secrets: GONE });
    const id = await open();
    await check(id);
    expect(await parity(id)).toMatchObject({
      state: 'failed',
      detail: 'secret MODEL_KEY can’t be read where it is kept',
    });
    expect(await queued()).toEqual(['later']);
    expect(await db.sql("SELECT 1 FROM parity_report WHERE findings::text LIKE '%a key of%'")).toEqual([]);
  });

  it('fails where the settings lack a variable that has a default elsewhere', async () => {
    await byFile('staging', { secrets: READABLE });
    const id = await open();
    await check(id);
    expect(await parity(id)).toMatchObject({ state: 'failed', detail: 'variable GREETING is missing' });
  });

  it('that is the last thing and was found out long ago is looked at once more, and then counts', async () => {
    const id = await open();
    await check(id);
    await canal.useCases.lock({ actor: canal.as('U0LEE'), scope: FLOW, reason: 'wait' });
    await letTimePass(db, canal, 11 * MINUTE);
    // While something else is missing too, what was found out is shown.
    expect(await parity(id)).toMatchObject({ state: 'met' });
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
    expect(await queued()).toEqual([]);
    await canal.useCases.unlock({ actor: canal.as('U0LEE'), scope: FLOW });
    await judge();
    expect(await canal.live('staging')).toBeNull();
    expect(await parity(id)).toMatchObject({
      state: 'pending',
      detail: 'it was found out too long ago: looked at again',
    });
    expect(await queued()).toEqual(['now']);
    await check(id);
    await judge();
    expect(await canal.live('staging')).toBe(1);
  });

  it('is looked at once more by the approval that would be the last thing', async () => {
    const id = await open();
    await check(id);
    await letTimePass(db, canal, 11 * MINUTE);
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
    expect(await queued()).toEqual(['now']);
    await check(id);
    await letTimePass(db, canal, 9 * MINUTE);
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: true });
  });

  it('that is looked at once more at the scheduled time is nothing that anybody missed', async () => {
    await askMore(db, canal, 'staging', { parity: { probes: [] } });
    const asked = { actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', at: { in: 60 * MINUTE } };
    const opened = await canal.useCases.requestPromotion(asked);
    const id = opened.kind === 'opened' ? opened.promotion.id : '';
    await canal.approve('U0LEE', id);
    await check(id);
    await letTimePass(db, canal, 60 * MINUTE);
    await judge();
    expect(await queued()).toEqual(['now']);
    expect(await db.sql("SELECT 1 FROM announcement WHERE subject_id = $1 AND kind = 'notice'", [id])).toEqual([]);
    await check(id);
    await judge();
    expect(await canal.live('staging')).toBe(1);
  });

  it('says nothing of what was found for something else, and looks again', async () => {
    const id = await open();
    await check(id);
    await askMore(db, canal, 'staging', { checklist: ['Rollback tested'] });
    await canal.useCases.tickItem({ actor: canal.as('U0DEV'), promotionId: id, item: 'Rollback tested' });
    expect(await parity(id)).toMatchObject({ state: 'pending' });
    expect(await queued()).toEqual(['now']);
  });

  it('tries what the environment’s policy names, where the operator lets it', async () => {
    const [up, down] = [await listen(answer(404)), await listen(answer(503))];
    const closed = await listen(answer(200));
    await closed.close();
    const tcp = `127.0.0.1:${up.port}`;
    const id = await open({ url: up.url }, { url: down.url }, { tcp }, { tcp: `127.0.0.1:${closed.port}` });
    const ports = [up.port, down.port, closed.port];
    await check(
      id,
      ports.map((port) => `http://127.0.0.1:${port}`),
    );
    const { detail } = (await parity(id)) ?? {};
    expect(detail).toBe(`probe ${down.url} answers 503, probe 127.0.0.1:${closed.port} does not answer`);
  });

  it.each<Probe>([
    { url: 'https://127.0.0.1:1' },
    { url: 'https://localhost:1' },
    { tcp: '127.0.0.1:1' },
    { tcp: 'localhost:1' },
    { tcp: '127.1:1' },
    { tcp: '[::1]:1' },
    { tcp: '[::ffff:7f00:1]:1' },
    { tcp: '169.254.169.254:80' },
  ])('tries nothing on this machine or in a private network: %j', async (probe) => {
    expect(await makeProbes().tryOut(probe)).toMatch(/private network/);
  });

  it('tries no address over plain http, nor for longer than it waits', async () => {
    const { url, port } = await listen(() => undefined);
    expect(await makeProbes().tryOut({ url })).toBe('has to be reached over https');
    const patient = makeProbes({ privateOrigins: [`http://127.0.0.1:${port}`], timeout: 200 });
    expect(await patient.tryOut({ url })).toBe('does not answer');
  });
});
