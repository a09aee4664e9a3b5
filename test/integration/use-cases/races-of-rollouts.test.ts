import { beforeEach, describe, expect, it } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { atOnce, shuffled, tally } from '../../support/use-cases/at-once.ts';
import { type Canaries, canariesOf, TEN_PERCENT } from '../../support/use-cases/canaries.ts';
import type { Canal } from '../../support/use-cases/open-canal.ts';
import { AT_A_TIME, FLOWS } from '../../support/use-cases/prepare-flows.ts';
import { withPreparedFlows } from '../../support/use-cases/with-prepared-flows.ts';

let db: TestPersistence;
let canal: Canal;
let canaries: Canaries;
const { auditOf } = withPreparedFlows((copy) => {
  ({ db, canal } = copy);
  canaries = canariesOf(canal);
});

/** v3 is live in staging, and v4 runs beside it, in each of the twenty. By workflow: what the buttons on its card carry. */
let running: Map<string, { candidate: string; active: string }>;
beforeEach(async () => {
  running = new Map(
    await Promise.all(
      FLOWS.map(async (workflow) => {
        await canaries.start('staging', TEN_PERCENT, workflow);
        const { candidate, active } = await canaries.show('staging', workflow);
        return [workflow, { candidate: candidate.deploymentId, active: active.deploymentId }] as const;
      }),
    ),
  );
}, 60_000);

/** What runs in staging: the number live, and the one beside it. */
const runs = async (workflow: string) => [
  await canal.live('staging', workflow),
  (await canaries.running('staging', workflow))?.[0] ?? null,
];
const ids = (workflow: string) => running.get(workflow) ?? { candidate: '', active: '' };
const ofAll = (...acts: ((workflow: string) => () => Promise<unknown>)[]) =>
  shuffled(FLOWS.flatMap((workflow) => acts.map((act) => act(workflow))));
const counted = async (...actions: string[]) => {
  const found = await Promise.all(actions.map(async (action) => (await auditOf(action)).size));
  return found.reduce((a, b) => a + b, 0);
};
const outcomes = (counts: Record<string, number>) => Object.keys(counts).sort();

const finish = (workflow: string) => () => canaries.finish('staging', { workflow });
const abort = (workflow: string) => () => canaries.abort('staging', { workflow, by: 'U0MAX' });

