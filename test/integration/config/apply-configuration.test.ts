import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TowpathConfiguration } from '../../../src/domain/configuration/configuration.ts';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { makeApplyConfiguration } from '../../../src/use-cases/apply-configuration.ts';
import { makeUseCases } from '../../../src/use-cases/make-use-cases.ts';
import type { UseCases } from '../../../src/use-cases/use-cases.ts';
import { openTestPersistence, type TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestDocuments } from '../../support/documents/with-test-documents.ts';
import { testSecrets } from '../../support/secrets/test-secrets.ts';

const PIPELINE = `environments:
  - { name: development, aliases: [dev] }
  - { name: staging, channel: C0STAGING, approvals: [{ role: lead, count: 2 }] }
  - { name: production }
`;
const PEOPLE = 'people: { U0LEE: lead, U0LIV: lead, U0LOU: lead }\n';
const yaml = (text: string): TowpathConfiguration => parseTowpathYaml(text, { fileName: 'towpath.yaml' });

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
  workspace = { id: `T0WS${workspaces}`, name: 'Canal', botUserId: 'U0BOT' };
});
afterAll(() => database.end());

const start = (text: string, admins: string[] = [], force = false) =>
  makeApplyConfiguration(database.ports)({ workspace, configuration: yaml(text), admins, force });
const apply = async (text: string, admins: string[] = []) => (await start(text, admins)).subjects;
const actor = (userId: string) => ({ workspaceId: workspace.id, userId, via: 'slack' as const });
const read = <T>(look: Parameters<typeof database.ports.reading<T>>[1]) => database.ports.reading(workspace.id, look);
const changes = async () =>
  (await useCases.listAudit({ workspaceId: workspace.id, action: 'settings.changed', limit: 100 })).items.reverse();

