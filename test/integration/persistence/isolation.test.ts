import { beforeAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Reading, SettingsLayers, Transaction } from '../../../src/use-cases/ports.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { activate, anActor, createVersion, requestPromotion, seedWorkspace } from '../../support/database/seed.ts';
import { FILE_HASH, seedEverything } from '../../support/database/seed-everything.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';

type Seed = Awaited<ReturnType<typeof seedEverything>>;
let db: TestPersistence;
let mine: Seed;
let theirs: Seed;
const PAGE = { limit: 100 };

withTestPersistence((opened) => {
  db = opened;
});
beforeAll(async () => {
  const { workspaceId, development } = await seedWorkspace(db.ports);
  theirs = await seedEverything(db.ports);
  mine = { ...theirs, workspaceId, development };
});

const NOTHING = { empty: true };
/** Null, an empty list, map, set or page, or a refusal: whatever this port says of what does not exist. */
async function seen(answer: Promise<unknown>): Promise<unknown> {
  const value = await answer.then(
    (found) => found,
    () => null,
  );
  if (value === null || value === 0) return NOTHING;
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : value;
  if (value instanceof Map || value instanceof Set) return value.size === 0 ? NOTHING : value;
  if (typeof value === 'object' && 'items' in value) return seen(Promise.resolve(value.items));
  return value;
}

const layersOf = ({ environment, workflow }: SettingsLayers) => [environment, workflow].filter((it) => it !== null);

