import { describe, expect, it } from 'vitest';
import { hashOfFile } from '../../../src/domain/configuration/configuration.ts';
import { DEFAULT_RUNS } from '../../../src/domain/configuration/runs-yaml.ts';
import type { Pipeline } from '../../../src/domain/environment.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { atOnce, shuffled, tally } from '../../support/use-cases/at-once.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { AT_A_TIME, FLOWS, LEADS } from '../../support/use-cases/prepare-flows.ts';
import { withPreparedFlows } from '../../support/use-cases/with-prepared-flows.ts';

let db: TestPersistence;
let canal: Canal;
const { statusOf, auditOf } = withPreparedFlows((copy) => {
  ({ db, canal } = copy);
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

describe('a changed configuration beside twenty requests', () => {
  /** Applies what `change` makes of the environments in the midst of the requests. Returns how both ended. */
  async function applyBeside(environment: string, change: (before: Pipeline) => Pipeline) {
    const before = await canal.ports.reading(canal.workspaceId, (tx) => tx.environments.pipeline());
    const environments = change(before).map(({ id: _, ...rest }) => rest);
    const configuration = {
      hash: hashOfFile(environments),
      departments: [],
      defaultRole: 'member' as const,
      environments,
      people: new Map(),
      runs: DEFAULT_RUNS,
      secretFolders: [],
      settings: new Map(),
    };
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
