import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { type AppliedConfiguration, makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { giveNewWorkflow } from '../../../src/use-cases/configuration/give-new-workflow.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';
import { shuffled, times } from '../../support/use-cases/at-once.ts';

const SLUGS = ['flow', ...times(10).map((i) => `flow-${i}`)];
/** A file of which the channel, the people, the settings of one workflow and the retention all tell which one it is. */
const file = (letter: string, days: number) => `environments:
  - { name: development }
  - { name: staging, channel: C0${letter}, workflows: ${JSON.stringify(Object.fromEntries(SLUGS.map((slug) => [slug, { model: `model-${letter}` }])))} }
people: { U0${letter}: lead }
runs: { keep: ${days}d }
`;
const OLD = file('OLD', 20);
const NEW = file('NEW', 40);

let database: TestPersistence;
let useCases: UseCases;
let workspaces = 0;
let workspace: { id: string; name: string; botUserId: string };

beforeAll(async () => {
  database = await openTestPersistence();
  useCases = makeUseCases(withTestDocuments(database.ports), testSecrets);
});
beforeEach(() => {
  workspaces += 1;
  workspace = { id: `T0NUM${workspaces}`, name: 'Canal', botUserId: 'U0BOT' };
});
afterAll(() => database.end());

const start = (text: string, force = false): Promise<AppliedConfiguration> =>
  makeApplyConfiguration(withTestDocuments(database.ports))({
    ...{ workspace, admins: [], force },
    configuration: parseTowpathYaml(text, { fileName: 'towpath.yaml' }),
  });
const read = <T>(look: Parameters<typeof database.ports.reading<T>>[1]) => database.ports.reading(workspace.id, look);
const channel = () => read(async (tx) => (await tx.environments.pipeline())[1]?.channel);
const numbers = async () =>
  (
    await database.sql<{ number: number; forced: boolean }>(
      'SELECT number, forced FROM configuration_file WHERE workspace_id = $1 ORDER BY number',
      [workspace.id],
    )
  ).map(({ number, forced }) => (forced ? `${number} forced` : String(number)));
const push = (workflow = 'flow') =>
  useCases.pushVersion({
    ...{ actor: { workspaceId: workspace.id, userId: 'U0DEV', via: 'slack' }, workflow },
    source: 'steps: [a]',
  });
const modelOf = (slug: string) =>
  read(async (tx) => {
    const [id, environment] = [(await tx.workflows.find(slug))?.id ?? '', (await tx.environments.pipeline())[1]];
    return (await tx.settings.layer(environment?.id ?? '', id))?.settings.model;
  });

describe('changes of the file', () => {
  it('are numbered 1, 2, 3 in each workspace; a start with the newest adds none', async () => {
    expect((await start(OLD)).turn).toEqual({ kind: 'next', number: 1, forced: false });
    expect((await start(OLD)).turn).toEqual({ kind: 'newest', number: 1 });
    expect((await start(NEW)).turn).toMatchObject({ kind: 'next', number: 2 });
    workspace = { ...workspace, id: `${workspace.id}B` };
    expect((await start(NEW)).turn).toMatchObject({ number: 1 });
  });

  it('are those of what it says, not of its comments, its order or how it is written', async () => {
    await start('people: { U0LEE: lead }\ndefaultRole: viewer\n');
    const other = '# The same\ndefaultRole: "viewer"\npeople:\n  U0LEE: lead\n';
    expect((await start(other)).turn).toEqual({ kind: 'newest', number: 1 });
    expect((await start(other.replace('lead', 'admin'))).turn).toMatchObject({ number: 2 });
  });

  it('of twenty processes that start at once get one number', async () => {
    await start(OLD);
    const turns = await Promise.all(times(20).map(async () => (await start(NEW)).turn));
    expect(turns.filter(({ kind }) => kind === 'next')).toHaveLength(1);
    expect(new Set(turns.map(({ number }) => number))).toEqual(new Set([2]));
    expect(await numbers()).toEqual(['1', '2']);
  });

  it('get no number where the start is refused', async () => {
    await start(OLD);
    await push();
    await useCases.deployVersion({
      actor: { workspaceId: workspace.id, userId: 'U0DEV', via: 'slack' },
      workflow: 'flow',
    });
    const refused = start('environments: [{ name: staging }, { name: production }]');
    await expect(refused).rejects.toThrow('development');
    expect(await numbers()).toEqual(['1']);
    expect((await start(OLD)).turn).toEqual({ kind: 'newest', number: 1 });
  });
});

describe('a file that another one followed', () => {
  it('is not applied: nothing of it, and the answer names both numbers', async () => {
    await start(OLD);
    await start(NEW);
    expect(await start(OLD)).toEqual({
      subjects: [],
      turn: { kind: 'superseded', number: 1, newest: 2 },
      missingWorkflows: [],
    });
    expect(await channel()).toBe('C0NEW');
    expect((await read((tx) => tx.people.get('U0OLD'))).role).toBe('member');
    expect(await numbers()).toEqual(['1', '2']);
  });

  it('never wins, whatever starts beside it: ten old processes and ten new ones at once', async () => {
    await start(OLD);
    const turns = await Promise.all(
      shuffled(times(20).map((i) => (i < 10 ? OLD : NEW))).map(async (text) => (await start(text)).turn),
    );
    expect(turns.filter(({ kind }) => kind === 'next')).toHaveLength(1);
    expect(await channel()).toBe('C0NEW');
    expect(await numbers()).toEqual(['1', '2']);
  });

  it('is applied under a new number where it is forced, and what followed it is then superseded itself', async () => {
    await start(OLD);
    await start(NEW);
    expect(await start(OLD, true)).toMatchObject({
      subjects: ['environment:staging', 'settings'],
      turn: { kind: 'next', number: 3, forced: true },
    });
    expect(await channel()).toBe('C0OLD');
    expect((await start(OLD)).turn).toEqual({ kind: 'newest', number: 3 });
    expect((await start(NEW)).turn).toEqual({ kind: 'superseded', number: 2, newest: 3 });
    expect(await numbers()).toEqual(['1', '2', '3 forced']);
  });

  it('forced by twenty processes at once gets one number', async () => {
    await start(OLD);
    await start(NEW);
    const turns = await Promise.all(times(20).map(async () => (await start(OLD, true)).turn));
    expect(turns.filter(({ kind }) => kind === 'next')).toHaveLength(1);
    expect(await numbers()).toEqual(['1', '2', '3 forced']);
  });
});

describe('what processes read of the file while they run', () => {
  it('is the newest one’s: a workflow pushed to any of them gets what that gives it', async () => {
    await start(OLD);
    await start(NEW);
    await start(OLD);
    await push();
    expect(await modelOf('flow')).toBe('model-NEW');
    expect((await read((tx) => tx.configurationFile.content()))?.runs.keep).toBe(40 * 24 * 3_600_000);
  });

  it('is kept of the newest alone', async () => {
    await start(OLD);
    await start(NEW);
    const kept = await database.sql(
      'SELECT number FROM configuration_file WHERE workspace_id = $1 AND content IS NOT NULL',
      [workspace.id],
    );
    expect(kept).toEqual([{ number: 2 }]);
  });

  it('gives a workflow whose first push is under way when another file comes what that one says', async () => {
    const silent = file('OLD', 20).replace(/workflows: .* }$/m, 'workflows: {} }');
    await start(silent);
    let starting: Promise<unknown> = Promise.resolve();
    await database.ports.inTransaction(workspace.id, async (tx) => {
      const about = { department: null, ownerId: 'U0DEV', format: 'plain', createdBy: 'U0DEV' };
      await giveNewWorkflow(tx, await tx.workflows.create({ slug: 'flow', ...about }));
      let isOver = false;
      starting = start(silent.replace('workflows: {}', 'workflows: { flow: { model: model-NEW } }')).finally(() => {
        isOver = true;
      });
      const waits = () =>
        database.sql(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`);
      await expect.poll(async () => isOver || (await waits()).length > 0, { timeout: 5000 }).toBe(true);
    });
    await starting;
    expect(await modelOf('flow')).toBe('model-NEW');
  });

  it('gives workflows that are pushed beside starts what the newest says, whoever is first', async () => {
    await start(OLD);
    const acts = [...SLUGS.map((slug) => () => push(slug)), ...times(10).map(() => () => start(NEW))];
    await Promise.all(shuffled(acts).map((act) => act()));
    for (const slug of SLUGS) expect(await modelOf(slug)).toBe('model-NEW');
  });
});

describe('workflows that the file names', () => {
  it('are told apart from those that nobody pushed yet, once each', async () => {
    const text = `environments:
  - { name: development, workflows: { there: { model: a }, typo: { model: b } } }
  - { name: staging, workflows: { typo: { model: c }, later: { model: d } } }
`;
    await start('environments: [{ name: development }, { name: staging }]');
    await push('there');
    expect((await start(text)).missingWorkflows).toEqual(['typo', 'later']);
    await push('typo');
    expect((await start(text)).missingWorkflows).toEqual(['later']);
  });
});
