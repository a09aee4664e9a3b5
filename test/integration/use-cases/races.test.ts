import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Pipeline } from '../../../src/domain/environment.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { atOnce, tally, times } from '../../support/use-cases/at-once.ts';
import { brokenRules } from '../../support/use-cases/broken-rules.ts';
import { type Canal, openCanal } from '../../support/use-cases/open-canal.ts';
import {
  AT_A_TIME,
  askFor,
  FLOWS,
  LEADS,
  type PreparedFlows,
  prepareFlows,
} from '../../support/use-cases/prepare-flows.ts';
import { deliveries, waitingJobs } from '../../support/use-cases/what-waits.ts';

let prepared: PreparedFlows;
let db: TestPersistence;
let canal: Canal;

beforeAll(async () => {
  prepared = await prepareFlows();
}, 120_000);
beforeEach(async () => {
  ({ db, canal } = await prepared.open());
});
afterEach(async () => {
  const broken = await brokenRules(db);
  await db.end();
  expect(broken).toEqual([]);
});
afterAll(() => prepared.drop());

/** Opens a promotion to staging for each workflow. */
const openAll = () => Promise.all(FLOWS.map((flow) => canal.open('staging', 'U0DEV', flow)));
const statusOf = async (id: string) => (await canal.show(id)).status;
/** In random order, so that neither side of a pair is always first. */
const shuffled = <T>(items: T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
/** Where each event of an action stands in the audit, by subject. */
const auditOf = async (action: string) =>
  new Map(
    (
      await db.sql<{ seq: string; subject: string }>(
        'SELECT seq, subject FROM audit_event WHERE workspace_id = $1 AND action = $2',
        [canal.workspaceId, action],
      )
    ).map(({ seq, subject }) => [subject, Number(seq)]),
  );

describe('a hundred clicks on Approve by ten leads', () => {
  it.each([1, 10])(
    'on a promotion that asks for %i deploy it once, tell of it once and update its card once',
    async (count) => {
      await askFor(db, [{ role: 'lead', count }]);
      const flow = FLOWS[0] ?? '';
      const id = await canal.open('staging', 'U0DEV', flow);
      const outcomes = await atOnce(times(100).map((i) => () => canal.approve(LEADS[i % 10] ?? '', id)));
      expect(outcomes.filter(({ done }) => done?.changed).length).toBe(count);
      expect(outcomes.filter(({ done }) => done?.changed && done.deployed)).toHaveLength(1);
      expect(
        Object.keys(tally(outcomes)).filter((outcome) => outcome !== 'done' && outcome !== 'already_decided'),
      ).toEqual([]);
      expect(await canal.live('staging', flow)).toBe(4);
      const activated = (await deliveries(db, canal.workspaceId, 'deployment.activated')).filter(
        ({ data }) => (data['deployment'] as { promotion: string | null }).promotion === id,
      );
      expect(activated.map(({ url }) => url)).toEqual(['https://staging.example.com/hook']);
      expect(await waitingJobs(db, 'refresh-announcements', id)).toBe(1);
    },
  );
});

describe('two acts at once on one promotion', () => {
  it('approve and reject: one of them decides, and the other is told', async () => {
    const ids = await openAll();
    const outcomes = await atOnce(
      shuffled(ids.flatMap((id) => [() => canal.approve('U0LEE', id), () => canal.reject('U0LIV', id)])),
    );
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME, already_decided: AT_A_TIME });
    for (const [i, id] of ids.entries()) {
      const status = await statusOf(id);
      expect(['deployed', 'rejected']).toContain(status);
      expect(await canal.live('staging', FLOWS[i])).toBe(status === 'deployed' ? 4 : 3);
    }
  });

  it('approve and cancel: one of them decides', async () => {
    const ids = await openAll();
    const cancel = (promotionId: string) => () =>
      canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId });
    const outcomes = await atOnce(shuffled(ids.flatMap((id) => [() => canal.approve('U0LEE', id), cancel(id)])));
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME, already_decided: AT_A_TIME });
  });

  it('approve and expiry, with five ticks at once: each ends once', async () => {
    const ids = await openAll();
    await db.sql(
      `UPDATE promotion SET expires_at = now() + random() * interval '300 ms' WHERE status = 'open' AND workspace_id = $1`,
      [canal.workspaceId],
    );
    const ticks = times(5).map(() => async () => {
      while ((await Promise.all(ids.map((id) => statusOf(id)))).includes('open'))
        await canal.useCases.expirePromotions(canal.workspaceId);
    });
    const approvals = ids.map((id) => () => canal.approve('U0LEE', id));
    await atOnce<unknown>(shuffled([...approvals, ...ticks]));
    for (const id of ids) expect(['deployed', 'expired']).toContain(await statusOf(id));
  });

  it('ticks of twenty processes expire each due promotion once', async () => {
    const ids = await openAll();
    await db.sql(
      `UPDATE promotion SET expires_at = now() - interval '1 second' WHERE status = 'open' AND workspace_id = $1`,
      [canal.workspaceId],
    );
    const ended = await Promise.all(times(AT_A_TIME).map(() => canal.useCases.expirePromotions(canal.workspaceId)));
    const left = await canal.useCases.expirePromotions(canal.workspaceId);
    expect([...ended, left].reduce((sum, n) => sum + n, 0)).toBe(AT_A_TIME);
    for (const id of ids) expect(await statusOf(id)).toBe('expired');
  });
});

