import { pino } from 'pino';
import { beforeAll, expect, test } from 'vitest';
import { connectPersistence } from '../../../src/adapters/persistence/connect.ts';
import type { Reading, Transaction } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { activate, anActor, createVersion, requestPromotion } from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';

/** 100 workspaces with something in them, one of which (T77) has half of all: 3,000 workflows, 300 of them with versions, deployments, promotions and all that follows. */
const CROWD = `
  INSERT INTO workspace (id, name, bot_user_id) SELECT 'T' || w, 'w', 'U0BOT' FROM generate_series(1, 5000) w;
  INSERT INTO person (workspace_id, user_id, name, assigned_role, refreshed_at)
    SELECT 'T' || w, 'U' || u, 'n' || u, CASE WHEN u % 20 = 0 THEN 'lead' END, now() FROM generate_series(1, 100) w, generate_series(1, 40) u;
  INSERT INTO environment (workspace_id, name, rank, policy)
    SELECT 'T' || w, 'e' || e, e, '{"approvals":[],"expireAfter":1,"rollback":{"role":"member"}}' FROM generate_series(1, 100) w, generate_series(0, 2) e;
  INSERT INTO workflow (workspace_id, slug, owner_id, format, created_by) SELECT 'T' || w, 'flow-' || f, 'U' || f, 'towpath', 'U' FROM generate_series(1, 100) w, generate_series(1, CASE WHEN w = 77 THEN 3000 ELSE 30 END) f;
  INSERT INTO version (workspace_id, workflow_id, number, format, source, content_hash, logic_hash, author, label)
    SELECT workspace_id, id, n, 'towpath', 'x', 'h' || n, 'l' || n, 'U', 'l' || n FROM workflow, generate_series(1, 5) n
    WHERE substr(slug, 6)::int <= CASE WHEN workspace_id = 'T77' THEN 300 ELSE 3 END;
  INSERT INTO promotion (workspace_id, workflow_id, version_id, source_environment_id, target_environment_id, status, requested_by, requested_at, expires_at, closed_at)
    SELECT v.workspace_id, v.workflow_id, v.id, a.id, b.id, CASE WHEN v.number = 5 THEN 'open' ELSE 'rejected' END, 'U',
      now() - make_interval(hours => v.number), now() + interval '1 day', CASE WHEN v.number < 5 THEN now() END
    FROM version v JOIN environment a ON a.workspace_id = v.workspace_id AND a.rank = 0 JOIN environment b ON b.workspace_id = v.workspace_id AND b.rank = 1;
  INSERT INTO approval (workspace_id, promotion_id, user_id, role, fingerprint, reviewed, at)
    SELECT workspace_id, id, 'U1', 'lead', 'f', '{"versionId":"x","replacesDeploymentId":null,"replacesVersionId":null,"settings":{},"policy":{"approvals":[],"expireAfter":1,"rollback":{"role":"member"}}}', now() FROM promotion;
  INSERT INTO deployment (workspace_id, workflow_id, environment_id, version_id, status, deployed_by, deployed_at, ended_at)
    SELECT v.workspace_id, v.workflow_id, e.id, v.id, CASE WHEN v.number = 5 THEN 'active' ELSE 'superseded' END, 'U',
      now() - interval '1 year' + make_interval(hours => v.number), CASE WHEN v.number < 5 THEN now() END
    FROM version v JOIN environment e ON e.workspace_id = v.workspace_id AND e.rank = 0;
  INSERT INTO deployment_stretch (workspace_id, deployment_id, started_at, ended_at) SELECT workspace_id, id, deployed_at, ended_at FROM deployment;
  INSERT INTO rollback (workspace_id, workflow_id, environment_id, removed_deployment_id, restored_deployment_id, restored_before, by, at)
    SELECT d.workspace_id, d.workflow_id, d.environment_id, d.id, a.id, '{"status":"superseded","endedAt":null,"endedBy":null}', 'U', now()
    FROM deployment d JOIN deployment a ON a.workflow_id = d.workflow_id AND a.status = 'active' WHERE d.status = 'superseded';
  INSERT INTO quarantine (workspace_id, workflow_id, version_id, rollback_id, at)
    SELECT r.workspace_id, r.workflow_id, d.version_id, r.id, now() FROM rollback r JOIN deployment d ON d.id = r.removed_deployment_id;
  INSERT INTO audit_event (workspace_id, at, actor, via, action, subject, workflow_id, environment_id)
    SELECT workspace_id, now(), 'U', 'api', 'a' || number % 7, 's', workflow_id, NULL FROM version;
  INSERT INTO check_result (workspace_id, workflow_id, version_id, environment_id, kind, name, at, state, source, by, received_at)
    SELECT v.workspace_id, v.workflow_id, v.id, e.id, 'tests', 'suite', now() - make_interval(mins => i), 'passed', 'api', 'ci', now()
    FROM version v JOIN environment e ON e.workspace_id = v.workspace_id AND e.rank = 0, generate_series(1, 3) i;
  INSERT INTO "freeze" (workspace_id, environment_id, reason, by, at, ended_at, ended_by)
    SELECT workspace_id, id, 'r', 'U', now(), CASE WHEN i > 2 THEN now() END, CASE WHEN i > 2 THEN 'U' END FROM environment, generate_series(1, 20) i;
  INSERT INTO resource_lock (workspace_id, workflow_id, reason, by, at, ended_at, ended_by)
    SELECT workspace_id, id, 'r', 'U', now(), CASE WHEN i > 1 OR substr(slug, 6)::int > 20 THEN now() END,
      CASE WHEN i > 1 OR substr(slug, 6)::int > 20 THEN 'U' END FROM workflow, generate_series(1, 2) i;
  INSERT INTO checklist_tick (workspace_id, promotion_id, item, user_id, at) SELECT workspace_id, id, 'i', 'U', now() FROM promotion;
  INSERT INTO promotion_rejection (workspace_id, promotion_id, user_id, reason, at) SELECT workspace_id, id, 'U', 'r', now() FROM promotion;
  INSERT INTO gate_request (workspace_id, promotion_id, url, fingerprint, token_hash, asked_at)
    SELECT workspace_id, id, 'https://gate', 'f', id::text, now() FROM promotion;
  INSERT INTO parity_report (workspace_id, promotion_id, fingerprint, findings, at) SELECT workspace_id, id, 'f', '[]', now() FROM promotion;
  INSERT INTO announcement (workspace_id, kind, subject_id, target, state, channel, ts) SELECT workspace_id, 'promotion-card', id, 'C', 'posted', 'C', '1.1' FROM promotion;
  INSERT INTO webhook_delivery (workspace_id, environment_id, url, type, body, status, finished_at, started_at)
    SELECT workspace_id, source_environment_id, 'https://x', 't', '{}', 'delivered', now(), now() FROM promotion;
  INSERT INTO webhook_attempt (delivery_id, at, status, duration_ms) SELECT id, now(), 200, 1 FROM webhook_delivery;
  INSERT INTO handled_request (key) SELECT 'k' || i FROM generate_series(1, 5000) i;
  ANALYZE;`;

