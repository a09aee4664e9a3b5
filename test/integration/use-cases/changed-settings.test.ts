import { beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { GREETING, proposed, settingsActs } from '../../support/use-cases/settings-acts.ts';
import { messages } from '../../support/use-cases/what-waits.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { propose, rollBack, approve, layer, byFile, reachWithGreeting } = settingsActs(() => canal);

describe('what the file gives', () => {
  beforeEach(() => byFile('development', { model: 'claude-haiku', variables: { A: 'file' } }));

  it('is refused to be changed, by name; left out or named as it is, it stays', async () => {
    const refusal = await refusalFrom(propose('dev', { model: 'claude-opus', variables: { A: 'mine' } }));
    expectRefused(refusal, 'managed_by_file');
    expect(refusal.userMessage).toContain('model, variables of development');
    await propose('dev', { model: 'claude-haiku', runner: 'edge' });
    expect((await layer('dev')).settings).toEqual({ model: 'claude-haiku', variables: { A: 'file' }, runner: 'edge' });
  });

  it('can’t be turned into a name that is a variable and a secret at once', async () => {
    expectRefused(await refusalFrom(propose('dev', { secrets: { A: { env: 'A' } } })), 'invalid_input');
  });
});

describe('a change under which something live would no longer fill', () => {
  beforeEach(reachWithGreeting);

  it('is refused when it is asked for, naming workflow and variables', async () => {
    for (const environment of ['development', 'staging']) {
      const refusal = await refusalFrom(propose(environment, {}));
      expectRefused(refusal, 'does_not_fill');
      expect(refusal.userMessage).toMatch(/v1 of summarize-flow is live in \w+.*GREETING/);
    }
    expect((await layer('staging')).proposal).toBeNull();
  });

  it('is refused when it would be applied, where what is live came after the request', async () => {
    const more = await propose('staging', { variables: { GREETING: 'hello', NAME: 'you' } }, { by: 'U0ABE' });
    await approve('U0ADA', proposed(more).id);
    const { id } = proposed(await propose('staging', GREETING));
    await propose('dev', { variables: { GREETING: 'hello', NAME: 'you' } });
    await canal.push('Say ${GREETING}, ${NAME}.');
    await canal.deploy();
    await canal.approve('U0LEE', await canal.open('staging'));
    const refusal = await refusalFrom(approve('U0ABE', id));
    expectRefused(refusal, 'does_not_fill');
    expect(refusal.userMessage).toContain('NAME');
    expect((await layer('staging')).proposal).toMatchObject({ id, status: 'open', approvals: [] });
  });

  it('is done where the workflow’s own layer gives what the environment’s loses', async () => {
    const own = proposed(await propose('staging', { variables: { GREETING: 'hi' } }, { by: 'U0LIV', workflow: FLOW }));
    await approve('U0LEE', own.id);
    const { id } = proposed(await propose('staging', {}));
    expect(await approve('U0LEE', id)).toMatchObject({ number: 3 });
    expectRefused(await refusalFrom(propose('staging', {}, { by: 'U0LIV', workflow: FLOW })), 'does_not_fill');
  });
});

describe('an open promotion that reads what is changed', () => {
  it('has lost the approvals of what was reviewed before, and says so', async () => {
    await db.sql(
      `UPDATE environment SET policy = jsonb_set(policy, '{approvals}', '[{"role":"lead","count":2}]') WHERE name = 'production'`,
    );
    const given = proposed(await propose('production', GREETING));
    await approve('U0LEE', given.id);
    await approve('U0LIV', given.id);
    await reachWithGreeting();
    const promotion = await canal.open('production');
    await canal.approve('U0LEE', promotion);
    const { id } = proposed(await propose('production', { variables: { GREETING: 'good day' } }));
    await approve('U0LEE', id);
    expect((await canal.show(promotion)).approvals).toMatchObject([{ counts: true }]);
    await approve('U0LIV', id);
    expect((await canal.show(promotion)).approvals).toMatchObject([{ counts: false }]);
    expect((await messages(db, promotion)).at(-1)).toMatchObject({
      kind: 'promotion-story',
      payload: { event: 'review-changed', lines: [expect.stringContaining('GREETING changed')] },
    });
  });
});

describe('rolling settings back', () => {
  it('brings the revision before back as a new one, which says so', async () => {
    await propose('dev', GREETING);
    await propose('dev', { variables: { GREETING: 'hi' } });
    expect(await rollBack('dev')).toMatchObject({ kind: 'applied', number: 3, proposal: { restores: 1 } });
    expect((await layer('dev')).settings).toEqual(GREETING);
    const { items } = await canal.useCases.listSettingsRevisions({
      ...{ workspaceId: canal.workspaceId, environment: 'dev', page: { limit: 10 } },
    });
    expect(items.map(({ number, restores }) => [number, restores])).toEqual([
      ...[
        [3, 1],
        [2, null],
        [1, null],
      ],
    ]);
    expect(await rollBack('dev', { to: 2 })).toMatchObject({ kind: 'applied', number: 4 });
  });

  it('waits for approval where changes do', async () => {
    await approve('U0ABE', proposed(await propose('production', GREETING)).id);
    await approve('U0ABE', proposed(await propose('production', { model: 'claude-haiku' })).id);
    const { id } = proposed(await rollBack('production', { to: 1 }));
    expect(await approve('U0ABE', id)).toMatchObject({ number: 3 });
    expect((await layer('production')).settings).toEqual(GREETING);
  });

  it('leaves what the file gives now as it is', async () => {
    await propose('dev', { model: 'claude-opus', runner: 'edge' });
    await byFile('development', { model: 'claude-haiku' });
    await rollBack('dev', { to: 1 });
    expect((await layer('dev')).settings).toEqual({ model: 'claude-haiku', runner: 'edge' });
  });

  it('is refused where there is nothing before, and to a revision of another layer', async () => {
    await canal.push('a');
    await propose('dev', GREETING);
    await propose('dev', { model: 'claude-haiku' }, { workflow: FLOW });
    expectRefused(await refusalFrom(rollBack('dev')), 'nothing_to_roll_back_to');
    expectRefused(await refusalFrom(rollBack('dev', { to: 2 })), 'unknown_settings_revision');
    expectRefused(await refusalFrom(rollBack('dev', { to: 99 })), 'unknown_settings_revision');
  });
});
