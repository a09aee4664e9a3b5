import type { Button } from '@slack/types';
import { expect } from 'vitest';
import type { SlackMessage } from '../../../../src/adapters/slack/blocks/fit-message.ts';
import type { PromotionView, RolloutReceiptView, RolloutView } from '../../../../src/use-cases/views.ts';
import { at, open, seen, v5, v7 } from './an-open-promotion.ts';

/*
 * A canary of v7, which runs in staging beside v5, as views show it.
 */

/** Asked for at 10%. */
export const asked: PromotionView = { ...open, canary: 1_000 };
/** It runs, with this share. */
export const running = (share: number): PromotionView => ({
  ...asked,
  ...{ status: 'deployed', closedAt: at, closedBy: 'U0LEE', requirements: [] },
  deployment: {
    id: 'd7',
    active: false,
    status: 'candidate',
    share,
    ended: null,
    rollout: { steps: 'all', waiting: null, sinceApproved: [] },
    beside: null,
  },
});
/** How it does beside v5. */
export const rollout = (share: number, more: Partial<RolloutView> = {}): RolloutView => ({
  ...{
    workflow: open.workflow,
    environment: open.to,
    quarantined: false,
    scheduled: false,
    waiting: null,
    sinceApproved: [],
  },
  candidate: { deploymentId: 'd7', version: v7, share, startedBy: 'U0LEE', startedAt: at, promotionId: open.id },
  active: { deploymentId: 'd5', version: v5, since: at },
  runs: {
    since: at,
    candidate: { runs: 120, errorRate: 0.05, costPerRun: 0.012, p50: 900, p95: 2_400 },
    active: { runs: 0, errorRate: null, costPerRun: null, p50: null, p95: null },
  },
  ...more,
});
/** What was done to it. */
export const receipt = (more: Partial<RolloutReceiptView>): RolloutReceiptView => ({
  ...{ act: 'changed', changed: true, workflow: open.workflow, environment: open.to, deploymentId: 'd7', version: v7 },
  ...{ promotionId: open.id, share: 5_000, before: 1_000, active: { deploymentId: 'd5', version: v5 } },
  ...{ superseded: null, followed: null, steps: 'all', waiting: null, by: 'U0LEE', at, reason: null, undoUntil: null },
  ...more,
});

export const v9 = { id: 'v9', number: 9, label: null, author: 'U0DEV' };

export function buttonsOf({ blocks = [] }: Partial<SlackMessage>): Button[] {
  return blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []));
}
export const named = (message: Partial<SlackMessage>, text: string) =>
  buttonsOf(message).find((button) => button.text.text === text) ?? expect.unreachable();
/** Of its blocks, as JSON. */
export const wordsOf = (message: Partial<SlackMessage>) => seen({ text: '', blocks: [], ...message }).text;
