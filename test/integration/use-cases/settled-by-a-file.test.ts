import { describe, expect, it } from 'vitest';
import { defaultConfiguration, hashOfFile } from '../../../src/domain/configuration/configuration.ts';
import type { ApprovalRule } from '../../../src/domain/environment.ts';
import type { Policy } from '../../../src/domain/policy/policy.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore } from '../../support/use-cases/ask-more.ts';
import { atOnce, shuffled, times } from '../../support/use-cases/at-once.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { messages } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

const HELLO: Settings = { variables: { GREETING: 'hello' } };
/** A start whose file has production ask for this, and of single workflows for no more than before or for nothing besides. */
async function start(approvals: ApprovalRule[], channel = 'C0PROD', keepsStricter = true): Promise<string[]> {
  const pipeline = await canal.ports.reading(canal.workspaceId, (tx) => tx.environments.pipeline());
  const policyOf = ({ stricter, ...policy }: Policy): Policy => {
    return { ...policy, approvals, ...(keepsStricter && stricter !== undefined && { stricter }) };
  };
  const environments = pipeline.map(({ id: _id, ...rest }) =>
    rest.name === 'production' ? { ...rest, channel, policy: policyOf(rest.policy) } : rest,
  );
  const people = new Map(
    ['U0LEE', 'U0LIV'].map((id) => [id, { role: 'lead' as const, departments: [] as string[] }] as const),
  );
  const configuration = { ...defaultConfiguration(), hash: hashOfFile({ approvals, channel }), environments, people };
  const workspace = { id: canal.workspaceId, name: 'Canal', botUserId: 'U0BOT' };
  const applied = makeApplyConfiguration(canal.ports);
  return (await applied({ workspace, configuration, admins: ['U0ADA', 'U0ABE'], force: true })).subjects;
}
async function propose(settings: Settings, workflow?: string): Promise<string> {
  const asked = await canal.useCases.proposeSettings({
    ...{ actor: canal.as('U0ADA'), environment: 'production', settings },
    ...(workflow === undefined ? {} : { workflow }),
  });
  if (asked.kind !== 'proposed') throw new Error(`It was ${asked.kind}, not proposed.`);
  return asked.proposal.id;
}
const approve = (by: string, proposalId: string) => canal.useCases.approveSettings({ actor: canal.as(by), proposalId });
const layer = (workflow?: string) =>
  canal.useCases.showSettingsLayer({
    ...{ workspaceId: canal.workspaceId, environment: 'production' },
    ...(workflow === undefined ? {} : { workflow }),
  });
const statusOf = async (id: string) =>
  (await db.sql<{ status: string }>('SELECT status FROM settings_proposal WHERE id = $1', [id]))[0]?.status;

