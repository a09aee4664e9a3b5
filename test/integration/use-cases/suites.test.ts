import { beforeEach, describe, expect, it } from 'vitest';
import { InvalidDefinitionError } from '../../../src/domain/workflow/invalid-definition-error.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { askMore, verdictOf } from '../../support/use-cases/ask-more.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { settingsActs } from '../../support/use-cases/settings-acts.ts';
import { type SuiteActs, suiteActs, suiteOf } from '../../support/use-cases/suite-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let acts: SuiteActs;
withCanal((fresh) => {
  ({ db, canal } = fresh);
  acts = suiteActs(fresh);
});
const { byFile } = settingsActs(() => canal);
const RUNNER = { runner: { kind: 'http', url: 'https://runner.example.com', shadowSafe: true } } as const;
const TESTS = { minPassRate: 0.8, maxAge: 7 * 86_400_000 };

beforeEach(async () => {
  await canal.reach('development', 'one');
});

const shown = () => canal.useCases.showSuite({ workspaceId: canal.workspaceId, workflow: 'summarize-flow' });
const test = (more: { by?: string; environment?: string; version?: string; kind?: 'shadow' } = {}) => {
  const { by = 'U0DEV', ...asked } = more;
  return canal.useCases.testVersion({ actor: canal.as(by), workflow: 'summarize-flow', ...asked });
};
const runs = () =>
  canal.useCases.listSuiteRuns({
    ...{ workspaceId: canal.workspaceId, workflow: 'summarize-flow', page: { limit: 20 } },
  });

