import { beforeEach, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';
import { askMore } from '../../support/use-cases/ask-more.ts';
import { type Canal, FLOW, openCanal } from '../../support/use-cases/open-canal.ts';

const AGES = { closed: 90, results: 400 };
let db: TestPersistence;
let canal: Canal;
withTestPersistence((opened) => {
  db = opened;
});
beforeEach(async () => {
  canal = await openCanal(db.ports);
  await canal.reach('staging', 'one');
});

/** A promotion to staging with everything that can be found out about it. */
async function judged(prompt: string): Promise<string> {
  await askMore(db, canal, 'staging', { checklist: ['Told'] });
  const { number } = await canal.push(prompt);
  await canal.deploy();
  const id = await canal.open('staging');
  await canal.useCases.tickItem({ actor: canal.as('U0DEV'), promotionId: id, item: 'Told' });
  await report(number);
  await db.ports.inTransaction(canal.workspaceId, async (tx) => {
    await tx.evidence.askGate({ promotionId: id, url: 'https://gate.example', fingerprint: 'f', tokenHash: id });
    await tx.evidence.saveParity(id, { fingerprint: 'f', findings: [] });
  });
  return id;
}
const report = (version: number) =>
  canal.useCases.recordCheck({
    ...{ actor: canal.as('U0DEV'), workflow: FLOW, version: `${version}`, environment: 'staging' },
    report: { own: { kind: 'tests', passed: 1, failed: 0 } },
  });
const left = async () => {
  const [row] = await db.sql(
    `SELECT (SELECT count(*)::int FROM checklist_tick WHERE workspace_id = $1) AS ticks, (SELECT count(*)::int FROM gate_request WHERE workspace_id = $1) AS gates,
      (SELECT count(*)::int FROM parity_report WHERE workspace_id = $1) AS parity, (SELECT count(*)::int FROM check_result WHERE workspace_id = $1) AS results`,
    [canal.workspaceId],
  );
  return row;
};
/** As if the promotion had been closed that long ago. What has ended stays as it is, which a trigger sees to. */
const closedAgo = async (id: string, days: number) => {
  await db.sql('ALTER TABLE promotion DISABLE TRIGGER promotion_ends_once');
  await db.sql(`UPDATE promotion SET closed_at = now() - $2 * interval '1 day' WHERE id = $1`, [id, days]);
  await db.sql('ALTER TABLE promotion ENABLE TRIGGER promotion_ends_once');
};
const receivedAgo = (days: number) =>
  db.sql(`UPDATE check_result SET received_at = now() - $2 * interval '1 day' WHERE workspace_id = $1`, [
    canal.workspaceId,
    days,
  ]);

it('what was found out about a promotion is forgotten ninety days after its end', async () => {
  const id = await judged('two');
  await db.purgeEvidence(AGES);
  expect(await left()).toEqual({ ticks: 1, gates: 1, parity: 1, results: 1 });
  await canal.reject('U0LEE', id);
  await closedAgo(id, 89);
  await db.purgeEvidence(AGES);
  expect(await left()).toMatchObject({ ticks: 1, gates: 1, parity: 1 });
  await closedAgo(id, 91);
  await db.purgeEvidence(AGES);
  expect(await left()).toEqual({ ticks: 0, gates: 0, parity: 0, results: 1 });
});

it('results are forgotten when they are old, unless their version is live or under review', async () => {
  const id = await judged('two');
  await report(1);
  await receivedAgo(401);
  await db.purgeEvidence(AGES);
  expect(await left()).toMatchObject({ results: 2 });
  await canal.reject('U0LEE', id);
  await canal.deploy('v1');
  await receivedAgo(399);
  await db.purgeEvidence(AGES);
  expect(await left()).toMatchObject({ results: 2 });
  await receivedAgo(401);
  await db.purgeEvidence(AGES);
  expect(await left()).toMatchObject({ results: 1 });
});