describe('an environment that stops asking for approvals', () => {
  it('has what was proposed for its settings applied with the start, audited as the file’s', async () => {
    await canal.push('a');
    const [own, narrow] = [await propose(HELLO), await propose({ runner: 'edge' }, FLOW)];
    await start([]);
    expect(await layer()).toMatchObject({ number: 1, settings: HELLO, proposal: null, managed: [] });
    expect((await layer(FLOW)).settings).toEqual({ runner: 'edge' });
    expect([await statusOf(own), await statusOf(narrow)]).toEqual(['applied', 'applied']);
    const { items } = await canal.useCases.listAudit({ workspaceId: canal.workspaceId, limit: 10 });
    expect(items.filter(({ subject }) => subject === 'settings:production')).toMatchObject([
      { actor: 'file', via: 'file', before: null, after: HELLO },
    ]);
    expect((await messages(db, own)).at(-1)).toMatchObject({
      payload: { text: expect.stringMatching(/^<@U0ADA> changed the settings of \*production\* \(now number 1\)/) },
    });
  });

  it('has a promotion deployed that waited for them', async () => {
    await canal.useCases.proposeSettings({ actor: canal.as('U0ADA'), environment: 'dev', settings: HELLO });
    await start([{ role: 'admin', count: 1 }]);
    await approve('U0ABE', await propose(HELLO));
    await canal.push('Say hello.');
    await canal.deploy();
    await canal.approve('U0LEE', await canal.open('staging'));
    const promotion = await canal.open('production');
    const id = await propose({ variables: { GREETING: 'good day' } });
    await start([]);
    expect(await statusOf(id)).toBe('applied');
    expect(await canal.live('production')).toBe(1);
    expect((await canal.show(promotion)).status).toBe('deployed');
  });

  it('starts all the same where something live would no longer fill: that change goes on waiting', async () => {
    for (const environment of ['dev', 'staging'] as const) {
      const asked = await canal.useCases.proposeSettings({ actor: canal.as('U0ADA'), environment, settings: HELLO });
      if (asked.kind === 'proposed') await approve('U0LEE', asked.proposal.id);
    }
    await approve('U0ABE', await propose(HELLO));
    const id = await propose({ ...HELLO, variables: { OTHER: 'x', GREETING: 'y' } });
    await db.sql(`UPDATE settings_proposal SET settings = '{"variables":{"OTHER":"x"}}' WHERE id = $1`, [id]);
    await canal.push('Say ${GREETING}.');
    await canal.deploy();
    await canal.approve('U0LEE', await canal.open('staging'));
    await canal.approve('U0ABE', await canal.open('production'));
    expect(await start([])).toContain('environment:production');
    expect(await statusOf(id)).toBe('open');
    expect((await layer()).settings).toEqual(HELLO);
  });
});

describe('an environment that asks for others than before', () => {
  it('applies nothing by approvals that were given under the rules before, and takes new ones', async () => {
    await start([{ role: 'lead', count: 3 }]);
    const id = await propose(HELLO);
    for (const by of ['U0LEE', 'U0LIV']) await approve(by, id);
    await start([{ role: 'lead', count: 1 }]);
    expect(await statusOf(id)).toBe('open');
    expect((await layer()).proposal).toMatchObject({ needs: 'Approval by 1 lead', approvals: [{ counts: false }, {}] });
    expect(await approve('U0LEE', id)).toMatchObject({ number: 1 });
  });

  it('applies what waited for approvals that only this workflow was asked for, and is asked for no more', async () => {
    await canal.push('a');
    await start([]);
    await askMore(db, canal, 'production', {
      stricter: [{ workflows: [FLOW], approvals: [{ role: 'lead', count: 1 }] }],
    });
    const id = await propose({ runner: 'edge' }, FLOW);
    await start([], 'C0PROD', false);
    expect(await statusOf(id)).toBe('applied');
    expect((await layer(FLOW)).settings).toEqual({ runner: 'edge' });
  });

  it('leaves alone what waits where only other things of it change', async () => {
    await start([{ role: 'admin', count: 1 }]);
    const id = await propose(HELLO);
    /** Work that waits for its card; asked for again, it is written anew. */
    const work = () =>
      db.sql(
        'SELECT id, revision, updated_at FROM graphile_worker._private_jobs WHERE payload::text LIKE $1 ORDER BY id',
        [`%${id}%`],
      );
    const before = await work();
    await start([{ role: 'admin', count: 1 }], 'C0OTHER');
    expect([await statusOf(id), await work()]).toEqual(['open', before]);
    await start([{ role: 'admin', count: 2 }], 'C0OTHER');
    expect(await work()).not.toEqual(before);
    expect((await layer()).proposal).toMatchObject({ needs: 'Approval by 2 admins' });
  });
});

describe('twenty at once', () => {
  it('starts, and approvals beside them: what waits is applied once', async () => {
    const id = await propose(HELLO);
    const acts = [
      ...times(10).map(() => () => start([])),
      ...times(10).map((i) => () => approve(i % 2 === 0 ? 'U0ABE' : 'U0LEE', id)),
    ];
    const ended = await atOnce<unknown>(shuffled(acts));
    expect(ended.filter(({ refused }) => refused === undefined).length).toBeGreaterThanOrEqual(10);
    expect(await statusOf(id)).toBe('applied');
    expect(await layer()).toMatchObject({ number: 1, settings: HELLO });
  });
});
