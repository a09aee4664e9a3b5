import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { type Answer, json, type LocalServer, startLocalServer } from '../../support/runners/start-local-server.ts';
import { askMore, verdictOf } from '../../support/use-cases/ask-more.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { settingsActs } from '../../support/use-cases/settings-acts.ts';
import { type SuiteActs, suiteActs, suiteOf } from '../../support/use-cases/suite-acts.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

let db: TestPersistence;
let canal: Canal;
let acts: SuiteActs;
let server: LocalServer;
let answer: Answer;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
const { byFile } = settingsActs(() => canal);
const runner = (shadowSafe = true) => ({ runner: { kind: 'http' as const, url: `${server.url}/run`, shadowSafe } });
/** Answers that begin alike, but for inputs whose `n` is one of these. */
const unlike =
  (...ns: number[]): Answer =>
  (response, request) => {
    const { version, input } = JSON.parse(request.body);
    const isOther = version === 2 && ns.includes(input.n);
    json({ output: isOther ? 'I refuse to say anything.' : 'It is fine, as it was before.' })(response, request);
  };

beforeEach(async () => {
  answer = unlike();
  server = await startLocalServer((response, request) => answer(response, request));
  acts = suiteActs({ db, canal }, { origins: [server.url] });
  await byFile('staging', runner());
  await canal.reach('staging', 'one');
  await canal.reach('development', 'two');
  await askMore(db, canal, 'staging', { shadow: { sample: 4, minSimilarity: 0.85, maxDivergence: 0.25 } });
});
afterEach(async () => {
  await acts.work.stop();
  await server.stop();
});

const verdict = (id: string) => verdictOf(canal, id, 'shadow');
const newest = async () => {
  const { items } = await canal.useCases.listSuiteRuns({
    ...{ workspaceId: canal.workspaceId, workflow: 'summarize-flow', page: { limit: 1 } },
  });
  return canal.useCases.showSuiteRun({ workspaceId: canal.workspaceId, id: items[0]?.id ?? '' });
};
const keepRun = async (environment: string, version: number, runId: string, input: { n: number }) => {
  await db.sql('UPDATE environment SET run_payloads = true WHERE workspace_id = $1 AND name = $2', [
    canal.workspaceId,
    environment,
  ]);
  const report = {
    ...{ runId, workflow: 'summarize-flow', version, environment },
    started: new Date(),
    durationMs: 5,
    outcome: 'succeeded' as const,
    input,
  };
  return canal.useCases.recordRuns({ workspaceId: canal.workspaceId, within: null, reports: [report] });
};
const replayed = () =>
  server.requests
    .map(({ body }) => JSON.parse(body))
    .filter(({ version }) => version === 2)
    .map(({ input }) => input.n);

