import { beforeEach, describe, expect, it } from 'vitest';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import type { FileLayerView, FilePlanView } from '../../../src/use-cases/settings/file-views.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { expectRefused, refusalFrom } from '../../support/refusals.ts';
import { askMore } from '../../support/use-cases/ask-more.ts';
import { atOnce, shuffled, tally, times } from '../../support/use-cases/at-once.ts';
import { type Canal, FLOW } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});

interface Given {
  development?: string;
  staging?: string;
  workflows?: string;
  rest?: string;
}
/** What the canal's pipeline says, with these settings. */
const file = ({ development = '{}', staging = '{}', workflows = '{}', rest = '' }: Given = {}) => `environments:
  - { name: development, settings: ${development}, workflows: ${workflows} }
  - { name: staging, settings: ${staging} }
  - { name: production }
${rest}`;
const HELLO = file({ development: '{ model: claude-haiku }', staging: '{ variables: { GREETING: hello } }' });
const parse = (text: string) => parseTowpathYaml(text, { fileName: 'towpath.yaml' });
const plan = (text: string, by = 'U0ADA') =>
  canal.useCases.applyFile({ actor: canal.as(by), configuration: parse(text), dryRun: true });
const apply = (text: string, { by = 'U0ADA', shown }: { by?: string; shown?: string } = {}) =>
  canal.useCases.applyFile({
    ...{ actor: canal.as(by), configuration: parse(text), dryRun: false },
    ...(shown === undefined ? {} : { plan: shown }),
  });
const layer = (environment: string, workflow?: string) =>
  canal.useCases.showSettingsLayer({
    ...{ workspaceId: canal.workspaceId, environment },
    ...(workflow === undefined ? {} : { workflow }),
  });
/** `staging: proposed`, `summarize-flow in development: applied` */
const outcomes = ({ layers }: Pick<FilePlanView, 'layers'>) =>
  layers.map(({ environment, workflow, outcome }: FileLayerView) =>
    workflow === null ? `${environment.name}: ${outcome}` : `${workflow.slug} in ${environment.name}: ${outcome}`,
  );
const written = async () =>
  (
    await db.sql<{ n: number }>(
      `SELECT (SELECT count(*) FROM settings_revision WHERE workspace_id = $1)::int
        + (SELECT count(*) FROM settings_proposal WHERE workspace_id = $1)::int
        + (SELECT count(*) FROM audit_event WHERE workspace_id = $1)::int AS n`,
      [canal.workspaceId],
    )
  )[0]?.n;
/** Proposals that wait. */
const open = async () =>
  (await db.sql(`SELECT 1 FROM settings_proposal WHERE workspace_id = $1 AND status = 'open'`, [canal.workspaceId]))
    .length;
/** The operator's start with this file. */
const start = (text: string) =>
  makeApplyConfiguration(canal.ports)({
    workspace: { id: canal.workspaceId, name: 'Canal', botUserId: 'U0BOT' },
    ...{ configuration: parse(text), admins: ['U0ADA', 'U0ABE'] },
  });