let db: TestPersistence;
withTestPersistence((opened) => {
  db = opened;
});
beforeAll(() => db.sql(CROWD), 120_000);

const PAGE = { limit: 20 };
const WORKSPACE = 'T77';

async function readEverything(tx: Reading): Promise<void> {
  await tx.workflows.list(PAGE);
  const [first, second] = [await tx.workflows.find('flow-1'), await tx.workflows.find('flow-2')];
  const [staging] = await tx.environments.pipeline();
  if (!first || !second || !staging) throw new Error('The crowd is missing.');
  const version = await tx.versions.newest(first.id);
  const [deployment] = await tx.deployments.history(first.id, staging.id);
  const [promotion] = (await tx.promotions.list({}, PAGE)).items;
  if (!version || !deployment || !promotion) throw new Error('The crowd is missing.');
  const both = [first.id, second.id];
  await tx.workspace.getSettings();
  await tx.people.get('U1');
  await tx.people.getMany(['U1', 'U2']);
  await tx.people.listFrom('lead', 100);
  await tx.people.listAssigned();
  await tx.people.refreshedAt('U1');
  await tx.environments.getMany([staging.id]);
  await tx.workflows.nearestSlugs('flow-x', 3);
  await tx.workflows.list({ ...PAGE, owner: 'U1' });
  await tx.versions.find(first.id, { by: 'label', label: 'l2' });
  await tx.versions.getMany([version.id]);
  await tx.versions.newestOf(both);
  await tx.versions.findByContentHash(first.id, 'h1');
  await tx.versions.content(version.id);
  await tx.versions.list(first.id, PAGE);
  await tx.versions.quarantined(both);
  await tx.versions.everDeployed([version.id]);
  await tx.deployments.findActive(first.id, staging.id);
  await tx.deployments.listActive(both);
  await tx.deployments.findCandidate(first.id, staging.id);
  await tx.deployments.listCandidates(both);
  await tx.deployments.listCandidatesIn([staging.id], 10);
  await tx.deployments.listActiveHolding(staging.id, first.id, ['x'], 10);
  await tx.deployments.findByPromotion(promotion.id);
  await tx.deployments.getMany([deployment.id]);
  await tx.deployments.list(first.id, null, PAGE);
  await tx.deployments.ranFor(deployment.id, tx.now);
  await tx.deployments.findRollback(deployment.id);
  await tx.promotions.getMany([promotion.id]);
  await tx.promotions.findOpen(first.id, staging.id);
  await tx.promotions.listOpen(both);
  await tx.promotions.listAllOpen(50);
  await tx.promotions.list({ status: 'open' }, PAGE);
  await tx.promotions.list({ workflowId: first.id }, PAGE);
  await tx.holds.inTheWay(first.id, staging.id);
  await tx.holds.listLocks();
  await tx.holds.listFreezes();
  await tx.evidence.checks([version.id], staging.id);
  await tx.evidence.stretches(version.id, staging.id);
  await tx.evidence.ticks(promotion.id);
  await tx.evidence.gates(promotion.id);
  await tx.evidence.findGate(promotion.id);
  await tx.evidence.parity(promotion.id);
  await tx.audit.list(PAGE);
  await tx.audit.list({ ...PAGE, workflowId: first.id });
  await tx.audit.list({ ...PAGE, environmentId: staging.id });
  await tx.audit.list({ ...PAGE, action: 'a3' });
  await tx.announcements.listOf(promotion.id, 'promotion-card');
  await tx.announcements.firstCard(promotion.id);
  await tx.announcements.postedCards([promotion.id]);
  await tx.webhooks.list({}, PAGE);
  await tx.webhooks.list({ status: 'given_up' }, PAGE);
}

