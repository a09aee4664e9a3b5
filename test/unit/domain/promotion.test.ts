import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/domain/environment.ts';
import { fingerprint } from '../../../src/domain/fingerprint.ts';
import {
  approve,
  assertOpen,
  close,
  complete,
  isDue,
  lastReviewedApprovals,
  leadsOneStep,
  type PromotionStatus,
} from '../../../src/domain/promotion.ts';
import {
  afterNoon,
  approval,
  environment,
  NOON,
  PIPELINE,
  promotion,
  reviewed,
} from '../../support/domain-builders.ts';
import { lead } from '../../support/people.ts';
import { expectRefused, refusalOf } from '../../support/refusals.ts';

const REVIEW = { reviewed: reviewed(), fingerprint: fingerprint(reviewed()) };
const ENDS = ['deployed', 'rejected', 'cancelled', 'expired', 'stale'] as const satisfies PromotionStatus[];

describe('an approval', () => {
  it('is kept with who gave it, in which role, for what, and when', () => {
    const { approvals } = approve(promotion(), lead('ULEE'), REVIEW, NOON);
    expect(approvals).toEqual([{ by: 'ULEE', role: 'lead', ...REVIEW, at: NOON }]);
  });

  it('leaves the promotion that it was given to untouched', () => {
    const before = promotion();
    approve(before, lead('ULEE'), REVIEW, NOON);
    expect(before.approvals).toEqual([]);
  });

  it('given twice is one, and says that nothing changed by being the same object', () => {
    const once = approve(promotion(), lead('ULEE'), REVIEW, NOON);
    expect(approve(once, lead('ULEE'), REVIEW, afterNoon(5))).toBe(once);
  });

  it('of another state by the same person is another approval', () => {
    const once = approve(promotion(), lead('ULEE'), REVIEW, NOON);
    const moved = reviewed({ replacesDeploymentId: 'd9' });
    const twice = approve(once, lead('ULEE'), { reviewed: moved, fingerprint: fingerprint(moved) }, afterNoon(5));
    expect(twice.approvals.map((a) => a.fingerprint)).toEqual([REVIEW.fingerprint, fingerprint(moved)]);
  });

  it('by whoever asked is refused', () => {
    expectRefused(
      refusalOf(() => approve(promotion(), lead('UASKER'), REVIEW, NOON)),
      'own_request',
    );
  });

  it.each(ENDS)('of a promotion that is %s is refused', (status) => {
    expectRefused(
      refusalOf(() => approve(promotion({ status }), lead('ULEE'), REVIEW, NOON)),
      'already_decided',
    );
  });
});

describe('a promotion', () => {
  it.each(['rejected', 'cancelled', 'expired', 'stale'] as const)(
    'that is open can become %s, with who, why and when',
    (status) => {
      const closed = close(promotion(), status, { by: 'ULEE', reason: 'not today', at: NOON });
      expect(closed).toEqual(promotion({ status, closedBy: 'ULEE', closeReason: 'not today', closedAt: NOON }));
    },
  );

  it('that is open can become deployed', () => {
    expect(complete(promotion(), 'ULEE', NOON)).toEqual(
      promotion({ status: 'deployed', closedBy: 'ULEE', closedAt: NOON }),
    );
  });

  it.each(ENDS)('that is %s never ends a second time', (status) => {
    const closed = promotion({ status, closedAt: NOON, closedBy: 'ULEE' });
    for (const end of ['rejected', 'cancelled', 'expired', 'stale'] as const) {
      expectRefused(
        refusalOf(() => close(closed, end, { by: 'UOTHER', reason: null, at: NOON })),
        'already_decided',
      );
    }
    expectRefused(
      refusalOf(() => complete(closed, 'UOTHER', NOON)),
      'already_decided',
    );
  });

  it('that was decided says how and by whom', () => {
    const by = refusalOf(() => assertOpen(promotion({ status: 'rejected', closedBy: 'ULEE' }))).userMessage;
    expect(by).toContain('already rejected by <@ULEE>');
    const alone = refusalOf(() => assertOpen(promotion({ status: 'expired' }))).userMessage;
    expect(alone).toContain('it expired');
    expect(alone).not.toContain('by <@');
  });

  it('is due from its very last millisecond on, and only while it is open', () => {
    const asked = promotion({ expiresAt: afterNoon(1000) });
    expect(isDue(asked, afterNoon(999))).toBe(false);
    expect(isDue(asked, afterNoon(1000))).toBe(true);
    expect(isDue({ ...asked, status: 'deployed' }, afterNoon(1000))).toBe(false);
  });
});

describe('the way that was asked for', () => {
  const canary = environment('canary', 1);
  const [development, staging, production] = PIPELINE as [Environment, Environment, Environment];

  it('leads on while both environments follow each other', () => {
    expect(leadsOneStep(promotion(), PIPELINE)).toBe(true);
    expect(leadsOneStep(promotion({ targetEnvironmentId: production.id }), PIPELINE)).toBe(false);
  });

  it('ends where another environment came in between, or one of the two went', () => {
    const widened = [development, canary, { ...staging, rank: 2 }, { ...production, rank: 3 }];
    expect(leadsOneStep(promotion(), widened)).toBe(false);
    expect(leadsOneStep(promotion(), [development, production])).toBe(false);
    expect(leadsOneStep(promotion(), [staging, production])).toBe(false);
  });

  it('does not lead backwards', () => {
    const back = promotion({ sourceEnvironmentId: staging.id, targetEnvironmentId: development.id });
    expect(leadsOneStep(back, PIPELINE)).toBe(false);
  });
});

describe('the approvals of what was reviewed last', () => {
  it('leave out those of a state that moved since', () => {
    const moved = reviewed({ replacesDeploymentId: 'd9' });
    const asked = promotion({
      approvals: [approval('U1', 'lead'), approval('U2', 'lead', moved), approval('U3', 'admin', moved)],
    });
    expect(lastReviewedApprovals(asked).map((a) => a.by)).toEqual(['U2', 'U3']);
  });

  it('are none where nobody approved', () => {
    expect(lastReviewedApprovals(promotion())).toEqual([]);
  });
});