describe('a rollback beside something else', () => {
  it('approve: the approval is for what was clicked, or refused', async () => {
    const ids = await openAll();
    const shown = await Promise.all(ids.map(async (id) => (await canal.show(id)).fingerprint));
    const outcomes = await atOnce<unknown>(
      shuffled(
        FLOWS.flatMap((workflow, i) => [
          () => canal.approve('U0LEE', ids[i] ?? '', shown[i]),
          () => canal.rollBack('staging', { workflow }),
        ]),
      ),
    );
    expect(Object.keys(tally(outcomes)).filter((code) => !['done', 'review_changed'].includes(code))).toEqual([]);
    for (const [i, id] of ids.entries()) {
      // Either the rollback went first and the click was refused, or it took away what the click had just deployed.
      const status = await statusOf(id);
      expect([status, await canal.live('staging', FLOWS[i])]).toEqual(
        status === 'open' ? ['open', 2] : ['deployed', 3],
      );
    }
  });

  it('approve of what leaves there: it was deployed before, or went stale', async () => {
    const ids = await Promise.all(FLOWS.map((flow) => canal.open('production', 'U0DEV', flow)));
    const outcomes = await atOnce<unknown>(
      shuffled(
        FLOWS.flatMap((workflow, i) => [
          () => canal.approve('U0ADA', ids[i] ?? ''),
          () => canal.rollBack('staging', { workflow }),
        ]),
      ),
    );
    expect(Object.keys(tally(outcomes)).filter((code) => !['done', 'already_decided'].includes(code))).toEqual([]);
    const [deployed, rolledBack] = [await auditOf('promotion.deployed'), await auditOf('deployment.rolled_back')];
    const removedBy = await db.sql<{ id: string; removed: string }>(
      'SELECT p.id, r.removed_deployment_id AS removed FROM promotion p JOIN rollback r ON r.workflow_id = p.workflow_id',
    );
    for (const [i, id] of ids.entries()) {
      const status = await statusOf(id);
      expect([status, await canal.live('production', FLOWS[i])]).toEqual(
        status === 'stale' ? ['stale', null] : ['deployed', 3],
      );
      const removed = removedBy.find((row) => row.id === id)?.removed;
      const goneAt = rolledBack.get(`deployment:${removed}`) ?? 0;
      if (status === 'deployed') expect(deployed.get(`promotion:${id}`)).toBeLessThan(goneAt);
    }
  });

  it('another rollback: both go one back, one after the other', async () => {
    const outcomes = await atOnce(
      FLOWS.flatMap((workflow) => [
        () => canal.rollBack('staging', { workflow }),
        () => canal.rollBack('staging', { workflow, by: 'U0MAX' }),
      ]),
    );
    expect(tally(outcomes)).toEqual({ done: 2 * AT_A_TIME });
    for (const flow of FLOWS) expect(await canal.live('staging', flow)).toBe(1);
  });

  it('another click on the same button: one goes back', async () => {
    const { items } = await canal.useCases.listPromotions({
      workspaceId: canal.workspaceId,
      status: 'deployed',
      page: { limit: 100 },
    });
    const live = (await Promise.all(items.map(({ id }) => canal.show(id)))).filter(
      ({ deployment }) => deployment?.active,
    );
    const click = (by: string) =>
      live.map(
        ({ workflow, deployment }) =>
          () =>
            canal.useCases.rollBack({
              actor: canal.as(by),
              workflow: workflow.slug,
              environment: 'staging',
              expectedDeploymentId: deployment?.id ?? '',
            }),
      );
    expect(tally(await atOnce(shuffled([...click('U0DEV'), ...click('U0MAX')])))).toEqual({
      done: AT_A_TIME,
      moved_on: AT_A_TIME,
    });
    for (const flow of FLOWS) expect(await canal.live('staging', flow)).toBe(2);
  });

  it('its undoing and a deployment: whichever comes second sees the first', async () => {
    await Promise.all(FLOWS.map((flow) => canal.push(`Version 5 of ${flow}.`, flow)));
    const rollbacks = await Promise.all(FLOWS.map((workflow) => canal.rollBack('development', { workflow })));
    const outcomes = await atOnce<unknown>(
      shuffled(
        FLOWS.flatMap((flow, i) => [
          () => canal.useCases.undoRollback({ actor: canal.as('U0DEV'), rollbackId: rollbacks[i]?.rollbackId ?? '' }),
          () => canal.deploy('v5', flow),
        ]),
      ),
    );
    expect(Object.keys(tally(outcomes)).filter((code) => !['done', 'moved_on'].includes(code))).toEqual([]);
    for (const flow of FLOWS) expect(await canal.live('development', flow)).toBe(5);
  });

  it('its undoing twice: undone once', async () => {
    const rollbacks = await Promise.all(FLOWS.map((workflow) => canal.rollBack('staging', { workflow })));
    const undo =
      ({ rollbackId }: { rollbackId: string }) =>
      () =>
        canal.useCases.undoRollback({ actor: canal.as('U0DEV'), rollbackId });
    expect(tally(await atOnce(rollbacks.flatMap((one) => [undo(one), undo(one)])))).toEqual({ done: 2 * AT_A_TIME });
    for (const flow of FLOWS) expect(await canal.live('staging', flow)).toBe(3);
  });
});