describe('the plan of a file', () => {
  it('says of each layer what changes, and whether it applies, needs approval or is like that already; nothing is done', async () => {
    await canal.push('a');
    const text = file({
      ...{ development: '{ model: claude-haiku }', staging: '{ variables: { GREETING: hello } }' },
      workflows: `{ ${FLOW}: { runner: edge } }`,
    });
    const before = await written();
    const view = await plan(text);
    expect(outcomes(view)).toEqual([
      'development: applies',
      `${FLOW} in development: applies`,
      'staging: needs_approval',
    ]);
    expect(view.layers.map(({ sentences }) => sentences)).toEqual([
      ['Default model was added: ‘claude-haiku’'],
      [expect.stringContaining('edge')],
      ['Variable GREETING was added: ‘hello’'],
    ]);
    expect([view.applied, await written()]).toEqual([false, before]);
    await apply(text);
    expect(outcomes(await plan(text))).toEqual([
      'development: unchanged',
      `${FLOW} in development: unchanged`,
      'staging: needs_approval',
    ]);
  });

  it('names what of the file is the operator’s where it differs from the one that was applied last', async () => {
    await start(file());
    const other = file({ rest: 'people: { U0LEE: lead }\n' }).replace(
      '{ name: production }',
      '{ name: production, channel: C0OTHER, approvals: [] }',
    );
    expect((await plan(other)).operators).toEqual({
      places: ['environments.production.channel', 'environments.production.approvals', 'people.U0LEE'],
      more: 0,
    });
    expect((await plan(file())).operators).toEqual({ places: [], more: 0 });
    const pipeline = await canal.ports.reading(canal.workspaceId, (tx) => tx.environments.pipeline());
    await apply(other);
    expect(await canal.ports.reading(canal.workspaceId, (tx) => tx.environments.pipeline())).toEqual(pipeline);
  });

  it('only names a workflow’s webhooks: nobody but a start may say what signs', async () => {
    await canal.push('a');
    await start(file());
    const hooks = '[{ url: "https://evil.example.com", secret: "${TOWPATH_KEY}" }]';
    const text = file({ workflows: `{ ${FLOW}: { runner: edge, webhooks: ${hooks} } }` });
    const view = await plan(text);
    expect([outcomes(view), view.operators.places]).toEqual([
      [`${FLOW} in development: applies`],
      [`environments.development.workflows.${FLOW}.webhooks`],
    ]);
    await apply(text);
    expect((await layer('development', FLOW)).settings).toEqual({ runner: 'edge' });
    await start(text);
    expect((await layer('development', FLOW)).settings).toMatchObject({ runner: 'edge', webhooks: [{}] });
    await apply(file({ workflows: `{ ${FLOW}: { model: x, webhooks: [] } }` }));
    expect((await layer('development', FLOW)).settings).toMatchObject({ model: 'x', webhooks: [{}] });
  });

  it('names workflows that nobody pushed yet', async () => {
    const { missing, layers } = await plan(file({ workflows: '{ later: { model: a }, typo: { model: b } }' }));
    expect([missing.workflows, layers]).toEqual([
      [
        { environment: 'development', workflow: 'later' },
        { environment: 'development', workflow: 'typo' },
      ],
      [],
    ]);
  });

  it('says that a workflow of which more is asked than of others needs approval, and asks for it', async () => {
    await canal.push('a');
    const stricter = [{ workflows: [FLOW], approvals: [{ role: 'lead' as const, count: 1 }] }];
    await askMore(db, canal, 'development', { stricter });
    const text = file({ development: '{ model: x }', workflows: `{ ${FLOW}: { runner: edge } }` });
    expect(outcomes(await plan(text))).toEqual(['development: applies', `${FLOW} in development: needs_approval`]);
    expect(outcomes(await apply(text))).toEqual(['development: applied', `${FLOW} in development: proposed`]);
    const { asksFor } = await canal.useCases.startSettingsChange({
      ...{ actor: canal.as('U0ADA'), environment: 'development', workflow: FLOW },
    });
    expect(asksFor).toBe('1 lead');
  });

  it('refuses what cannot be had, each with its reason, and says the rest all the same', async () => {
    await canal.push('a');
    const asLead = await plan(
      file({ development: '{ model: x }', workflows: `{ ${FLOW}: { runner: edge } }` }),
      'U0LEE',
    );
    expect(outcomes(asLead)).toEqual(['development: refused', `${FLOW} in development: applies`]);
    expect(asLead.layers[0]?.refusal).toMatchObject({ code: 'not_permitted' });
    await canal.useCases.proposeSettings({
      ...{ actor: canal.as('U0ABE'), environment: 'staging', settings: { model: 'other' } },
    });
    const [, staging] = (await plan(HELLO)).layers;
    expect(staging).toMatchObject({ outcome: 'refused', refusal: { code: 'already_proposed' } });
  });
});

