import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTicks } from '../../../src/adapters/jobs/start-ticks.ts';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { openPersistence } from '../../support/database/open-test-persistence.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { askMore, letTimePass, stillOpen, verdictOf } from '../../support/use-cases/ask-more.ts';
import { times } from '../../support/use-cases/at-once.ts';
import { type Canal, canalOf, FLOW } from '../../support/use-cases/open-canal.ts';
import { withCanal } from '../../support/use-cases/with-canal.ts';

const [MINUTE, DAY] = [60_000, 86_400_000];

let db: TestPersistence;
let canal: Canal;
withCanal((fresh) => {
  ({ db, canal } = fresh);
});
beforeEach(() => canal.reach('development', 'one'));

const tick = () => canal.useCases.judgeDue(canal.workspaceId);
const judgeAtOf = async (id: string) =>
  (await db.sql<{ judge_at: Date | null }>('SELECT judge_at FROM promotion WHERE id = $1', [id]))[0]?.judge_at;
const openAt = async (inMilliseconds: number) => {
  const result = await canal.useCases.requestPromotion({
    ...{ actor: canal.as('U0DEV'), workflow: FLOW, environment: 'staging', at: { in: inMilliseconds } },
  });
  return result.kind === 'opened' ? result.promotion.id : result.kind;
};

describe('what only the clock can change', () => {
  it('is judged at the time that it may change, and not before', async () => {
    await askMore(db, canal, 'staging', { soak: { for: DAY } });
    const id = await canal.open('staging');
    await canal.approve('U0LEE', id);
    const [stretch] = await db.sql<{ started_at: Date }>(
      'SELECT s.started_at FROM deployment_stretch s WHERE s.workspace_id = $1',
      [canal.workspaceId],
    );
    expect(await judgeAtOf(id)).toEqual(new Date((stretch?.started_at.getTime() ?? 0) + DAY));
    expect(await tick()).toBe(0);
    await letTimePass(db, canal, DAY - MINUTE);
    expect(await tick()).toBe(0);
    await letTimePass(db, canal, MINUTE);
    expect(await tick()).toBe(1);
    expect(await canal.live('staging')).toBe(1);
  });

  it('is nothing where nothing has a time: no promotion is marked', async () => {
    const id = await canal.open('staging');
    expect(await judgeAtOf(id)).toBeNull();
    await canal.reject('U0LEE', id);
    expect(await tick()).toBe(0);
  });

  it('deploys as the clock, tells the thread, and brings the card up to date', async () => {
    const id = await openAt(3_600_000);
    await canal.approve('U0LEE', id);
    await letTimePass(db, canal, 3_600_000);
    await tick();
    expect(await canal.show(id)).toMatchObject({ status: 'deployed', closedBy: null });
    const [live] = await db.sql('SELECT deployed_by FROM deployment WHERE promotion_id = $1', [id]);
    expect(live).toEqual({ deployed_by: 'clock' });
    const stories = await db.sql<{ payload: unknown }>(
      "SELECT payload FROM announcement WHERE subject_id = $1 AND kind = 'promotion-story' ORDER BY seq",
      [id],
    );
    expect(stories.at(-1)?.payload).toMatchObject({ event: 'deployed', by: null });
  });

  it('that can’t be judged keeps no other from being judged, and is tried again a minute later', async () => {
    const id = await openAt(MINUTE);
    await canal.push('one', 'other-flow');
    await canal.deploy(undefined, 'other-flow');
    const other = await canal.useCases.requestPromotion({
      ...{ actor: canal.as('U0DEV'), workflow: 'other-flow', environment: 'staging', at: { in: MINUTE } },
    });
    if (other.kind !== 'opened') throw new Error(other.kind);
    await canal.approve('U0LEE', other.promotion.id);
    await letTimePass(db, canal, MINUTE);
    const failing: typeof db.ports = {
      ...db.ports,
      inTransaction: (workspaceId, work) =>
        db.ports.inTransaction(workspaceId, (tx) => {
          const { findHeld: find } = tx.promotions;
          const findHeld: typeof find = async (asked) => {
            if (asked === id) throw new Error('broken');
            return find(asked);
          };
          return work(Object.assign(tx, { promotions: { ...tx.promotions, findHeld } }));
        }),
    };
    await expect(canalOf(failing, canal.workspaceId).useCases.judgeDue(canal.workspaceId)).rejects.toThrow(
      'could not be',
    );
    expect((await canal.show(other.promotion.id)).status).toBe('deployed');
    expect((await judgeAtOf(id))?.getTime()).toBeGreaterThan(Date.now() + MINUTE / 2);
  });

  it('waits for a soak that began anew when the version came back to where it comes from', async () => {
    await askMore(db, canal, 'staging', { soak: { for: DAY } });
    const id = await canal.open('staging');
    await canal.approve('U0LEE', id);
    await canal.push('two');
    await canal.deploy();
    await tick();
    expect(await judgeAtOf(id)).toBeNull();
    await canal.deploy('v1');
    await letTimePass(db, canal, 1_000);
    await tick();
    expect((await judgeAtOf(id))?.getTime()).toBeGreaterThan(Date.now() + DAY - MINUTE);
    await letTimePass(db, canal, DAY);
    await tick();
    expect(await canal.live('staging')).toBe(1);
  });
});

