import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertCanUndo,
  assertCanUndoAbort,
  type Deployment,
  type Rollback,
  rollbackTarget,
  rollbackTargetOf,
  UNDO_WINDOW,
} from '../../../src/domain/deployment.ts';
import { afterNoon, deployment, NOON } from '../../support/domain-builders.ts';
import { expectRefused, refusalOf } from '../../support/refusals.ts';

const NONE = new Set<string>();
const ACTIVE = deployment('d4', 'v4', 40, { status: 'active' });
const HISTORY = [ACTIVE, deployment('d3', 'v3', 30), deployment('d2', 'v2', 20), deployment('d1', 'v1', 10)];

describe('a rollback', () => {
  it('goes to the newest superseded deployment that went live earlier', () => {
    expect(rollbackTarget(ACTIVE, HISTORY, NONE)?.id).toBe('d3');
  });

  it('does not depend on the order of the history', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(HISTORY, { minLength: HISTORY.length }), (shuffled) => {
        expect(rollbackTarget(ACTIVE, shuffled, NONE)?.id).toBe('d3');
      }),
    );
  });

  it('passes over quarantined versions', () => {
    expect(rollbackTarget(ACTIVE, HISTORY, new Set(['v3']))?.id).toBe('d2');
    expect(rollbackTarget(ACTIVE, HISTORY, new Set(['v1', 'v2', 'v3']))).toBeNull();
  });

  it('passes over what was rolled back', () => {
    const history = [ACTIVE, deployment('d3', 'v3', 30, { status: 'rolled_back' }), deployment('d2', 'v2', 20)];
    expect(rollbackTarget(ACTIVE, history, NONE)?.id).toBe('d2');
  });

  it('never goes to what went live later', () => {
    const restored = deployment('d2', 'v2', 20, { status: 'active' });
    const history = [deployment('d3', 'v3', 30), restored, deployment('d1', 'v1', 10)];
    expect(rollbackTarget(restored, history, NONE)?.id).toBe('d1');
    expect(rollbackTarget(restored, history.slice(0, 2), NONE)).toBeNull();
  });

  it('never goes back to the version that it removes', () => {
    const again = [ACTIVE, deployment('d3', 'v4', 30), deployment('d2', 'v2', 20)];
    expect(rollbackTarget(ACTIVE, again, NONE)?.id).toBe('d2');
  });

  it('twice goes one further back', () => {
    const back = { ...deployment('d3', 'v3', 30), status: 'active' as const };
    const history = HISTORY.map((d) =>
      d.id === 'd4' ? { ...d, status: 'rolled_back' as const } : d.id === 'd3' ? back : d,
    );
    expect(rollbackTarget(back, history, new Set(['v4']))?.id).toBe('d2');
  });

  it('finds nothing behind the first deployment', () => {
    expect(rollbackTarget(ACTIVE, [ACTIVE], NONE)).toBeNull();
    expect(rollbackTarget(ACTIVE, [], NONE)).toBeNull();
  });

  it('chooses the newest of all that fit, whatever the history is', () => {
    // Moments differ: whatever makes a version live in an environment gives it a later one than all before.
    const anyHistory = fc.uniqueArray(
      fc.record({
        minute: fc.nat(60).filter((minute) => minute !== 40),
        versionId: fc.constantFrom('v1', 'v2', 'v3', 'v4'),
        status: fc.constantFrom<Deployment['status']>('superseded', 'rolled_back'),
      }),
      { selector: ({ minute }) => minute },
    );
    fc.assert(
      fc.property(anyHistory, fc.subarray(['v1', 'v2', 'v3']), (rows, quarantined) => {
        const history = rows.map(({ minute, versionId, status }, i) =>
          deployment(`d${i}`, versionId, minute, { status }),
        );
        const barred = new Set(quarantined);
        const fit = history.filter(
          (d) =>
            d.status === 'superseded' &&
            d.deployedAt < ACTIVE.deployedAt &&
            !barred.has(d.versionId) &&
            d.versionId !== 'v4',
        );
        const target = rollbackTarget(ACTIVE, [...history, ACTIVE], barred);
        expect(target === null).toBe(fit.length === 0);
        if (target !== null) expect(fit.every((d) => d.deployedAt <= target.deployedAt)).toBe(true);
      }),
    );
  });
});

describe('a rollback to a version', () => {
  it('goes to its newest deployment there, superseded or rolled back', () => {
    const history = [
      ACTIVE,
      deployment('d3', 'v2', 30, { status: 'rolled_back' }),
      deployment('d2', 'v2', 20),
      deployment('d1', 'v1', 10),
    ];
    expect(rollbackTargetOf('v2', ACTIVE, history)?.id).toBe('d3');
    expect(rollbackTargetOf('v1', ACTIVE, history)?.id).toBe('d1');
  });

  it('may go to what went live later', () => {
    const active = deployment('d1', 'v1', 10, { status: 'active' });
    expect(rollbackTargetOf('v2', active, [deployment('d2', 'v2', 20), active])?.id).toBe('d2');
  });

  it('finds nothing for a version that was never live there, nor for what is live now', () => {
    expect(rollbackTargetOf('v9', ACTIVE, HISTORY)).toBeNull();
    expect(rollbackTargetOf('v4', ACTIVE, HISTORY)).toBeNull();
  });
});