describe('applying a file', () => {
  it('does what its plan says: at once where nobody is asked, as proposals elsewhere', async () => {
    const { plan: shown } = await plan(HELLO);
    const done = await apply(HELLO, { shown });
    expect([done.applied, ...outcomes(done)]).toEqual([true, 'development: applied', 'staging: proposed']);
    expect(done.layers.map(({ number, proposal }) => [number, proposal?.status])).toEqual([
      [1, 'applied'],
      [0, 'open'],
    ]);
    expect((await layer('development')).settings).toEqual({ model: 'claude-haiku' });
    expect(await layer('staging')).toMatchObject({ settings: {}, managed: [], proposal: { requestedBy: 'U0ADA' } });
    expect(outcomes(await apply(HELLO))).toEqual(['development: unchanged', 'staging: proposed']);
    expect(await open()).toBe(1);
  });

  it('leaves fields alone that the file does not name', async () => {
    await canal.useCases.proposeSettings({
      ...{ actor: canal.as('U0ADA'), environment: 'dev', settings: { runner: 'edge', model: 'a' } },
    });
    await apply(HELLO);
    expect((await layer('development')).settings).toEqual({ runner: 'edge', model: 'claude-haiku' });
  });

  it('does nothing where it would do something else by now than was shown', async () => {
    const { plan: shown } = await plan(HELLO);
    await canal.useCases.proposeSettings({
      ...{ actor: canal.as('U0ABE'), environment: 'dev', settings: { runner: 'edge' } },
    });
    const before = await written();
    expectRefused(await refusalFrom(apply(HELLO, { shown })), 'moved_on');
    expect(await written()).toBe(before);
  });

  it('is refused as a whole where one part cannot be had, with everybody’s reasons', async () => {
    await canal.push('a');
    const text = file({
      workflows: `{ ${FLOW}: { runner: edge } }`,
      staging: '{ model: x }',
      development: '{ model: y }',
    });
    const before = await written();
    const refusal = await refusalFrom(apply(text, { by: 'U0LEE' }));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toMatch(/Nothing was applied.*development.*staging/);
    expect(await written()).toBe(before);
  });

  it('asks for a person behind it', async () => {
    const actor = { workspaceId: canal.workspaceId, userId: 'api', via: 'api' as const };
    const asked = (dryRun: boolean) => canal.useCases.applyFile({ actor, configuration: parse(HELLO), dryRun });
    expectRefused(await refusalFrom(asked(true)), 'invalid_input');
    expectRefused(await refusalFrom(asked(false)), 'invalid_input');
  });
});

describe('what the operator’s file gives', () => {
  beforeEach(() => start(file({ development: '{ model: claude-haiku }' })));

  it('is refused to be changed, by name, and left alone where the file says the same or nothing', async () => {
    const [development] = (await plan(file({ development: '{ model: other, runner: edge }' }))).layers;
    expect(development).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'managed_by_file', message: expect.stringContaining('model of development') },
    });
    expect(outcomes(await apply(file({ development: '{ runner: edge }' })))).toEqual(['development: applied']);
    const now = await layer('development');
    expect([now.settings, now.managed]).toEqual([{ model: 'claude-haiku', runner: 'edge' }, ['model']]);
    expect(outcomes(await plan(file({ development: '{ model: claude-haiku }' })))).toEqual(['development: unchanged']);
  });
});

describe('a file under which something live would no longer fill', () => {
  it('is refused in its plan already, naming workflow and variable', async () => {
    await apply(file({ development: '{ variables: { GREETING: hello } }' }));
    await canal.push('Say ${GREETING}.');
    await canal.deploy();
    const text = file({ development: '{ variables: { OTHER: x } }' });
    const [development] = (await plan(text)).layers;
    expect(development?.refusal).toMatchObject({ code: 'does_not_fill', message: expect.stringContaining('GREETING') });
    expectRefused(await refusalFrom(apply(text)), 'does_not_fill');
  });
});

describe('twenty at once', () => {
  it('apply one file: each layer is changed once, and one proposal waits', async () => {
    await canal.push('a');
    const text = file({
      ...{ development: '{ model: x }', staging: '{ model: y }' },
      workflows: `{ ${FLOW}: { runner: edge } }`,
    });
    const done = await Promise.all(times(20).map(() => apply(text)));
    const all = done.flatMap(outcomes);
    expect(all.filter((line) => line === 'development: applied')).toHaveLength(1);
    expect(all.filter((line) => line === `${FLOW} in development: applied`)).toHaveLength(1);
    expect((await layer('development', FLOW)).number).toBe(2);
    expect(await open()).toBe(1);
  });

  it('apply two files beside starts: each start and each file is done whole or refused', async () => {
    const mine = file({ development: '{ model: mine, runner: mine }' });
    const theirs = file({ development: '{ runner: theirs, model: theirs }' });
    const acts = times(20).map((i) => () => apply(i % 2 === 0 ? mine : theirs));
    const starts = times(3).map(() => () => start(file({ staging: '{ model: operator }' })));
    const ended = await atOnce<unknown>(shuffled([...acts, ...starts]));
    expect(tally(ended)).toEqual({ done: 23 });
    const { model, runner } = (await layer('development')).settings;
    expect(['mine', 'theirs']).toContain(model);
    expect(runner).toBe(model);
    expect((await layer('staging')).settings).toEqual({ model: 'operator' });
  });
});