describe('asking beside something else', () => {
  it('a deployment: what was asked for was live at that moment', async () => {
    await Promise.all(FLOWS.map((flow) => canal.push(`Another of ${flow}.`, flow)));
    const asked = FLOWS.map((flow) => () => canal.ask('staging', 'U0DEV', flow));
    const outcomes = await atOnce<unknown>(
      shuffled([...asked, ...FLOWS.map((flow) => () => canal.deploy('v5', flow))]),
    );
    expect(tally(outcomes)).toEqual({ done: 2 * AT_A_TIME });
    const { items } = await canal.useCases.listPromotions({
      workspaceId: canal.workspaceId,
      status: 'open',
      page: { limit: 100 },
    });
    const requested = await auditOf('promotion.requested');
    const activated = await db.sql<{ seq: string; workflow: string }>(
      `SELECT max(seq) AS seq, w.slug AS workflow FROM audit_event e JOIN workflow w ON w.id = e.workflow_id
       WHERE e.workspace_id = $1 AND action = 'deployment.activated' GROUP BY 2`,
      [canal.workspaceId],
    );
    for (const { id, workflow, version } of items) {
      const deployed = Number(activated.find((row) => row.workflow === workflow.slug)?.seq);
      expect(version.number).toBe((requested.get(`promotion:${id}`) ?? 0) > deployed ? 5 : 4);
    }
    expect(items).toHaveLength(AT_A_TIME);
  });

  it('nineteen others who ask the same: one opens', async () => {
    const outcomes = await atOnce(LEADS.map((by) => () => canal.ask('staging', by, FLOWS[0])));
    const kinds = outcomes.map(({ done }) => done?.kind);
    expect(kinds.filter((kind) => kind === 'opened')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'already-open')).toHaveLength(AT_A_TIME - 1);
  });

  it('nineteen others who replace the same: one does', async () => {
    const flow = FLOWS[0] ?? '';
    const id = await canal.open('staging', 'U0DEV', flow);
    await canal.push('Another.', flow);
    await canal.deploy(undefined, flow);
    const replace = (by: string) => () =>
      canal.useCases.requestPromotion({ actor: canal.as(by), workflow: flow, environment: 'staging', replace: id });
    const kinds = (await atOnce(LEADS.map(replace))).map(({ done }) => done?.kind);
    expect(kinds.filter((kind) => kind === 'opened')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'already-open')).toHaveLength(AT_A_TIME - 1);
    expect(await statusOf(id)).toBe('stale');
  });
});

describe('a demotion beside the approval that would deploy', () => {
  it('of whoever approved first: it deployed before, or waits for somebody else', async () => {
    await askFor(db, [{ role: 'lead', count: 2 }]);
    const ids = await openAll();
    await Promise.all(ids.map((id, i) => canal.approve(LEADS[i] ?? '', id)));
    const demote = (userId: string) => () =>
      canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId, role: 'member', departments: [] });
    const approvals = ids.map((id) => () => canal.approve('U0ABE', id));
    expect(tally(await atOnce<unknown>(shuffled([...approvals, ...LEADS.map(demote)])))).toEqual({
      done: 2 * AT_A_TIME,
    });
    const [deployed, demoted] = [await auditOf('promotion.deployed'), await auditOf('role.assigned')];
    for (const [i, id] of ids.entries()) {
      const [deployedAt, demotedAt] = [deployed.get(`promotion:${id}`), demoted.get(`person:${LEADS[i]}`) ?? 0];
      if (deployedAt !== undefined) expect(deployedAt).toBeLessThan(demotedAt);
      else expect((await canal.show(id)).approvals.find(({ by }) => by === LEADS[i])?.counts).toBe(false);
    }
  });

  it('of whoever clicks: it deployed before, or was refused', async () => {
    const ids = await openAll();
    const demote = (userId: string) => () =>
      canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId, role: 'member', departments: [] });
    const approvals = ids.map((id, i) => () => canal.approve(LEADS[i] ?? '', id));
    await atOnce<unknown>(shuffled([...approvals, ...LEADS.map(demote)]));
    const [deployed, demoted] = [await auditOf('promotion.deployed'), await auditOf('role.assigned')];
    for (const [i, id] of ids.entries()) {
      const at = deployed.get(`promotion:${id}`);
      if (at === undefined) expect(await canal.show(id)).toMatchObject({ status: 'open', approvals: [] });
      else expect(at).toBeLessThan(demoted.get(`person:${LEADS[i]}`) ?? 0);
    }
  });
});