describe('undoing a rollback', () => {
  const ROLLBACK: Rollback = {
    ...{
      id: 'r1',
      workflowId: 'wf',
      environmentId: 'env-staging',
      removedDeploymentId: 'd2',
      restoredDeploymentId: 'd1',
    },
    ...{
      restoredBefore: { status: 'superseded', endedAt: null, endedBy: null },
      by: 'UDOER',
      at: NOON,
      reason: null,
      undoneAt: null,
    },
  };
  const UNCHANGED = { id: 'd1', since: NOON };
  const undo =
    (but: { rollback?: Partial<Rollback>; by?: string; active?: typeof UNCHANGED | null; at?: number }) => () =>
      assertCanUndo(
        { ...ROLLBACK, ...but.rollback },
        but.by ?? 'UDOER',
        but.active === undefined ? UNCHANGED : but.active,
        afterNoon(but.at ?? 0),
      );

  it('is possible for whoever did it until ten minutes have passed, to the millisecond', () => {
    expect(UNDO_WINDOW).toBe(600_000);
    expect(undo({ at: 0 })).not.toThrow();
    expect(undo({ at: UNDO_WINDOW })).not.toThrow();
    expectRefused(refusalOf(undo({ at: UNDO_WINDOW + 1 })), 'undo_expired');
  });

  it('is refused to everybody else, naming who could', () => {
    const refusal = refusalOf(undo({ by: 'UOTHER' }));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toContain('<@UDOER>');
  });

  it('is refused once something else is live there, or nothing', () => {
    expectRefused(refusalOf(undo({ active: { id: 'd3', since: NOON } })), 'moved_on');
    expectRefused(refusalOf(undo({ active: null })), 'moved_on');
  });

  it('is refused where the same deployment went and came back since', () => {
    expectRefused(refusalOf(undo({ active: { id: 'd1', since: afterNoon(1) } })), 'moved_on');
  });

  it('is refused the second time', () => {
    expectRefused(refusalOf(undo({ rollback: { undoneAt: afterNoon(1) } })), 'moved_on');
  });
});

describe('canaries and rolling back', () => {
  const active = deployment('d3', 'v3', 30, { status: 'active' });

  it('never goes back to one that runs or was aborted', () => {
    const canaries = [
      deployment('d2', 'v2', 20, { status: 'aborted', share: 1_000 }),
      deployment('d1', 'v1', 10, { status: 'candidate', share: 1_000 }),
    ];
    expect(rollbackTarget(active, canaries, new Set())).toBeNull();
    expect(rollbackTargetOf('v2', active, canaries)).toBeNull();
    expect(rollbackTargetOf('v1', active, canaries)).toBeNull();
  });

  it('can’t undo a rollback beside one that was started since', () => {
    const rollback: Rollback = {
      ...{ id: 'r1', workflowId: 'wf', environmentId: 'env-staging', removedDeploymentId: 'd2', undoneAt: null },
      ...{ restoredDeploymentId: 'd1', by: 'UDOER', at: NOON, reason: null },
      restoredBefore: { status: 'superseded', endedAt: null, endedBy: null },
    };
    const undo = (candidate: { id: string } | null) => () =>
      assertCanUndo(rollback, 'UDOER', { id: 'd1', since: NOON }, NOON, candidate);
    expect(undo(null)).not.toThrow();
    expectRefused(refusalOf(undo({ id: 'd9' })), 'moved_on');
  });
});

describe('undoing the abort of a canary', () => {
  const ABORTED = deployment('d2', 'v2', 0, {
    ...{ status: 'aborted', share: 1_000, replacesId: 'd1', endedAt: NOON, endedBy: 'UDOER' },
  });
  const BESIDE = { id: 'd1', since: afterNoon(-1) };
  const undo =
    (but: {
      of?: Partial<Deployment>;
      by?: string;
      active?: typeof BESIDE | null;
      newest?: string | null;
      at?: number;
    }) =>
    () => {
      const newest = but.newest === null ? undefined : { id: but.newest ?? 'd2' };
      const active = but.active === undefined ? BESIDE : but.active;
      assertCanUndoAbort({ ...ABORTED, ...but.of }, but.by ?? 'UDOER', active, newest, afterNoon(but.at ?? 0));
    };

  it('is possible for whoever did it until ten minutes have passed, to the millisecond', () => {
    expect(undo({})).not.toThrow();
    expect(undo({ at: UNDO_WINDOW })).not.toThrow();
    expectRefused(refusalOf(undo({ at: UNDO_WINDOW + 1 })), 'undo_expired');
  });

  it('is refused to everybody else, naming who could', () => {
    const refusal = refusalOf(undo({ by: 'UOTHER' }));
    expectRefused(refusal, 'not_permitted');
    expect(refusal.userMessage).toContain('<@UDOER>');
  });

  it('is refused once something else is live there, the same anew, or another canary came', () => {
    expectRefused(refusalOf(undo({ active: { ...BESIDE, id: 'd0' } })), 'moved_on');
    expectRefused(refusalOf(undo({ active: { ...BESIDE, since: afterNoon(1) } })), 'moved_on');
    expectRefused(refusalOf(undo({ active: null })), 'moved_on');
    expectRefused(refusalOf(undo({ newest: 'd3' })), 'moved_on');
  });

  it.each(['candidate', 'active', 'superseded', 'rolled_back'] as const)('is refused for one that is %s', (status) => {
    expectRefused(refusalOf(undo({ of: { status } })), 'moved_on');
  });
});
