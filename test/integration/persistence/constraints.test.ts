import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import type { Promotion } from '../../../src/domain/promotion.ts';
import type { Version } from '../../../src/domain/version.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import {
  activate,
  anActor,
  createVersion,
  createWorkflow,
  requestPromotion,
  seedWorkspace,
} from '../../support/database/seed.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';

/** PostgreSQL's codes. */
const [UNIQUE, FOREIGN_KEY, CHECK, REFUSED] = ['23505', '23503', '23514', '23000'];

interface Seed {
  workspaceId: string;
  development: Environment;
  staging: Environment;
  version: Version;
  promotion: Promotion;
  deploymentId: string;
}
let db: TestPersistence;
let here: Seed;
let elsewhere: Seed;

async function seed(): Promise<Seed> {
  const { workspaceId, development, staging } = await seedWorkspace(db.ports);
  return db.ports.inTransaction(workspaceId, async (tx) => {
    const version = await createVersion(tx, (await createWorkflow(tx)).id, { label: 'first' });
    const { id: deploymentId } = await activate(tx, version, development);
    const promotion = await requestPromotion(tx, version, development, staging);
    await tx.audit.record(anActor(workspaceId), { action: 'a', subject: 's' });
    return { workspaceId, development, staging, version, promotion, deploymentId };
  });
}

withTestPersistence((opened) => {
  db = opened;
});
beforeAll(async () => {
  [here, elsewhere] = [await seed(), await seed()];
});