describe('a scheduled promotion', () => {
  it('takes its approvals now and goes live at its time', async () => {
    const id = await openAt(2 * DAY);
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: false });
    expect(await stillOpen(canal, id)).toEqual(['schedule: pending']);
    await letTimePass(db, canal, 2 * DAY);
    await tick();
    expect(await canal.live('staging')).toBe(1);
  });

  it('does not expire before its time', async () => {
    const id = await openAt(30 * DAY);
    await canal.approve('U0LEE', id);
    await letTimePass(db, canal, 29 * DAY);
    await canal.useCases.expirePromotions(canal.workspaceId);
    await letTimePass(db, canal, DAY);
    await tick();
    expect((await canal.show(id)).status).toBe('deployed');
  });

  it('that lacks something at its time says so, once, to whoever asked and in the thread, and goes live once it is there', async () => {
    const id = await openAt(3_600_000);
    await letTimePass(db, canal, 3_600_000);
    await tick();
    await canal.useCases.lock({ actor: canal.as('U0DEV'), scope: FLOW, reason: 'wait' });
    await letTimePass(db, canal, MINUTE);
    await tick();
    const told = await db.sql<{ kind: string; target: string; text: string | null; lines: string[] | null }>(
      `SELECT kind, target, payload->>'text' AS text, payload->'lines' AS lines FROM announcement
       WHERE subject_id = $1 AND (kind = 'notice' OR payload->>'event' = 'schedule-missed') ORDER BY kind`,
      [id],
    );
    expect(told).toMatchObject([
      { kind: 'notice', target: 'U0DEV', text: expect.stringContaining('Approval by 1 lead') },
      { kind: 'promotion-story', lines: ['Approval by 1 lead'] },
    ]);
    await canal.useCases.unlock({ actor: canal.as('U0DEV'), scope: FLOW });
    expect(await canal.approve('U0LEE', id)).toMatchObject({ deployed: true });
  });

  it('is a request of its own beside one for another time, and the same without one', async () => {
    const id = await openAt(DAY);
    expect(await canal.ask('staging')).toMatchObject({
      kind: 'already-open',
      promotion: { id, deployAt: expect.any(Date) },
    });
    expect(await openAt(2 * DAY)).toBe('confirm-replacement');
    await expect(openAt(-1)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('new evidence', () => {
  const report = (passed: number, failed: number) =>
    db.ports.inTransaction(canal.workspaceId, async (tx) => {
      const [, staging] = await tx.environments.pipeline();
      const workflow = await tx.workflows.find(FLOW);
      const version = await tx.versions.newest(workflow?.id ?? '');
      const place = { environmentId: staging?.id ?? '', versionId: version?.id ?? '' };
      await tx.evidence.recordCheck({
        ...{ kind: 'tests', name: 'suite', at: tx.now, passed, failed, source: 'api', by: 'ci', ...place },
        state: failed === 0 ? 'passed' : 'failed',
      });
      await tx.promotions.markForJudging(place);
    });

  it('has its promotion judged at the next tick, which deploys where it was the last thing needed', async () => {
    await askMore(db, canal, 'staging', { tests: { minPassRate: 0.9, maxAge: DAY } });
    const id = await canal.open('staging');
    await canal.approve('U0LEE', id);
    expect(await stillOpen(canal, id)).toEqual(['tests: pending']);
    await report(8, 2);
    expect(await tick()).toBe(1);
    expect(await stillOpen(canal, id)).toEqual(['tests: failed']);
    await report(9, 1);
    await letTimePass(db, canal, 1_000);
    expect(await tick()).toBe(1);
    expect(await canal.live('staging')).toBe(1);
  });

  it('has it judged at most once a second, however fast it comes', async () => {
    await askMore(db, canal, 'staging', { tests: { minPassRate: 0.9, maxAge: DAY } });
    const id = await canal.open('staging');
    await report(1, 9);
    expect(await tick()).toBe(1);
    for (const _ of times(20)) await report(1, 9);
    const [row] = await db.sql<{ judged_at: Date }>('SELECT judged_at FROM promotion WHERE id = $1', [id]);
    expect(await judgeAtOf(id)).toEqual(new Date((row?.judged_at.getTime() ?? 0) + 1_000));
  });

  it('of runs is what a soak with healthy runs waits for', async () => {
    await askMore(db, canal, 'staging', { soak: { for: MINUTE, minRuns: 3, maxErrorRate: 0.25 } });
    const id = await canal.open('staging');
    await canal.approve('U0LEE', id);
    await letTimePass(db, canal, 2 * MINUTE);
    await tick();
    expect(await verdictOf(canal, id, 'soak')).toMatchObject({ state: 'pending', detail: '0 of 3 healthy runs' });
    const outcomes = ['succeeded', 'succeeded', 'failed', 'cancelled', 'succeeded'] as const;
    const place = { workflow: FLOW, version: 1, environment: 'development', durationMs: 5 };
    const reports = outcomes.map((outcome, i) => ({
      ...{ ...place, runId: `run-${i}`, started: new Date(Date.now() - 1_000), outcome },
    }));
    const { accepted } = await canal.useCases.recordRuns({ workspaceId: canal.workspaceId, within: null, reports });
    expect(accepted).toBe(5);
    await letTimePass(db, canal, 1_000);
    await tick();
    expect(await canal.live('staging')).toBe(1);
  });
});

describe('three processes that tick every second', () => {
  const processes: { end(): Promise<void> }[] = [];
  beforeEach(async () => {
    for (const _ of times(3)) {
      const persistence = await openPersistence(db.url);
      const { useCases } = canalOf(persistence.ports, canal.workspaceId);
      const run = async () => void (await useCases.judgeDue(canal.workspaceId));
      const ticks = startTicks([{ name: 'judge-due', schedule: '* * * * * *', run }], pino({ level: 'silent' }));
      processes.push({
        async end() {
          await ticks.stop();
          await persistence.end();
        },
      });
    }
  });
  afterEach(async () => {
    await Promise.all(processes.splice(0).map((one) => one.end()));
  });

  it.each([
    ['a schedule', () => openAt(DAY), DAY],
    [
      'a soak',
      async () => {
        await askMore(db, canal, 'staging', { soak: { for: DAY } });
        return canal.open('staging');
      },
      DAY,
    ],
    [
      'a freeze’s end',
      async () => {
        await canal.useCases.freeze({
          actor: canal.as('U0LEE'),
          environment: 'staging',
          reason: 'x',
          until: { in: DAY },
        });
        return canal.open('staging');
      },
      DAY,
    ],
  ])('deploy what %s alone kept back within five seconds of its time, once', async (_, ask, wait) => {
    const id = await ask();
    await canal.approve('U0LEE', id);
    expect((await canal.show(id)).status).toBe('open');
    // A second ahead, so that what is waited for is still to come.
    await letTimePass(db, canal, wait - 1_000);
    const due = (await judgeAtOf(id))?.getTime() ?? 0;
    await waitUntil('the deployment', async () => (await canal.show(id)).status === 'deployed');
    const deployed = await db.sql<{ deployed_at: Date }>('SELECT deployed_at FROM deployment WHERE promotion_id = $1', [
      id,
    ]);
    expect(deployed).toHaveLength(1);
    const late = (deployed[0]?.deployed_at.getTime() ?? 0) - due;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(5_000);
  });
});