describe('twenty canaries, each', () => {
  it('finished and aborted at once: one of the two is done', async () => {
    expect(tally(await atOnce(ofAll(finish, abort)))).toEqual({ done: AT_A_TIME, no_rollout: AT_A_TIME });
    const [finished, aborted] = [await auditOf('rollout.finished'), await auditOf('rollout.aborted')];
    expect(finished.size + aborted.size).toBe(AT_A_TIME);
    for (const flow of FLOWS)
      expect(await runs(flow)).toEqual(finished.has(`deployment:${ids(flow).candidate}`) ? [4, null] : [3, null]);
  });

  it('finished by two, and aborted by two, clicks on one card: done once, and told once', async () => {
    const click = (act: 'finish' | 'abort', by: string) => (workflow: string) => () =>
      canaries[act]('staging', { workflow, by, expectedDeploymentId: ids(workflow).candidate });
    const done = await atOnce(
      ofAll(click('finish', 'U0DEV'), click('finish', 'U0MAX'), click('abort', 'U0LEE'), click('abort', 'U0LIV')),
    );
    // Whichever came first, its second click says the same, and the other two are refused.
    expect(tally(done)).toEqual({ done: 2 * AT_A_TIME, no_rollout: 2 * AT_A_TIME });
    expect(await counted('rollout.finished', 'rollout.aborted')).toBe(AT_A_TIME);
  });

  it('finished, aborted and rolled back at once: at most one of them ends it, and nothing is left beside', async () => {
    const rollBack = (workflow: string) => () =>
      canaries.rollBack('staging', { workflow, by: 'U0LEE', expectedDeploymentId: ids(workflow).active });
    const counts = tally(await atOnce(ofAll(finish, abort, rollBack)));
    expect(outcomes(counts).filter((code) => !['done', 'no_rollout', 'moved_on'].includes(code))).toEqual([]);
    expect(await counted('rollout.finished', 'rollout.aborted')).toBe(AT_A_TIME);
    const finished = await auditOf('rollout.finished');
    const rolledBack = await auditOf('deployment.rolled_back');
    for (const flow of FLOWS) {
      // What was finished took the place of what the button names, so that it could not be rolled back any more.
      const wasFinished = finished.has(`deployment:${ids(flow).candidate}`);
      expect(rolledBack.has(`deployment:${ids(flow).active}`)).toBe(!wasFinished);
      expect(await runs(flow)).toEqual([wasFinished ? 4 : 2, null]);
    }
  });

  it('given shares by two and finished at once: the shares come one after the other, none after the end', async () => {
    const change = (share: number, by: string) => (workflow: string) => () =>
      canaries.change('staging', share, { workflow, by });
    const counts = tally(await atOnce(ofAll(change(2_500, 'U0DEV'), change(5_000, 'U0MAX'), finish)));
    expect(outcomes(counts).filter((code) => !['done', 'no_rollout'].includes(code))).toEqual([]);
    expect(await counted('rollout.finished')).toBe(AT_A_TIME);
    const late = await db.sql(
      `SELECT c.seq FROM audit_event c JOIN audit_event f ON f.subject = c.subject AND f.action = 'rollout.finished'
       WHERE c.action = 'rollout.changed' AND c.seq > f.seq`,
    );
    expect(late).toEqual([]);
    for (const flow of FLOWS) expect(await runs(flow)).toEqual([4, null]);
  });

  it('given shares by buttons of two cards that show the same one: whichever comes second moves nothing', async () => {
    const click = (share: number, by: string) => (workflow: string) => () =>
      canaries.change('staging', share, { workflow, by, expectedShare: TEN_PERCENT });
    const counts = tally(await atOnce(ofAll(click(2_500, 'U0DEV'), click(5_000, 'U0MAX'))));
    expect(counts).toEqual({ done: AT_A_TIME, moved_on: AT_A_TIME });
    expect(await counted('rollout.changed')).toBe(AT_A_TIME);
  });

  it('aborted while what waits for its end is approved: that goes live, by whichever came second', async () => {
    const waiting = await askForFifth();
    const approve = (workflow: string) => () => canal.approve('U0LEE', waiting.get(workflow) ?? '');
    expect(tally(await atOnce(ofAll(abort, approve)))).toEqual({ done: 2 * AT_A_TIME });
    for (const flow of FLOWS) expect(await runs(flow)).toEqual([5, null]);
  });

  it('finished while what waits for its end is approved: the approval is for what was clicked, or counts no more', async () => {
    const waiting = await askForFifth();
    const shown = new Map(
      await Promise.all(
        FLOWS.map(async (flow) => [flow, (await canal.show(waiting.get(flow) ?? '')).fingerprint] as const),
      ),
    );
    const approve = (workflow: string) => () =>
      canal.approve('U0LEE', waiting.get(workflow) ?? '', shown.get(workflow));
    const counts = tally(await atOnce(ofAll(finish, approve)));
    expect(outcomes(counts).filter((code) => !['done', 'review_changed'].includes(code))).toEqual([]);
    for (const flow of FLOWS) {
      expect(await runs(flow)).toEqual([4, null]);
      const { status, approvals } = await canal.show(waiting.get(flow) ?? '');
      expect([status, approvals.filter(({ counts }) => counts)]).toEqual(['open', []]);
    }
  });

  it('aborted, and the abort undone while another version is deployed: whichever comes second sees the first', async () => {
    const waiting = await askForFifth();
    await Promise.all(FLOWS.map((workflow) => canaries.abort('staging', { workflow })));
    const undo = (workflow: string) => () => canaries.undo(ids(workflow).candidate);
    const approve = (workflow: string) => () => canal.approve('U0LEE', waiting.get(workflow) ?? '');
    const counts = tally(await atOnce(ofAll(undo, approve)));
    expect(outcomes(counts).filter((code) => !['done', 'moved_on'].includes(code))).toEqual([]);
    const undone = await auditOf('rollout.abort_undone');
    for (const flow of FLOWS)
      expect(await runs(flow)).toEqual(undone.has(`deployment:${ids(flow).candidate}`) ? [3, 4] : [5, null]);
  });
});

/** Takes a fifth version of each to development and asks for it in staging. By workflow: the promotion's id. */
async function askForFifth(): Promise<Map<string, string>> {
  return new Map(
    await Promise.all(
      FLOWS.map(async (flow) => {
        await canal.push(`Version 5 of ${flow}.`, flow);
        await canal.deploy(undefined, flow);
        return [flow, await canal.open('staging', 'U0DEV', flow)] as const;
      }),
    ),
  );
}