const READS: [string, (tx: Reading, it: Seed) => Promise<unknown>][] = [
  ['configurationFile.newest', (tx) => tx.configurationFile.newest()],
  ['configurationFile.findNumber', (tx) => tx.configurationFile.findNumber(FILE_HASH)],
  ['configurationFile.content', (tx) => tx.configurationFile.content()],
  ['environments.get', (tx, it) => tx.environments.get(it.staging.id)],
  ['environments.getMany', (tx, it) => tx.environments.getMany([it.staging.id])],
  ['settings.get', (tx, it) => tx.settings.get(it.staging.id, 1)],
  ['settings.layer', (tx, it) => tx.settings.layer(it.staging.id, null)],
  ['settings.layers', (tx, it) => tx.settings.layers(it.staging.id, 10)],
  ['settings.list', (tx, it) => tx.settings.list(it.staging.id, 'any', PAGE)],
  ['settings.current', async (tx, it) => layersOf(await tx.settings.current(it.staging.id, it.workflow.id))],
  [
    'settings.asOf',
    async (tx, it) => layersOf(await tx.settings.asOf(it.staging.id, it.workflow.id, new Date(Date.now() + 60_000))),
  ],
  ['proposals.find', (tx, it) => tx.proposals.find(it.proposal.id)],
  ['proposals.findOpen', (tx, it) => tx.proposals.findOpen(it.staging.id, it.workflow.id)],
  ['proposals.listOpen', (tx, it) => tx.proposals.listOpen(it.staging.id, 10)],
  ['proposals.findDue', (tx) => tx.proposals.findDue()],
  ['workflows.find', (tx, it) => tx.workflows.find(it.workflow.slug)],
  ['workflows.getById', (tx, it) => tx.workflows.getById(it.workflow.id)],
  ['workflows.getMany', (tx, it) => tx.workflows.getMany([it.workflow.id])],
  ['workflows.nearestSlugs', (tx, it) => tx.workflows.nearestSlugs(it.workflow.slug, 5)],
  ['workflows.list', (tx) => tx.workflows.list(PAGE)],
  ['workflows.list of an owner', (tx) => tx.workflows.list({ ...PAGE, owner: 'U0DEV' })],
  ['versions.find by number', (tx, it) => tx.versions.find(it.workflow.id, { by: 'number', number: 1 })],
  ['versions.find by label', (tx, it) => tx.versions.find(it.workflow.id, { by: 'label', label: 'mark' })],
  ['versions.getById', (tx, it) => tx.versions.getById(it.versions[0].id)],
  ['versions.getMany', (tx, it) => tx.versions.getMany([it.versions[0].id])],
  ['versions.newest', (tx, it) => tx.versions.newest(it.workflow.id)],
  ['versions.newestOf', (tx, it) => tx.versions.newestOf([it.workflow.id])],
  ['versions.findByContentHash', (tx, it) => tx.versions.findByContentHash(it.workflow.id, it.versions[0].contentHash)],
  ['versions.content', (tx, it) => tx.versions.content(it.versions[0].id)],
  ['versions.list', (tx, it) => tx.versions.list(it.workflow.id, PAGE)],
  ['versions.quarantined', (tx, it) => tx.versions.quarantined([it.workflow.id])],
  ['versions.everDeployed', (tx, it) => tx.versions.everDeployed([it.versions[0].id])],
  ['deployments.findActive', (tx, it) => tx.deployments.findActive(it.workflow.id, it.production.id)],
  ['deployments.findCandidate', (tx, it) => tx.deployments.findCandidate(it.workflow.id, it.production.id)],
  ['deployments.listCandidates', (tx, it) => tx.deployments.listCandidates([it.workflow.id])],
  ['deployments.listCandidatesIn', (tx, it) => tx.deployments.listCandidatesIn([it.production.id], 10)],
  ['deployments.listActive', (tx, it) => tx.deployments.listActive([it.workflow.id])],
  ['deployments.getById', (tx, it) => tx.deployments.getById(it.restored.id)],
  ['deployments.findByPromotion', (tx, it) => tx.deployments.findByPromotion(it.become.id)],
  ['deployments.getMany', (tx, it) => tx.deployments.getMany([it.restored.id])],
  ['deployments.history', (tx, it) => tx.deployments.history(it.workflow.id, it.production.id)],
  ['deployments.list', (tx, it) => tx.deployments.list(it.workflow.id, null, PAGE)],
  ['deployments.ranFor', (tx, it) => tx.deployments.ranFor(it.restored.id, new Date(Date.now() + 60_000))],
  ['deployments.findRollback', (tx, it) => tx.deployments.findRollback(it.rollback.id)],
  ['promotions.find', (tx, it) => tx.promotions.find(it.promotion.id)],
  ['promotions.getMany', (tx, it) => tx.promotions.getMany([it.promotion.id])],
  ['promotions.findOpen', (tx, it) => tx.promotions.findOpen(it.workflow.id, it.staging.id)],
  ['promotions.listOpen', (tx, it) => tx.promotions.listOpen([it.workflow.id])],
  ['promotions.listAllOpen', (tx) => tx.promotions.listAllOpen(100)],
  ['promotions.list', (tx) => tx.promotions.list({}, PAGE)],
  ['promotions.list of a workflow', (tx, it) => tx.promotions.list({ workflowId: it.workflow.id }, PAGE)],
  ['audit.list', (tx) => tx.audit.list(PAGE)],
  ['audit.list of a workflow', (tx, it) => tx.audit.list({ ...PAGE, workflowId: it.workflow.id })],
  ['audit.list of an environment', (tx, it) => tx.audit.list({ ...PAGE, environmentId: it.staging.id })],
  ['announcements.get', (tx, it) => tx.announcements.get(it.announcementId)],
  ['announcements.firstCard', (tx, it) => tx.announcements.firstCard(it.promotion.id)],
  ['announcements.listOf', (tx, it) => tx.announcements.listOf(it.promotion.id, 'promotion-card')],
  ['announcements.postedCards', (tx, it) => tx.announcements.postedCards([it.promotion.id])],
  ['webhooks.find', (tx, it) => tx.webhooks.find(it.deliveryId)],
  ['webhooks.list', (tx) => tx.webhooks.list({}, PAGE)],
  ['webhooks.list of a status', (tx) => tx.webhooks.list({ status: 'given_up' }, PAGE)],
  ['people.listAssigned', (tx) => tx.people.listAssigned()],
  ['people.listFrom', (tx) => tx.people.listFrom('viewer', 100)],
  ['people.refreshedAt', (tx) => tx.people.refreshedAt('U0THEM')],
];