describe('a replay that a promotion asks for', () => {
  it('gives both versions the same inputs without effects, and deploys where they answer alike', async () => {
    await acts.save(suiteOf(6));
    const id = await canal.open('staging');
    await canal.approve('U0LEE', id);
    expect(await verdict(id)).toMatchObject({ state: 'pending', detail: 'waits for its turn' });
    await acts.workAll();
    const asked = server.requests.map(({ body }) => JSON.parse(body));
    expect(asked.every(({ shadow }) => shadow === true)).toBe(true);
    expect(asked.map(({ version, input }) => `v${version} ${input.n}`).sort()).toEqual(
      [1, 2].flatMap((version) => [1, 2, 3, 4].map((n) => `v${version} ${n}`)),
    );
    expect(await newest()).toMatchObject({
      kind: 'shadow',
      state: 'completed',
      total: 4,
      done: 4,
      passed: 4,
      failed: 0,
    });
    await acts.judge();
    expect(await canal.live('staging')).toBe(2);
  });

  it('keeps examples of what diverged', async () => {
    answer = unlike(1, 2);
    await acts.save(suiteOf(4));
    const id = await canal.open('staging');
    await acts.workAll();
    expect(await verdict(id)).toMatchObject({
      state: 'failed',
      summary: expect.stringContaining('50% of 4 answers diverged'),
    });
    expect((await newest()).cases).toMatchObject([
      {
        state: 'diverged',
        live: 'It is fine, as it was before.',
        output: 'I refuse to say anything.',
        input: '{"n":1}',
      },
      { state: 'diverged', input: '{"n":2}' },
    ]);
  });

  it('takes inputs of recent runs of the live version first, then of the environment before, then of the suite', async () => {
    await acts.save(suiteOf(9));
    expect(await keepRun('staging', 1, 'a', { n: 71 })).toMatchObject({ accepted: 1 });
    expect(await keepRun('staging', 1, 'b', { n: 71 })).toMatchObject({ accepted: 1 });
    expect(await keepRun('development', 2, 'c', { n: 81 })).toMatchObject({ accepted: 1 });
    await canal.open('staging');
    await acts.workAll();
    expect(new Set(replayed())).toEqual(new Set([71, 81, 1, 2]));
  });

  it('says so where there is nothing to replay', async () => {
    const id = await canal.open('staging');
    await acts.workAll();
    expect(await verdict(id)).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('no inputs to replay'),
    });
  });

  it('is not begun by a runner that may have effects, and says what to do', async () => {
    await byFile('staging', runner(false));
    await acts.save(suiteOf(4));
    const id = await canal.open('staging');
    await acts.workAll();
    expect(server.requests).toEqual([]);
    expect(await verdict(id)).toMatchObject({ state: 'failed', detail: expect.stringContaining('shadowSafe: true') });
    await acts.judge();
    expect(await acts.queued()).toEqual([]);
    await byFile('staging', runner());
    const again = { actor: canal.as('U0LEE'), workflow: 'summarize-flow', environment: 'stg', kind: 'shadow' } as const;
    expect(await canal.useCases.testVersion(again)).toMatchObject({ kind: 'shadow', promotionId: id, total: 4 });
    await acts.workAll();
    expect(await verdict(id)).toMatchObject({ state: 'met' });
  });

  it('is made anew once something else is live', async () => {
    await acts.save(suiteOf(4));
    await canal.approve('U0LEE', await canal.open('staging'));
    await acts.workAll();
    await acts.judge();
    expect(await canal.live('staging')).toBe(2);
    await canal.reach('development', 'three');
    const id = await canal.open('staging');
    await acts.workAll();
    const first = await newest();
    expect(await verdict(id)).toMatchObject({ state: 'met' });
    await canal.rollBack('staging');
    await acts.judge();
    const second = await newest();
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ kind: 'shadow', state: 'queued', promotionId: id });
  });

  it('counts beside what it was compared with alone, and is not made twice for that', async () => {
    await askMore(db, canal, 'staging', { approvals: [] });
    await acts.save(suiteOf(4));
    const id = await canal.open('staging');
    await acts.workAll();
    expect(await verdict(id)).toMatchObject({ state: 'met' });
    await canal.useCases.cancelPromotion({ actor: canal.as('U0DEV'), promotionId: id });
    await canal.reach('development', 'three');
    await canal.open('staging');
    await acts.workAll();
    await acts.judge();
    expect(await canal.live('staging')).toBe(3);
    // v2 was compared with v1, and never with v3.
    await canal.deploy('v2');
    const again = await canal.open('staging');
    expect(await verdict(again)).toMatchObject({ state: 'pending', detail: 'waits for its turn' });
    await canal.rollBack('staging');
    await acts.judge();
    expect(await canal.live('staging')).toBe(2);
  });

  it('is not needed where nothing is live', async () => {
    await askMore(db, canal, 'production', { shadow: { sample: 4, minSimilarity: 0.85 } });
    const id = await canal.open('production', 'U0DEV');
    expect(await verdict(id)).toMatchObject({ state: 'met' });
    expect(await acts.queued()).toEqual([]);
  });

  it('is made in the environment before where a soak asks how much it diverges there', async () => {
    await canal.approve('U0ADA', await canal.open('production'));
    await acts.save(suiteOf(4));
    await canal.approve('U0LEE', await canal.open('staging'));
    await acts.workAll();
    await acts.judge();
    const before = await newest();
    const soak = { for: 1, maxDivergence: 0.1 };
    await askMore(db, canal, 'production', { soak });
    const id = await canal.open('production');
    const told = () => verdictOf(canal, id, 'soak');
    expect(await told()).toMatchObject({ state: 'pending' });
    expect(await newest()).toMatchObject({ kind: 'shadow', environment: { name: 'staging' }, promotionId: id });
    expect((await newest()).id).not.toBe(before.id);
    await acts.workAll();
    expect(await told()).toMatchObject({ state: 'met' });
    await acts.judge();
    expect(await acts.queued()).toEqual([]);
  });

  it('in the environment before counts beside what is live now, and is made anew once that is something else', async () => {
    await canal.approve('U0ADA', await canal.open('production'));
    await acts.save(suiteOf(4));
    const toStaging = async () => {
      await canal.approve('U0LEE', await canal.open('staging'));
      await acts.workAll();
      await acts.judge();
    };
    await toStaging();
    await canal.approve('U0ADA', await canal.open('production'));
    await canal.reach('development', 'three');
    await toStaging();
    await askMore(db, canal, 'production', { soak: { for: 1, maxDivergence: 0.1 } });
    const id = await canal.open('production');
    const told = () => verdictOf(canal, id, 'soak');
    await acts.workAll();
    expect(await told()).toMatchObject({ state: 'met' });
    await canal.rollBack('production');
    expect(await told()).toMatchObject({ state: 'pending', detail: 'its runs there tell too little yet' });
    await acts.judge();
    await acts.workAll();
    expect(await told()).toMatchObject({ state: 'met' });
  });
});