async function writeMost(tx: Transaction): Promise<void> {
  const workflow = await tx.workflows.findLocked('flow-3');
  const [first, second, third] = await tx.environments.pipelineLocked();
  if (!workflow || !first || !second || !third) throw new Error('The crowd is missing.');
  await tx.people.getManyLocked(['U1', 'U2']);
  await tx.people.saveProfiles([{ userId: 'U1', name: 'n', standing: 'member', slackAdmin: false }]);
  await tx.people.replaceFileAssignments(new Map([['U1', { role: 'lead', departments: [] }]]));
  const [older, version] = [await createVersion(tx, workflow.id), await createVersion(tx, workflow.id)];
  const restored = await activate(tx, older, first);
  await activate(tx, version, first);
  const start = () =>
    tx.deployments.startCandidate({
      ...{ workflowId: workflow.id, environmentId: first.id, versionId: older.id, promotionId: null },
      ...{ deployedBy: 'U', reason: null, changes: [], share: 1_000 },
    });
  const aborted = await tx.deployments.abortCandidate(await tx.deployments.changeShare(await start(), 500), 'U', null);
  const { activated } = await tx.deployments.finishCandidate(await tx.deployments.resumeCandidate(aborted, null), 'U');
  const promotion = await requestPromotion(tx, version, second, third);
  await tx.workflows.findOfPromotionLocked(promotion.id);
  await tx.promotions.judgeAt(promotion.id, tx.now);
  await tx.promotions.takeToJudge();
  await tx.promotions.findHeld(promotion.id);
  await tx.promotions.markForJudging({ promotionId: promotion.id });
  await tx.promotions.markForJudging({ versionId: version.id, environmentId: third.id });
  await tx.promotions.markForJudging({ scope: { workflowId: workflow.id, environmentId: third.id } });
  await tx.promotions.judged(promotion.id, { again: null, as: 'x', missed: false });
  const lock = { workflowId: workflow.id, environmentId: null, reason: 'r', by: 'U', until: null };
  const { id: lockId } = await tx.holds.lock({ ...lock, promotionId: promotion.id });
  await tx.holds.unlock(lockId, 'U');
  await tx.holds.unbind(promotion.id);
  const frozen = await tx.holds.freeze({ environmentId: third.id, reason: 'r', by: 'U', until: null });
  await tx.holds.unfreeze(frozen.id, 'U');
  await tx.evidence.tick(promotion.id, { item: 'i', by: 'U', at: tx.now });
  await tx.promotions.save({ ...promotion, status: 'stale', closedAt: tx.now });
  const rollback = await tx.deployments.rollBack({
    removed: activated,
    restored,
    by: 'U',
    reason: null,
    originChannel: null,
  });
  await tx.deployments.undoRollback(rollback);
  await tx.versions.liftQuarantine(version.id, 'U', 'r');
  await tx.promotions.takeDue();
  await tx.audit.record(anActor(WORKSPACE), { action: 'a', subject: 's', workflowId: workflow.id });
}

