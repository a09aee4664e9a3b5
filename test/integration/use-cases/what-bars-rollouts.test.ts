import { describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canaries, canariesOf, TEN_PERCENT } from '../../support/use-cases/canaries.ts';
import { type Canal, FLOW, sourceOf } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let canaries: Canaries;
withCanal((fresh) => {
  ({ db, canal } = fresh);
  canaries = canariesOf(canal);
});

/** Pushes a version started by these triggers, and takes it to development. */
async function develop(prompt: string, triggers = ''): Promise<void> {
  const source = sourceOf(prompt).replace('steps:', `${triggers}steps:`);
  await canal.useCases.pushVersion({ actor: canal.as('U0DEV'), workflow: FLOW, source });
  await canal.deploy();
}
const NIGHTLY = 'triggers: [{ id: nightly, type: schedule, schedule: "0 6 * * *" }]\n';

describe('a workflow that a schedule starts', () => {
  it('can’t have a canary of a part: its runs carry no key', async () => {
    await canal.reach('staging', 'One.');
    await develop('Two.', NIGHTLY);
    const refusal = await refusalFrom(canaries.open('staging'));
    expectRefused(refusal, 'scheduled_workflow');
    expect(refusal.userMessage).toContain('v2 of summarize-flow');
    await canaries.start('staging', 0);
    expect(await canaries.show('staging')).toMatchObject({ scheduled: true });
    expectRefused(await refusalFrom(canaries.change('staging', 5_000)), 'scheduled_workflow');
    expect(await canaries.change('staging', 10_000)).toMatchObject({ share: 10_000 });
    expect(await canaries.finish('staging')).toMatchObject({ act: 'finished' });
  });

  it('is told by what is live, too, and by the environment that the schedule is for', async () => {
    await develop('One.', NIGHTLY);
    await canal.approve('U0LEE', await canal.open('staging'));
    await develop('Two.');
    expectRefused(await refusalFrom(canaries.open('staging')), 'scheduled_workflow');
    await develop('Three.', NIGHTLY.replace(' }]', ', environments: [production] }]'));
    await canal.approve('U0LEE', await canal.open('staging'));
    await develop('Four.');
    expect(await canaries.start('staging')).toBeTruthy();
  });

  it('keeps a canary from starting that was asked for before it was live', async () => {
    await db.sql(
      `UPDATE environment SET policy = jsonb_set(policy, '{approvals,0,count}', '2') WHERE name = 'staging'`,
    );
    const approveTwice = async (id: string) => {
      await canal.approve('U0LEE', id);
      return canal.approve('U0LIV', id);
    };
    await develop('One.', NIGHTLY);
    await approveTwice(await canal.open('staging'));
    await develop('Two.');
    await approveTwice(await canal.open('staging'));
    await develop('Three.');
    const id = await canaries.open('staging');
    await canal.rollBack('staging');
    expect((await approveTwice(id)).deployed).toBe(false);
    expect((await canal.show(id)).requirements).toContainEqual(
      expect.objectContaining({ kind: 'rollout', state: 'failed', detail: expect.stringContaining('v1 of') }),
    );
  });
});

describe('the settings that a canary reads', () => {
  const GREETING: Settings = { variables: { GREETING: 'hello' } };
  async function give(environment: string, settings: Settings): Promise<void> {
    const wished = await canal.useCases.proposeSettings({ actor: canal.as('U0ABE'), environment, settings });
    if (wished.kind === 'proposed')
      await canal.useCases.approveSettings({ actor: canal.as('U0ADA'), proposalId: wished.proposal.id });
  }
  /** v1 is live in staging; v2, which reads GREETING, runs beside it. */
  async function greet(): Promise<void> {
    for (const environment of ['development', 'staging']) await give(environment, GREETING);
    await canal.reach('staging', 'One.');
    await develop('Say ${GREETING}.');
    await canaries.start('staging');
  }

  it('can’t be taken away while it runs, and can afterwards', async () => {
    await greet();
    const refusal = await refusalFrom(give('staging', {}));
    expectRefused(refusal, 'does_not_fill');
    expect(refusal.userMessage).toContain('v2 of summarize-flow runs as a canary in staging');
    await canaries.abort('staging');
    await give('staging', {});
  });

  it('can’t be taken away by the configuration file either', async () => {
    const file = (settings: string) => `environments:
  - { name: development, settings: ${settings} }
  - { name: staging, approvals: [{ role: lead }], settings: ${settings} }
  - { name: production }
people: { U0LEE: lead }
`;
    const apply = (settings: string) =>
      makeApplyConfiguration(canal.ports)({
        workspace: { id: canal.workspaceId, name: 'Canal', botUserId: 'U0BOT' },
        configuration: parseTowpathYaml(file(settings), { fileName: 'towpath.yaml' }),
        admins: [],
      });
    await apply('{ variables: { GREETING: hello } }');
    await canal.reach('staging', 'One.');
    await develop('Say ${GREETING}.');
    await canaries.start('staging');
    await canal.deploy('v1');
    const refusal = await apply('{}').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidConfigurationError);
    expect(String(refusal)).toContain('v2 of summarize-flow runs there as a canary');
    await canaries.abort('staging');
    await apply('{}');
  });

  it('have to be there when its abort is undone, and when it is finished', async () => {
    await greet();
    const { deploymentId } = await canaries.abort('staging');
    await give('staging', {});
    expectRefused(await refusalFrom(canaries.undo(deploymentId)), 'does_not_fill');
    await give('staging', GREETING);
    await canaries.undo(deploymentId);
    // By a way that no rule looks at: a revision that an operator wrote by hand.
    await canal.ports.inTransaction(canal.workspaceId, async (tx) => {
      const environmentId = (await tx.environments.pipelineHeld())[1]?.id ?? '';
      const given = { changedBy: 'file', via: 'file', reason: null } as const;
      await tx.settings.save({ environmentId, workflowId: null, settings: {}, ...given });
    });
    expectRefused(await refusalFrom(canaries.finish('staging')), 'does_not_fill');
    expect(await canaries.running('staging')).toEqual([2, TEN_PERCENT]);
  });
});

describe('where what was the second environment became the first', () => {
  it('nothing is deployed while a canary runs there', async () => {
    const archive = (at: string) =>
      db.sql(`UPDATE environment SET archived_at = ${at} WHERE workspace_id = $1 AND name = 'development'`, [
        canal.workspaceId,
      ]);
    await canal.reach('staging', 'One.');
    await develop('Two.');
    await canaries.start('staging');
    await canal.push('Three.');
    await archive('now()');
    expectRefused(await refusalFrom(canal.deploy()), 'rollout_running');
    await archive('NULL');
  });
});