const AN_ENDPOINT = { url: 'https://e.example.com', secretVariable: 'S', events: [], allowPrivate: false };
const WRITES: [string, (tx: Transaction, it: Seed) => Promise<unknown>][] = [
  [
    'settings.save',
    (tx, it) =>
      tx.settings.save({
        ...{ environmentId: it.staging.id, workflowId: null, settings: {} },
        ...{ changedBy: 'U0EVIL', via: 'api', reason: null },
      }),
  ],
  ['proposals.create', (tx, it) => tx.proposals.create({ ...it.proposal, workflowId: null, requestedBy: 'U0EVIL' })],
  [
    'proposals.save',
    (tx, it) => tx.proposals.save({ ...it.proposal, status: 'rejected', closedAt: new Date(), closedBy: 'U0EVIL' }),
  ],
  [
    'proposals.save of an approval',
    (tx, it) =>
      tx.proposals.save({
        ...it.proposal,
        approvals: [{ by: 'U0EVIL', role: 'admin', fingerprint: 'f', at: new Date() }],
      }),
  ],
  ['workflows.findLocked', (tx, it) => tx.workflows.findLocked(it.workflow.slug)],
  ['workflows.getByIdLocked', (tx, it) => tx.workflows.getByIdLocked(it.workflow.id)],
  ['workflows.findOfPromotionLocked', (tx, it) => tx.workflows.findOfPromotionLocked(it.promotion.id)],
  ['workflows.update', (tx, it) => tx.workflows.update({ ...it.workflow, ownerId: 'U0EVIL' })],
  ['versions.create', (tx, it) => createVersion(tx, it.workflow.id)],
  ['versions.setLabel', (tx, it) => tx.versions.setLabel(it.versions[0].id, 'evil', null)],
  ['versions.liftQuarantine', (tx, it) => tx.versions.liftQuarantine(it.versions[1].id, 'U0EVIL', '')],
  ['deployments.activate', (tx, it) => activate(tx, it.versions[1], it.production)],
  [
    'deployments.activate in one’s own environment',
    (tx, it) => activate(tx, it.versions[1], mine.development as Environment),
  ],
  [
    'deployments.rollBack',
    (tx, it) =>
      tx.deployments.rollBack({
        removed: { ...it.restored, status: 'active' },
        restored: it.removed,
        by: 'U0EVIL',
        reason: null,
        originChannel: null,
      }),
  ],
  [
    'deployments.startCandidate',
    (tx, it) =>
      tx.deployments.startCandidate({
        ...{ workflowId: it.workflow.id, environmentId: it.development.id, versionId: it.versions[1].id },
        ...{ promotionId: null, deployedBy: 'U0EVIL', reason: null, changes: [], share: 1_000 },
      }),
  ],
  ['deployments.changeShare', (tx, it) => tx.deployments.changeShare(it.candidate, 10_000)],
  ['deployments.finishCandidate', (tx, it) => tx.deployments.finishCandidate(it.candidate, 'U0EVIL')],
  ['deployments.abortCandidate', (tx, it) => tx.deployments.abortCandidate(it.candidate, 'U0EVIL', null)],
  ['deployments.resumeCandidate', (tx, it) => tx.deployments.resumeCandidate(it.candidate, null)],
  ['deployments.undoRollback', (tx, it) => tx.deployments.undoRollback(it.rollback)],
  ['promotions.create', (tx, it) => requestPromotion(tx, it.versions[0], it.staging, it.production)],
  ['promotions.save', (tx, it) => tx.promotions.save({ ...it.promotion, status: 'rejected', closedAt: new Date() })],
  ['promotions.takeDue', (tx) => tx.promotions.takeDue()],
  [
    'audit.record about a workflow',
    (tx, it) => tx.audit.record(anActor(tx.workspaceId), { action: 'x', subject: 's', workflowId: it.workflow.id }),
  ],
  [
    'announcements.post in a thread',
    (tx, it) =>
      tx.announcements.post({ kind: 'notice', subjectId: it.promotion.id, target: 'C', threadOf: it.announcementId }),
  ],
  ['announcements.mark', (tx, it) => tx.announcements.mark(it.announcementId, { state: 'waiting' })],
  [
    'webhooks.recordAttempt',
    (tx, it) =>
      tx.webhooks.recordAttempt(it.deliveryId, { status: 200, error: null, durationMs: 1 }, { status: 'delivered' }),
  ],
  ['webhooks.restart', (tx, it) => tx.webhooks.restart(it.deliveryId)],
  [
    'webhooks.publish',
    (tx, it) =>
      tx.webhooks.publish(
        { environment: { ...it.staging, webhooks: [AN_ENDPOINT] }, workflow: it.workflow },
        'promotion.stale',
        {},
      ),
  ],
  [
    'webhooks.publish about a workflow in one’s own environment',
    (tx, it) =>
      tx.webhooks.publish(
        { environment: { ...(mine.development as Environment), webhooks: [AN_ENDPOINT] }, workflow: it.workflow },
        'promotion.stale',
        {},
      ),
  ],
];