describe('the database itself refuses', () => {
  const insertDeployment = (more: Partial<Record<'workspaceId' | 'environmentId' | 'status', string>>) =>
    db.sql(
      'INSERT INTO deployment (workspace_id, workflow_id, environment_id, version_id, status, deployed_by, deployed_at) VALUES ($1, $2, $3, $4, $5, $6, now())',
      [
        more.workspaceId ?? here.workspaceId,
        here.version.workflowId,
        more.environmentId ?? here.development.id,
        here.version.id,
        more.status ?? 'active',
        'U',
      ],
    );

  test('a second active deployment of a workflow in an environment', async () => {
    await expect(insertDeployment({})).rejects.toMatchObject({ code: UNIQUE, constraint: 'deployment_one_active' });
  });

  test('a second open promotion of a workflow to an environment', async () => {
    const again = db.ports.inTransaction(here.workspaceId, (tx) =>
      requestPromotion(tx, here.version, here.development, here.staging),
    );
    await expect(again).rejects.toThrow('promotion_one_open');
  });

  test('a second open stretch of a deployment', async () => {
    const insert = db.sql(
      'INSERT INTO deployment_stretch (workspace_id, deployment_id, started_at) VALUES ($1, $2, now())',
      [here.workspaceId, here.deploymentId],
    );
    await expect(insert).rejects.toMatchObject({ code: UNIQUE, constraint: 'deployment_stretch_one_open' });
  });

  test.each([
    ['UPDATE audit_event SET actor = $1 WHERE true', ['U0EVIL']],
    ['UPDATE audit_event SET actor = $1 WHERE false', ['U0EVIL']],
    ['DELETE FROM audit_event', []],
    ['TRUNCATE audit_event', []],
    ['TRUNCATE workspace CASCADE', []],
  ])('any change of the audit: %s', async (sql, values) => {
    await expect(db.sql(sql, values)).rejects.toMatchObject({
      code: REFUSED,
      message: expect.stringContaining('append-only'),
    });
  });

  test.each(['source', 'content_hash', 'logic_hash', 'author', 'source_commit', 'format', 'file_name'])(
    'another %s of a version',
    async (column) => {
      const update = db.sql(`UPDATE version SET ${column} = 'other' WHERE id = $1`, [here.version.id]);
      await expect(update).rejects.toMatchObject({
        code: REFUSED,
        message: expect.stringContaining('immutable but for its label and note'),
      });
    },
  );

  test.each([
    'DELETE FROM version',
    'TRUNCATE version CASCADE',
    'UPDATE version SET number = number + 100',
    'UPDATE version SET created_at = now()',
  ])('what would change a version otherwise: %s', async (sql) => {
    await expect(db.sql(sql)).rejects.toMatchObject({ code: REFUSED });
  });

  test('a label twice in a workflow, and one in capitals', async () => {
    const { version, workspaceId } = here;
    const label = (text: string) =>
      db.ports.inTransaction(workspaceId, async (tx) =>
        tx.versions.setLabel((await createVersion(tx, version.workflowId)).id, text, null),
      );
    await expect(label('first')).rejects.toMatchObject({ code: 'P2002' });
    await expect(label('First')).rejects.toThrow('version_label_check');
  });

  test('an environment that another one is called in other letters', async () => {
    const insert = db.sql(
      "INSERT INTO environment (workspace_id, name, rank, policy) VALUES ($1, 'Staging', 7, '{}')",
      [here.workspaceId],
    );
    await expect(insert).rejects.toMatchObject({ code: UNIQUE, constraint: 'environment_workspace_id_lower_name_key' });
  });

  test.each([
    ["UPDATE workspace SET default_role = 'owner'", 'workspace_default_role_check'],
    [
      "INSERT INTO person (workspace_id, user_id, slack_standing) SELECT id, 'U9', 'alien' FROM workspace",
      'person_slack_standing_check',
    ],
    [
      "INSERT INTO person (workspace_id, user_id, file_role) SELECT id, 'U9', 'owner' FROM workspace",
      'person_file_role_check',
    ],
    [
      "INSERT INTO person (workspace_id, user_id, assigned_role) SELECT id, 'U9', 'owner' FROM workspace",
      'person_assigned_role_check',
    ],
    ["UPDATE workflow SET slug = 'Capital'", 'workflow_slug_check'],
    ["UPDATE deployment SET status = 'gone', ended_at = now()", 'deployment_status_check'],
    ["UPDATE deployment SET status = 'superseded'", 'deployment_ended_check'],
    ['UPDATE deployment SET ended_at = now()', 'deployment_ended_check'],
    ["UPDATE deployment SET status = 'candidate', share = 1, ended_at = now()", 'deployment_ended_check'],
    ["UPDATE deployment SET status = 'candidate'", 'deployment_share_check'],
    ['UPDATE deployment SET share = 1000', 'deployment_share_check'],
    ["UPDATE deployment SET status = 'candidate', share = -1", 'deployment_share_check'],
    ["UPDATE deployment SET status = 'candidate', share = 10001", 'deployment_share_check'],
    ["UPDATE deployment SET status = 'aborted', ended_at = now()", 'deployment_share_check'],
    ['UPDATE promotion SET canary = -1', 'promotion_canary_check'],
    ['UPDATE promotion SET canary = 10001', 'promotion_canary_check'],
    ["UPDATE deployment_stretch SET ended_at = started_at - interval '1 second'", 'deployment_stretch_order_check'],
    ["UPDATE promotion SET status = 'done', closed_at = now()", 'promotion_status_check'],
    ["UPDATE promotion SET status = 'deployed'", 'promotion_closed_check'],
    ['UPDATE promotion SET source_environment_id = target_environment_id', 'promotion_environments_check'],
    [
      "INSERT INTO announcement (workspace_id, kind, subject_id, target) SELECT id, 'poem', gen_random_uuid(), 'C' FROM workspace",
      'announcement_kind_check',
    ],
    [
      "INSERT INTO announcement (workspace_id, kind, subject_id, target, state) SELECT id, 'notice', gen_random_uuid(), 'C', 'posted' FROM workspace",
      'announcement_posted_check',
    ],
    [
      "INSERT INTO audit_event (workspace_id, at, actor, via, action, subject) SELECT id, now(), 'U', 'phone', 'a', 's' FROM workspace",
      'audit_event_via_check',
    ],
    [
      "INSERT INTO approval (workspace_id, promotion_id, user_id, role, fingerprint, reviewed, at) SELECT workspace_id, id, 'U', 'owner', 'f', '{}', now() FROM promotion",
      'approval_role_check',
    ],
  ])('what no rule knows: %s', async (sql, constraint) => {
    await expect(db.sql(sql)).rejects.toMatchObject({ code: CHECK, constraint });
  });

  test('the change of a promotion that has ended', async () => {
    const other = await seed();
    await db.sql("UPDATE promotion SET status = 'stale', closed_at = now() WHERE id = $1", [other.promotion.id]);
    for (const change of ["status = 'open', closed_at = NULL", "status = 'deployed'", "reason = 'x'"]) {
      await expect(db.sql(`UPDATE promotion SET ${change} WHERE id = $1`, [other.promotion.id])).rejects.toMatchObject({
        code: REFUSED,
      });
    }
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'a version of a workflow',
      () =>
        db.sql(
          "INSERT INTO version (workspace_id, workflow_id, number, format, source, content_hash, logic_hash, author) VALUES ($1, $2, 99, '', '', $3, '', '')",
          [here.workspaceId, elsewhere.version.workflowId, randomUUID()],
        ),
    ],
    ['a deployment into an environment', () => insertDeployment({ environmentId: elsewhere.staging.id })],
    [
      'a deployment of a version',
      () => insertDeployment({ workspaceId: elsewhere.workspaceId, environmentId: elsewhere.staging.id }),
    ],
    [
      'a promotion to an environment',
      () =>
        db.sql('UPDATE promotion SET target_environment_id = $2 WHERE id = $1', [
          here.promotion.id,
          elsewhere.staging.id,
        ]),
    ],
    [
      'a promotion of a version',
      () => db.sql('UPDATE promotion SET version_id = $2 WHERE id = $1', [here.promotion.id, elsewhere.version.id]),
    ],
    [
      'a stretch of a deployment',
      () =>
        db.sql('UPDATE deployment_stretch SET workspace_id = $2 WHERE deployment_id = $1', [
          here.deploymentId,
          elsewhere.workspaceId,
        ]),
    ],
    [
      'a deployment by a promotion',
      () =>
        db.sql('UPDATE deployment SET promotion_id = $2 WHERE id = $1', [here.deploymentId, elsewhere.promotion.id]),
    ],
    [
      'an approval of a promotion',
      () =>
        db.sql(
          "INSERT INTO approval (workspace_id, promotion_id, user_id, role, fingerprint, reviewed, at) VALUES ($1, $2, 'U', 'lead', 'f', '{}', now())",
          [here.workspaceId, elsewhere.promotion.id],
        ),
    ],
    [
      'a rollback of a deployment',
      () =>
        db.sql(
          "INSERT INTO rollback (workspace_id, workflow_id, environment_id, removed_deployment_id, restored_deployment_id, restored_before, by, at) VALUES ($1, $2, $3, $4, $5, '{}', 'U', now())",
          [here.workspaceId, here.version.workflowId, here.development.id, here.deploymentId, elsewhere.deploymentId],
        ),
    ],
    [
      'an audit event about a workflow',
      () =>
        db.sql(
          "INSERT INTO audit_event (workspace_id, at, actor, via, action, subject, workflow_id) VALUES ($1, now(), 'U', 'api', 'a', 's', $2)",
          [here.workspaceId, elsewhere.version.workflowId],
        ),
    ],
    [
      'a webhook about an environment',
      () =>
        db.sql(
          "INSERT INTO webhook_delivery (workspace_id, environment_id, url, type, body, started_at) VALUES ($1, $2, '', '', '', now())",
          [here.workspaceId, elsewhere.staging.id],
        ),
    ],
  ])('%s of another workspace', async (_what, insert) => {
    await expect(insert()).rejects.toMatchObject({ code: FOREIGN_KEY });
  });
});