/** A workflow under review for staging, approved by the given leads. */
async function underReview(slug: string, approvedBy: string[]): Promise<string> {
  await useCases.pushVersion({ actor: actor('U0DEV'), source: `steps: [${slug}]`, workflow: slug });
  await useCases.deployVersion({ actor: actor('U0DEV'), workflow: slug });
  const asked = await useCases.requestPromotion({ actor: actor('U0DEV'), workflow: slug, environment: 'staging' });
  if (asked.kind !== 'opened') throw new Error(`Not opened but ${asked.kind}.`);
  for (const userId of approvedBy)
    await useCases.approvePromotion({ actor: actor(userId), choice: { promotionId: asked.promotion.id } });
  return asked.promotion.id;
}
const show = (promotionId: string) => useCases.showPromotion({ workspaceId: workspace.id, promotionId });
const refreshes = async (promotionId: string) =>
  (
    await database.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM graphile_worker._private_jobs WHERE payload::text LIKE $1`,
      [`%${promotionId}%`],
    )
  )[0]?.n ?? 0;

describe('the first start', () => {
  it('creates the workspace with its pipeline, people and departments, and audits all of it', async () => {
    expect(
      await apply(`departments: [support]\n${PIPELINE}people: { U0LEE: { role: lead, departments: [support] } }\n`, [
        'U0ADA',
      ]),
    ).toEqual(['environment:development', 'environment:staging', 'environment:production', 'settings']);
    const { pipeline, lee, ada } = await read(async (tx) => ({
      pipeline: await tx.environments.pipeline(),
      lee: await tx.people.get('U0LEE'),
      ada: await tx.people.get('U0ADA'),
    }));
    expect(pipeline.map(({ name, rank, channel }) => ({ name, rank, channel }))).toEqual([
      { name: 'development', rank: 0, channel: null },
      { name: 'staging', rank: 1, channel: 'C0STAGING' },
      { name: 'production', rank: 2, channel: null },
    ]);
    expect(lee).toMatchObject({ role: 'lead', departments: ['support'], managedByFile: true });
    expect(ada).toMatchObject({ role: 'admin', managedByFile: true });
    const audited = await changes();
    expect(audited.map(({ actor: by, via, subject }) => [by, via, subject])).toEqual([
      ['file', 'file', 'environment:development'],
      ['file', 'file', 'environment:staging'],
      ['file', 'file', 'environment:production'],
      ['file', 'file', 'settings'],
    ]);
    expect(audited[1]).toMatchObject({ before: null, after: { policy: { approvals: [{ role: 'lead', count: 2 }] } } });
    expect(audited[3]).toMatchObject({ after: { departments: ['support'], people: { U0ADA: { role: 'admin' } } } });
  });

  it('of twenty processes at once applies and audits it once', async () => {
    const subjects = await Promise.all(Array.from({ length: 20 }, () => apply(PIPELINE + PEOPLE)));
    expect(subjects.filter((list) => list.length > 0)).toHaveLength(1);
    expect(await changes()).toHaveLength(4);
  });
});

describe('a later start', () => {
  it('with the same file writes nothing', async () => {
    await apply(PIPELINE + PEOPLE, ['U0ADA']);
    const before = await changes();
    expect(await apply(PIPELINE + PEOPLE, ['U0ADA'])).toEqual([]);
    expect(await changes()).toEqual(before);
  });

  it('with another file audits only what differs, with before and after', async () => {
    await apply(PIPELINE + PEOPLE);
    const subjects = await apply(`${PIPELINE.replace('C0STAGING', 'C0OTHER')}people: { U0LEE: lead, U0LIV: admin }\n`);
    expect(subjects).toEqual(['environment:staging', 'settings']);
    expect((await changes()).slice(-2)).toMatchObject([
      { subject: 'environment:staging', before: { channel: 'C0STAGING' }, after: { channel: 'C0OTHER' } },
      {
        subject: 'settings',
        before: { people: { U0LIV: { role: 'lead' }, U0LOU: { role: 'lead' } } },
        after: { people: { U0LIV: { role: 'admin' }, U0LOU: null } },
      },
    ]);
    expect(await read((tx) => tx.people.get('U0LOU'))).toMatchObject({ role: 'member', managedByFile: false });
  });

  it('tells the channel of each environment what it makes other there', async () => {
    await apply(PIPELINE + PEOPLE);
    const id = await read(async (tx) => (await tx.environments.pipeline())[1]?.id ?? '');
    const told = async () =>
      (await read((tx) => tx.announcements.listOf(id, 'notice'))).map(({ target, payload }) => [
        target,
        payload['text'],
      ]);
    expect(await told()).toEqual([]);
    await apply(PIPELINE.replace('count: 2', 'count: 1').replace('staging, ', 'staging, aliases: [stg], ') + PEOPLE);
    const lines = ['staging now asks for 1 lead; it asked for 2 leads.', 'Short names of staging: stg.'];
    expect(await told()).toEqual([
      ['C0STAGING', `The configuration file changed *staging*:\n${lines.map((line) => `• ${line}`).join('\n')}`],
    ]);
  });

  it('of twenty processes at once applies a change once, while people go on acting', async () => {
    await apply(PIPELINE + PEOPLE);
    await underReview('busy', []);
    const acts = Array.from({ length: 10 }, (_, i) =>
      useCases.pushVersion({ actor: actor('U0DEV'), source: `n: ${i}`, workflow: 'busy' }),
    );
    const starts = Array.from({ length: 20 }, () => apply(PIPELINE.replace('count: 2', 'count: 1') + PEOPLE));
    const [subjects] = await Promise.all([Promise.all(starts), Promise.all(acts)]);
    expect(subjects.filter((list) => list.length > 0)).toEqual([['environment:staging']]);
  });

  it('counts TOWPATH_ADMINS as admins whatever the file says of them', async () => {
    await apply(`${PIPELINE}people: { U0ADA: viewer }\n`, ['U0ADA']);
    expect(await read((tx) => tx.people.get('U0ADA'))).toMatchObject({
      role: 'admin',
      departments: [],
      managedByFile: true,
    });
  });
});

describe('open promotions', () => {
  it('have their card say so when the policy that approvals are bound to moves', async () => {
    await apply(PIPELINE + PEOPLE);
    const id = await underReview('flow', ['U0LEE']);
    await database.sql('DELETE FROM graphile_worker._private_jobs');
    await apply(PIPELINE.replace('role: lead, count: 2', 'role: admin, count: 1') + PEOPLE);
    const { status, approvals, requirements } = await show(id);
    expect(status).toBe('open');
    expect(approvals).toMatchObject([{ by: 'U0LEE', counts: false, since: { moved: ['policy'] } }]);
    expect(requirements).toMatchObject([{ state: 'pending', summary: 'Approval by 1 admin' }]);
    expect(await refreshes(id)).toBeGreaterThan(0);
    const stories = await read((tx) => tx.announcements.listOf(id, 'promotion-story'));
    expect(stories.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({
        event: 'review-changed',
        lines: ['staging now asks for 1 admin; it asked for 2 leads.'],
      }),
    );
  });

  it('are left alone when only channel, badge or webhooks move', async () => {
    await apply(PIPELINE + PEOPLE);
    const id = await underReview('flow', ['U0LEE']);
    await apply(PIPELINE.replace('channel: C0STAGING', 'channel: C0OTHER, badge: red') + PEOPLE);
    expect((await show(id)).approvals).toMatchObject([{ by: 'U0LEE', counts: true }]);
    const stories = await read((tx) => tx.announcements.listOf(id, 'promotion-story'));
    expect(stories.map(({ payload }) => payload['event'])).not.toContain('review-changed');
  });

  it('no longer count an approval by somebody whom the file demotes', async () => {
    await apply(PIPELINE + PEOPLE);
    const id = await underReview('flow', ['U0LEE']);
    await apply(`${PIPELINE}people: { U0LEE: member, U0LIV: lead, U0LOU: lead }\n`);
    expect((await show(id)).approvals).toMatchObject([{ by: 'U0LEE', counts: false }]);
  });

  it('deploy where the file asks nobody any more: that was what was missing (rule 6)', async () => {
    await apply(PIPELINE + PEOPLE);
    const id = await underReview('flow', []);
    await apply(PIPELINE.replace('[{ role: lead, count: 2 }]', '[]') + PEOPLE);
    expect(await show(id)).toMatchObject({ status: 'deployed', deployment: { active: true } });
  });
});

describe('a pipeline that would break what is there', () => {
  const problemsOf = async (text: string) => {
    const error = await apply(text).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InvalidConfigurationError);
    return (error as InvalidConfigurationError).problems;
  };
  const WITHOUT_STAGING = 'environments: [{ name: development }, { name: production }]\n';

  it('is refused where something is live in what it removes, naming it, and nothing is changed', async () => {
    await apply(PIPELINE + PEOPLE);
    for (const slug of ['one', 'two', 'three', 'four', 'five', 'six']) {
      await useCases.pushVersion({ actor: actor('U0DEV'), source: `steps: [${slug}]`, workflow: slug });
      await useCases.deployVersion({ actor: actor('U0DEV'), workflow: slug });
    }
    const before = await changes();
    expect(await problemsOf('environments: [{ name: staging }, { name: production }]\ndepartments: [support]')).toEqual(
      [
        {
          where: 'development',
          message: expect.stringMatching(
            /can't be removed while five, four, one, six, three and 1 more are live in it/,
          ),
        },
      ],
    );
    expect(await changes()).toEqual(before);
    expect((await read((tx) => tx.workspace.getSettings())).departments).toEqual([]);
  });

  it('is refused where it removes or passes an environment that is under review', async () => {
    await apply(PIPELINE + PEOPLE);
    await underReview('flow', []);
    expect(await problemsOf(WITHOUT_STAGING)).toEqual([
      { where: 'environments', message: expect.stringContaining('flow (development → staging)') },
    ]);
    for (const order of ['development, qa, staging, production', 'staging, development, production']) {
      const environments = order.split(', ').map((name) => `{ name: ${name} }`);
      expect(await problemsOf(`environments: [${environments.join(', ')}]`)).toEqual([
        { where: 'environments', message: expect.stringContaining('flow (development → staging)') },
      ]);
    }
  });

  it('is taken once nothing stands in the way, and an environment that comes back is the same one', async () => {
    await apply(PIPELINE + PEOPLE);
    const id = await underReview('flow', []);
    await useCases.cancelPromotion({ actor: actor('U0DEV'), promotionId: id });
    const staging = (await read((tx) => tx.environments.pipeline()))[1];
    expect(await apply(WITHOUT_STAGING + PEOPLE)).toContain('environment:staging');
    expect((await read((tx) => tx.environments.pipeline())).map(({ name }) => name)).toEqual([
      'development',
      'production',
    ]);
    await start(PIPELINE + PEOPLE, [], true);
    expect((await read((tx) => tx.environments.pipeline()))[1]).toEqual(staging);
  });

  it('may gain an environment between two others, or at the end', async () => {
    await apply(PIPELINE + PEOPLE);
    await underReview('flow', []);
    const longer = `${PIPELINE.replace('  - { name: production }', '  - { name: canary }\n  - { name: production }\n  - { name: edge }')}`;
    await apply(longer + PEOPLE);
    expect((await read((tx) => tx.environments.pipeline())).map(({ name }) => name)).toEqual([
      'development',
      'staging',
      'canary',
      'production',
      'edge',
    ]);
  });
});
