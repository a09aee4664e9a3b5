import { beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../../src/domain/fingerprint.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

/** As it was before anybody could give any: promotions are older than settings. */
const withoutSettings = async () => {
  // No trigger keeps what is taken away here.
  await db.sql('SET session_replication_role = replica');
  for (const table of ['settings_revision', 'settings_approval', 'settings_proposal'])
    await db.sql(`DELETE FROM ${table} WHERE workspace_id = $1`, [canal.workspaceId]);
  await db.sql('SET session_replication_role = origin');
};
const give = async (environment: string) => {
  const settings = { variables: { GREETING: 'hello' } };
  const asked = await canal.useCases.proposeSettings({ actor: canal.as('U0ADA'), environment, settings });
  if (asked.kind === 'proposed')
    await canal.useCases.approveSettings({ actor: canal.as('U0ABE'), proposalId: asked.proposal.id });
};

describe('where no settings were ever given', () => {
  beforeEach(async () => {
    await give('dev');
    await give('staging');
  });

  it('an open promotion of a version that needs some does not deploy, and says what is missing', async () => {
    await canal.push('Say ${GREETING}.');
    await canal.deploy();
    const id = await canal.open('staging');
    await withoutSettings();
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
    expect((await canal.show(id)).requirements).toMatchObject([
      { kind: 'settings', state: 'failed', detail: expect.stringContaining('GREETING') },
      { kind: 'approvals', state: 'met' },
    ]);
    expect(await canal.live('staging')).toBeNull();
  });

  it('one that needs none deploys, and its approvals are bound to what they were bound to before', async () => {
    await withoutSettings();
    await canal.push('Say hello.');
    await canal.deploy();
    const id = await canal.open('staging');
    const { fingerprint: shown } = await canal.show(id);
    const [promotion, policy] = await canal.ports.reading(canal.workspaceId, async (tx) => [
      await tx.promotions.find(id),
      (await tx.environments.pipeline())[1]?.policy,
    ]);
    if (promotion === null || policy === undefined) throw new Error('There is none.');
    const bound = { versionId: promotion.versionId, replacesDeploymentId: null, replacesVersionId: null, settings: {} };
    expect(shown).toBe(fingerprint({ ...bound, policy }));
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: true });
  });

  it('the receipt of a rollback says what the version lacks that it brought back', async () => {
    await canal.push('Say ${GREETING}.');
    await canal.deploy();
    await canal.push('Say hello.');
    await canal.deploy();
    await withoutSettings();
    const result = await canal.useCases.rollBack({ actor: canal.as('U0DEV'), workflow: FLOW, environment: 'dev' });
    expect(result).toMatchObject({ receipt: { lacks: expect.stringContaining('GREETING') } });
  });
});
