import { beforeEach, describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/use-cases/ports.ts';
import { type SeededWorkflow, withThreeVersions } from '../../support/database/with-three-versions.ts';

let here: SeededWorkflow;
const { act, version, deploy, active } = withThreeVersions((seeded) => {
  here = seeded;
});

const start = (n = 2, share = 1_000): Promise<Candidate> =>
  act((tx) =>
    tx.deployments.startCandidate({
      ...{ workflowId: here.workflowId, environmentId: here.development.id, versionId: version(n).id },
      ...{ promotionId: null, deployedBy: 'U0DEV', reason: 'faster', changes: ['a change'], share },
    }),
  );
const running = () =>
  here.db.ports.reading(here.workspaceId, (tx) => tx.deployments.findCandidate(here.workflowId, here.development.id));
const stretchesOf = (deploymentId: string) =>
  here.db.sql<{ started_at: Date; ended_at: Date | null }>(
    'SELECT started_at, ended_at FROM deployment_stretch WHERE deployment_id = $1 ORDER BY started_at',
    [deploymentId],
  );

beforeEach(() => deploy(1));

describe('a candidate', () => {
  it('is read as it was started, beside what is active', async () => {
    const candidate = await start();
    const live = await active();
    expect(await running()).toEqual(candidate);
    expect(candidate).toMatchObject({
      ...{ status: 'candidate', share: 1_000, versionId: version(2).id, replacesId: live?.id },
      ...{ reason: 'faster', changes: ['a change'], endedAt: null, endedBy: null },
    });
    expect(candidate.deployedAt > (live?.since ?? candidate.deployedAt)).toBe(true);
    expect(live).toMatchObject({ versionId: version(1).id, share: null });
    expect(
      await here.db.ports.reading(here.workspaceId, (tx) => tx.deployments.listCandidates([here.workflowId])),
    ).toEqual([candidate]);
    expect(await stretchesOf(candidate.id)).toEqual([]);
  });

  it('is one at most, and runs beside something', async () => {
    await start();
    await expect(start(3)).rejects.toThrow('deployment_one_candidate');
    const elsewhere = act((tx) =>
      tx.deployments.startCandidate({
        ...{ workflowId: here.workflowId, environmentId: here.staging.id, versionId: version(2).id },
        ...{ promotionId: null, deployedBy: 'U0DEV', reason: null, changes: [], share: 1_000 },
      }),
    );
    await expect(elsewhere).rejects.toThrow('nothing is');
  });

  it('that is finished is active from then on, and since then only', async () => {
    const candidate = await start();
    const { activated, superseded } = await act((tx) => tx.deployments.finishCandidate(candidate, 'U0LEE'));
    expect(activated).toEqual({ ...candidate, status: 'active', share: null });
    expect(superseded).toMatchObject({ versionId: version(1).id, status: 'superseded', endedBy: 'U0LEE' });
    const live = await active();
    expect([live?.id, live?.since]).toEqual([candidate.id, superseded.endedAt]);
    expect(await stretchesOf(candidate.id)).toEqual([{ started_at: superseded.endedAt, ended_at: null }]);
    expect(await running()).toBeNull();
  });

  it('that is aborted keeps its share, and its reason where no other is given', async () => {
    const candidate = await start();
    const aborted = await act((tx) => tx.deployments.abortCandidate(candidate, 'U0LEE', null));
    expect(aborted).toMatchObject({ status: 'aborted', share: 1_000, endedBy: 'U0LEE', reason: 'faster' });
    expect(aborted.endedAt).not.toBeNull();
    expect(await running()).toBeNull();
    const resumed = await act((tx) => tx.deployments.resumeCandidate(aborted, 'why not'));
    expect(resumed).toEqual({ ...candidate, reason: 'why not' });
    const again = await act((tx) => tx.deployments.abortCandidate(resumed, 'U0LEE', 'slow'));
    expect(again.reason).toBe('slow');
  });

  it('that is none any more can’t be changed, finished or aborted', async () => {
    const candidate = await start();
    const aborted = await act((tx) => tx.deployments.abortCandidate(candidate, 'U0LEE', null));
    await expect(act((tx) => tx.deployments.changeShare(candidate, 5))).rejects.toThrow('is not candidate');
    await expect(act((tx) => tx.deployments.finishCandidate(candidate, 'U'))).rejects.toThrow('is not candidate');
    await expect(act((tx) => tx.deployments.abortCandidate(candidate, 'U', null))).rejects.toThrow('is not candidate');
    await act((tx) => tx.deployments.resumeCandidate(aborted, null));
    await expect(act((tx) => tx.deployments.resumeCandidate(aborted, null))).rejects.toThrow('is not aborted');
    expect((await active())?.versionId).toBe(version(1).id);
  });

  it('is looked at where settings change, as what is active', async () => {
    await start();
    const holding = (word: string) =>
      here.db.ports.reading(here.workspaceId, (tx) =>
        tx.deployments.listActiveHolding(here.development.id, null, [word], 10),
      );
    const found = (await holding('')).map(({ versionId, status }) => [versionId, status]);
    expect(found).toEqual([
      [version(1).id, 'active'],
      [version(2).id, 'candidate'],
    ]);
    expect(await holding('never written')).toEqual([]);
  });
});

describe('what running workflows are told of', () => {
  /** How many changes were told of meanwhile. */
  async function tellings(change: () => Promise<unknown>): Promise<number> {
    const count = async () => {
      const [row] = await here.db.sql<{ count: string }>(
        'SELECT count(*) FROM resolved_change WHERE workspace_id = $1 AND workflow_id = $2 AND environment_id = $3',
        [here.workspaceId, here.workflowId, here.development.id],
      );
      return Number(row?.count);
    };
    const before = await count();
    await change();
    return (await count()) - before;
  }
  const writing = (work: Parameters<typeof act>[0]) => () => act(work);

  it('is each start, share, end and resumption of a candidate, once', async () => {
    let candidate = await start(2, 0);
    expect(await tellings(writing((tx) => tx.deployments.changeShare(candidate, 10_000)))).toBe(1);
    expect(await tellings(writing((tx) => tx.deployments.changeShare(candidate, 10_000)))).toBe(0);
    expect(await tellings(writing((tx) => tx.deployments.abortCandidate(candidate, 'U', null)))).toBe(1);
    expect(await tellings(writing((tx) => tx.deployments.resumeCandidate(candidate, null)))).toBe(1);
    expect(await tellings(writing((tx) => tx.deployments.finishCandidate(candidate, 'U')))).toBe(1);
    expect(
      await tellings(async () => {
        candidate = await start(3);
      }),
    ).toBe(1);
  });

  it('is a new label of its version', async () => {
    const label = (n: number, word: string) =>
      tellings(writing((tx) => tx.versions.setLabel(version(n).id, word, null)));
    expect(await label(2, 'early')).toBe(0);
    const candidate = await start();
    expect(await label(2, 'mark')).toBe(1);
    await act((tx) => tx.deployments.abortCandidate(candidate, 'U', null));
    expect(await label(2, 'late')).toBe(0);
  });
});