describe('what belongs to one workspace', () => {
  test.each(READS)('is found there and not from another by %s', async (name, read) => {
    if (name !== 'people.refreshedAt')
      expect(await seen(db.ports.reading(theirs.workspaceId, (tx) => read(tx, theirs)))).not.toEqual(NOTHING);
    expect(await seen(db.ports.reading(mine.workspaceId, (tx) => read(tx, theirs)))).toEqual(NOTHING);
  });

  test.each(WRITES)('is not changed from another by %s', async (_name, write) => {
    const before = await everything();
    expect(await seen(db.ports.inTransaction(mine.workspaceId, (tx) => write(tx, theirs)))).toEqual(NOTHING);
    expect(await everything()).toEqual(before);
  });

  test('says nothing of who people are elsewhere', async () => {
    const person = await db.ports.reading(mine.workspaceId, (tx) => tx.people.get('U0THEM'));
    expect(person).toMatchObject({ role: 'member', departments: [] });
    await db.ports.inTransaction(mine.workspaceId, (tx) =>
      tx.people.saveProfiles([{ userId: 'U0THEM', name: 'me', standing: 'member', slackAdmin: true }]),
    );
    // Their admin named does not end the stand-in here, and what is said here changes nothing there.
    expect((await db.ports.reading(mine.workspaceId, (tx) => tx.people.get('U0THEM'))).role).toBe('admin');
    expect((await db.ports.reading(theirs.workspaceId, (tx) => tx.people.get('U0THEM'))).name).toBe('U0THEM');
  });

  test('stays when another replaces its pipeline, its file’s people and its settings', async () => {
    const before = await everything();
    await db.ports.inTransaction(mine.workspaceId, async (tx) => {
      await tx.environments.replace([]);
      await tx.people.replaceFileAssignments(new Map());
      await tx.workspace.saveSettings({ defaultRole: 'viewer', departments: [] });
      const content = { runs: { keep: 2, keepPayloads: 2 }, workflows: {}, operators: {} };
      await tx.configurationFile.append({ number: 1, hash: 'e'.repeat(64), content, forced: false });
      await tx.configurationFile.saveContent(content);
    });
    expect(await everything()).toEqual(before);
  });
});

/** All rows of their workspace, and what waits in the queue. */
async function everything(): Promise<unknown> {
  const tables = [
    'workspace',
    'configuration_file',
    'person',
    'environment',
    'settings_revision',
    'settings_proposal',
    'settings_approval',
    'workflow',
    'version',
    'deployment',
    'deployment_stretch',
    'promotion',
    'rollback',
    'quarantine',
    'audit_event',
    'announcement',
    'webhook_delivery',
  ];
  const rows: unknown[] = [];
  for (const table of tables) {
    const column = table === 'workspace' ? 'id' : 'workspace_id';
    rows.push(
      await db.sql(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${column} = $1 ORDER BY 1`, [theirs.workspaceId]),
    );
  }
  rows.push(await db.sql('SELECT to_jsonb(a) AS row FROM webhook_attempt a ORDER BY 1'));
  rows.push(await db.sql('SELECT id FROM graphile_worker._private_jobs ORDER BY 1'));
  return rows;
}