describe('a suite of a workflow', () => {
  it('is kept as it was given, once however often it is saved, and told to the audit', async () => {
    await expect(shown()).rejects.toMatchObject({ code: 'no_suite' });
    expect(await acts.save(suiteOf(2))).toMatchObject({ number: 1, created: true, cases: 2, name: 'tests' });
    expect(await acts.save(suiteOf(2))).toMatchObject({ number: 1, created: false });
    expect(await acts.save(suiteOf(3, 'name: smoke\n'))).toMatchObject({ number: 2, created: true, name: 'smoke' });
    expect(await shown()).toMatchObject({ number: 2, source: suiteOf(3, 'name: smoke\n'), cases: 3, savedBy: 'U0DEV' });
    const { items } = await canal.useCases.listAudit({
      ...{ workspaceId: canal.workspaceId, action: 'suite.saved', limit: 10 },
    });
    expect(items.map(({ actor, after }) => [actor, (after as { number: number }).number])).toEqual([
      ['U0DEV', 2],
      ['U0DEV', 1],
    ]);
    expect(JSON.stringify(items)).not.toContain('contains');
  });

  it('is masked of secrets before it is kept, and says where they stood', async () => {
    const key = ['sk-proj', 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ'].join('-');
    const source = `cases:\n  - name: one\n    input: { apiKey: "${key}" }\n    assert: [{ type: contains, value: x }]\n`;
    const saved = await canal.useCases.saveSuite({ actor: canal.as('U0DEV'), workflow: 'summarize-flow', source });
    expect(saved.masked).toMatchObject({ secrets: [{ line: 3 }], more: 0 });
    expect((await shown()).source).not.toContain(key);
    expect(await db.sql('SELECT 1 FROM suite_revision WHERE source LIKE $1', [`%${key}%`])).toEqual([]);
  });

  it('is refused with every problem and its line', async () => {
    const error = await acts.save('cases:\n  - { name: a, input: 1, assert: [{ type: contain, value: x }] }\n').then(
      () => null,
      (one: unknown) => one,
    );
    expect(error).toBeInstanceOf(InvalidDefinitionError);
    expect((error as InvalidDefinitionError).problems).toMatchObject([{ line: 2 }]);
    await expect(shown()).rejects.toMatchObject({ code: 'no_suite' });
  });

  it('is kept with the 50 before it, and those that are still to be run', async () => {
    await acts.save(suiteOf(1, 'name: n0\n'));
    await byFile('development', RUNNER);
    await test();
    for (let nth = 1; nth <= 52; nth++) await acts.save(suiteOf(1, `name: n${nth}\n`));
    const rows = await db.sql<{ number: number }>(
      'SELECT number FROM suite_revision WHERE workspace_id = $1 ORDER BY number',
      [canal.workspaceId],
    );
    expect(rows.map(({ number }) => number)).toEqual([1, ...Array.from({ length: 50 }, (_, i) => i + 4)]);
  });

  it('is saved by whoever may push the workflow, and by nobody else', async () => {
    await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0MAX', role: 'viewer', departments: [] });
    await expect(acts.save(suiteOf(1), 'U0MAX')).rejects.toMatchObject({ code: 'not_permitted' });
  });
});

describe('a run that somebody asks for', () => {
  beforeEach(async () => {
    await acts.save(suiteOf(2));
    await byFile('development', RUNNER);
    await byFile('staging', RUNNER);
  });

  it('is of the newest version in the first environment unless somebody says otherwise', async () => {
    await canal.push('two');
    expect(await test()).toMatchObject({
      ...{ already: false, state: 'queued', total: 2, version: { number: 2 }, environment: { name: 'development' } },
      ...{ suite: 1, askedBy: 'U0DEV', budget: 5, promotionId: null },
      results: [{ kind: 'tests', name: 'tests', state: 'running', detail: 'waits for its turn' }],
    });
    expect(await test({ environment: 'stg', version: 'v1' })).toMatchObject({
      ...{ version: { number: 1 }, environment: { name: 'staging' } },
    });
  });

  it('is of what an open promotion proposes there, and ends with it', async () => {
    const id = await canal.open('staging');
    await canal.push('two');
    const run = await test({ environment: 'staging' });
    expect(run).toMatchObject({ version: { number: 1 }, promotionId: id });
    await canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId: id });
    expect((await runs()).items).toMatchObject([
      { id: run.id, state: 'stopped', detail: 'It was stopped, since its promotion was closed.' },
    ]);
    await acts.workAll();
    expect((await runs()).items).toMatchObject([{ state: 'stopped', done: 0 }]);
  });

  it('is shown instead of being put in the queue twice', async () => {
    const first = await test();
    expect(await test({ by: 'U0LEE' })).toMatchObject({ id: first.id, already: true, askedBy: 'U0DEV' });
    expect(await acts.queued()).toHaveLength(1);
    const both = await Promise.all([test({ environment: 'stg' }), test({ environment: 'stg', by: 'U0LEE' })]);
    expect(both.map(({ already }) => already).sort()).toEqual([false, true]);
  });

  it('waits in a queue of its environment’s own', async () => {
    await test();
    await test({ environment: 'staging' });
    const queues = (await acts.queued()).map(({ queue }) => queue);
    expect(new Set(queues).size).toBe(2);
  });

  it('is refused without a suite, a runner or somebody who may', async () => {
    await byFile('development', { runner: 'ours' });
    await expect(test()).rejects.toMatchObject({
      code: 'no_runner',
      userMessage: expect.stringContaining('only name a runner of your own, “ours”'),
    });
    await canal.push('else', 'other-flow');
    const other = { actor: canal.as('U0DEV'), workflow: 'other-flow' };
    await expect(canal.useCases.testVersion(other)).rejects.toMatchObject({ code: 'no_suite' });
    await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0MAX', role: 'viewer', departments: [] });
    await expect(test({ by: 'U0MAX', environment: 'stg' })).rejects.toMatchObject({ code: 'not_permitted' });
  });

  it('may be asked for by whoever approves there, whatever their role', async () => {
    await canal.useCases.assignRole({ actor: canal.as('U0ADA'), userId: 'U0MAX', role: 'viewer', departments: [] });
    await askMore(db, canal, 'staging', { approvals: [{ people: ['U0MAX'], count: 1 }] });
    expect(await test({ by: 'U0MAX', environment: 'stg' })).toMatchObject({ already: false });
    await expect(test({ by: 'U0MAX' })).rejects.toMatchObject({ code: 'not_permitted' });
  });

  it('is stopped by who may ask for one, once, and then says so in its result', async () => {
    const { id } = await test({ environment: 'stg' });
    expect(await canal.useCases.stopSuiteRun({ actor: canal.as('U0LEE'), id })).toMatchObject({
      ...{ changed: true, state: 'stopped', results: [{ state: 'errored', detail: 'Somebody stopped it.' }] },
    });
    expect(await canal.useCases.stopSuiteRun({ actor: canal.as('U0DEV'), id })).toMatchObject({ changed: false });
    const unknown = { actor: canal.as('U0DEV'), id: '00000000-0000-4000-8000-000000000000' };
    await expect(canal.useCases.stopSuiteRun(unknown)).rejects.toMatchObject({ code: 'unknown_suite_run' });
  });

  it('is kept with the newest 50 of its workflow and environment', async () => {
    for (let nth = 0; nth < 52; nth++) {
      const { id } = await test();
      await canal.useCases.stopSuiteRun({ actor: canal.as('U0DEV'), id });
    }
    await test({ environment: 'staging' });
    const [{ count } = { count: 0 }] = await db.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM suite_run r JOIN environment e ON e.id = r.environment_id
       WHERE r.workspace_id = $1 AND e.name = 'development'`,
      [canal.workspaceId],
    );
    expect(count).toBe(50);
  });
});

describe('a promotion that asks for tests', () => {
  const told = async (id: string) => verdictOf(canal, id, 'tests');

  beforeEach(async () => {
    await askMore(db, canal, 'staging', { tests: TESTS });
    await byFile('staging', RUNNER);
  });

  it('has the suite run by itself when it opens, once', async () => {
    await acts.save(suiteOf(2));
    const id = await canal.open('staging');
    expect((await runs()).items).toMatchObject([
      { state: 'queued', askedBy: 'clock', promotionId: id, budget: 5, environment: { name: 'staging' } },
    ]);
    expect(await told(id)).toMatchObject({ state: 'pending', detail: 'waits for its turn' });
    await acts.judge();
    await canal.approve('U0LEE', id);
    expect((await runs()).items).toHaveLength(1);
  });

  it('has it run once it is saved, where there was none', async () => {
    const id = await canal.open('staging');
    expect((await runs()).items).toEqual([]);
    await acts.save(suiteOf(2));
    await acts.judge();
    expect((await runs()).items).toMatchObject([{ promotionId: id, suite: 1 }]);
  });

  it('is content with what was found out shortly before', async () => {
    await acts.save(suiteOf(2));
    const { id } = await test({ environment: 'staging', version: 'v1' });
    await db.sql("UPDATE suite_run SET state = 'completed', ended_at = now() WHERE id = $1", [id]);
    await canal.open('staging');
    expect((await runs()).items).toHaveLength(1);
  });

  it('runs nothing by itself where its policy says so', async () => {
    await askMore(db, canal, 'staging', { suites: { onOpen: false, budget: 1 } });
    await acts.save(suiteOf(2));
    await canal.open('staging');
    expect((await runs()).items).toEqual([]);
  });
});