/** T77 alone has 1,500 rows in most tables; the slugs that are compared for "did you mean" are 2,000 at most. */
const MOST_ROWS = 200;
const MOST_SLUGS = 2200;

test('no port reads a whole table, nor all that a workspace has', async () => {
  const before = await reads();
  const persistence = await connectPersistence({
    connectionString: db.url,
    log: pino({ level: 'silent' }),
    poolSize: 1,
  });
  await persistence.ports.reading(WORKSPACE, readEverything);
  await persistence.ports.inTransaction(WORKSPACE, writeMost);
  await persistence.handledRequests.firstTime('k7');
  await persistence.handledRequests.sweep(24);
  await persistence.purgeDeliveries(30);
  // What a connection counted is certain to be told when it closes.
  await persistence.close();
  await expect
    .poll(async () => (await reads()).get('promotion')?.some, { timeout: 10_000 })
    .toBeGreaterThan((before.get('promotion')?.some ?? 0) + 20);
  for (const [table, after] of await reads()) {
    const most = table === 'workflow' ? MOST_SLUGS : MOST_ROWS;
    expect({ table, whole: after.whole - (before.get(table)?.whole ?? 0) }).toEqual({ table, whole: 0 });
    expect(after.some - (before.get(table)?.some ?? 0), `rows of ${table}`).toBeLessThan(most);
  }
});

test('results that are too old are found without looking at all others', async () => {
  const before = (await reads()).get('check_result')?.whole;
  const persistence = await connectPersistence({
    connectionString: db.url,
    log: pino({ level: 'silent' }),
    poolSize: 1,
  });
  await persistence.purgeEvidence({ closed: 90, results: 400 });
  // The other statements read promotions, which says that what was counted has been told.
  const promotions = (await reads()).get('promotion')?.whole ?? 0;
  await persistence.close();
  await expect
    .poll(async () => (await reads()).get('promotion')?.whole, { timeout: 10_000 })
    .toBeGreaterThan(promotions);
  expect((await reads()).get('check_result')?.whole).toBe(before);
});

/** How often each table was read as a whole, and how many of its rows through an index. */
async function reads(): Promise<Map<string, { whole: number; some: number }>> {
  // What this connection itself counted while it filled the tables is told first.
  await db.sql('SELECT pg_stat_force_next_flush()');
  const rows = await db.sql<{ relname: string; whole: number; some: number }>(
    "SELECT relname, seq_scan::int AS whole, COALESCE(idx_tup_fetch, 0)::int AS some FROM pg_stat_user_tables WHERE schemaname = 'public' AND relname <> '_prisma_migrations'",
  );
  return new Map(rows.map(({ relname, ...counts }) => [relname, counts]));
}