describe('a changed configuration beside twenty requests', () => {
  /** Applies what `change` makes of the environments in the midst of the requests. Returns how both ended. */
  async function applyBeside(environment: string, change: (before: Pipeline) => Pipeline) {
    const before = await canal.ports.reading(canal.workspaceId, (tx) => tx.environments.pipeline());
    const environments = change(before).map(({ id: _, ...rest }) => rest);
    const configuration = { departments: [], defaultRole: 'member' as const, environments, people: new Map() };
    const workspace = { id: canal.workspaceId, name: 'Canal', botUserId: 'U0BOT' };
    const apply = () => makeApplyConfiguration(canal.ports)({ workspace, configuration, admins: [] });
    const asks = FLOWS.map((flow) => () => canal.ask(environment, 'U0DEV', flow));
    const outcomes = await atOnce<unknown>([...asks.slice(0, 3), apply, ...asks.slice(3)]);
    const [applied] = outcomes.splice(3, 1);
    return { applied: applied?.refused ?? 'done', asked: tally(outcomes) };
  }

  it('that removes their environment: either they are under review, or it is gone', async () => {
    const { applied, asked } = await applyBeside('production', (before) => before.slice(0, 2));
    expect([
      ['done', { unknown_environment: AT_A_TIME }],
      ['invalid_configuration', { done: AT_A_TIME }],
    ]).toContainEqual([applied, asked]);
  });

  it('that asks for nobody any more: none is left waiting for nobody', async () => {
    const outcome = await applyBeside('staging', (before) =>
      before.map((one) => (one.name === 'staging' ? { ...one, policy: { ...one.policy, approvals: [] } } : one)),
    );
    expect(outcome).toEqual({ applied: 'done', asked: { done: AT_A_TIME } });
    for (const flow of FLOWS) expect(await canal.live('staging', flow)).toBe(4);
  });
});

describe('twenty at once on one workflow', () => {
  it('who push the same first version: one is kept', async () => {
    const fresh = await openCanal(db.ports);
    const outcomes = await atOnce(times(AT_A_TIME).map(() => () => fresh.push('The same.', 'fresh-flow')));
    expect(outcomes.map(({ done }) => done?.number)).toEqual(times(AT_A_TIME).map(() => 1));
  });

  it('who push different versions: each gets a number of its own', async () => {
    const fresh = await openCanal(db.ports);
    const outcomes = await atOnce(times(AT_A_TIME).map((i) => () => fresh.push(`Number ${i}.`, 'fresh-flow')));
    expect(outcomes.map(({ done }) => done?.number ?? 0).sort((a, b) => a - b)).toEqual(
      times(AT_A_TIME).map((i) => i + 1),
    );
  });

  it('who give the same label to different versions: one has it', async () => {
    const fresh = await openCanal(db.ports);
    for (const i of times(5)) await fresh.push(`Number ${i}.`);
    const label = (version: number) => () =>
      fresh.useCases.labelVersion({
        actor: fresh.as('U0DEV'),
        workflow: 'summarize-flow',
        version: `v${version}`,
        label: 'best',
      });
    expect(tally(await atOnce(times(5).map((i) => label(i + 1))))).toEqual({ done: 1, label_taken: 4 });
  });

  it('who deploy different versions: all went live, one after the other, and one is', async () => {
    const fresh = await openCanal(db.ports);
    for (const i of times(AT_A_TIME)) await fresh.push(`Number ${i}.`);
    const outcomes = await atOnce(times(AT_A_TIME).map((i) => () => fresh.deploy(`v${i + 1}`)));
    expect(tally(outcomes)).toEqual({ done: AT_A_TIME });
    const { items } = await fresh.useCases.showHistory({
      actor: fresh.as('U0DEV'),
      workflow: 'summarize-flow',
      page: { limit: 50 },
    });
    expect(items.map(({ status }) => status)).toEqual(['active', ...times(AT_A_TIME - 1).map(() => 'superseded')]);
    const previous = items.at(1)?.version.number;
    expect((await fresh.rollBack('development')).restored.number).toBe(previous);
  });
});
