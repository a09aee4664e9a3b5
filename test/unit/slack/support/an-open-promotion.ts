import type { SlackMessage } from '../../../../src/adapters/slack/blocks/fit-message.ts';
import type { PromotionView } from '../../../../src/use-cases/views.ts';

export const at = new Date('2026-11-21T10:00:00Z');
export const AT = '<!date^1795255200^{date_short_pretty} {time}|2026-11-21 10:00 UTC>';
export const v5 = { id: 'v5', number: 5, label: null, author: 'U0DEV' };
export const v7 = { id: 'v7', number: 7, label: 'add-urgency', author: 'U0DEV' };

/** Under review: v7 for staging, where v5 is live. */
export const open: PromotionView = {
  id: '0190a0b0-0000-7000-8000-000000000001',
  status: 'open',
  fingerprint: 'f'.repeat(64),
  workflow: { id: 'w', slug: 'summarize-flow', department: 'support' },
  version: v7,
  from: { id: 'e1', name: 'development', badge: '' },
  to: { id: 'e2', name: 'staging', badge: '' },
  replaces: v5,
  sourceMovedTo: null,
  requestedBy: 'U0DEV',
  reason: 'Ready for the pilot',
  canary: null,
  requestedAt: at,
  expiresAt: at,
  closedAt: null,
  closedBy: null,
  closeReason: null,
  diff: {
    lines: ['Model of ‘Summarise’ changed from ‘a’ to ‘b’', 'Step ‘Check’ added'],
    more: 14,
    functional: true,
    risk: { level: 'high', reasons: ['model swapped (‘Summarise’)'] },
  },
  inEffect: null,
  ridesAlong: null,
  earlierApproval: null,
  requirements: [{ kind: 'approvals', state: 'pending', summary: 'Approval by 1 lead' }],
  approvals: [],
  ...{ deployAt: null, rejections: [], checklist: [], locks: [], tests: null },
  canApprove: { userIds: ['U0LEE', 'U0LIA'], more: false },
  nobodyCanApprove: false,
  deployment: null,
};

/** What a reader sees, block by block, and the buttons. */
export function seen({ blocks }: SlackMessage): { text: string; buttons: string[] } {
  const buttons = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  return {
    text: JSON.stringify(blocks.filter((block) => block.type !== 'actions')),
    buttons: buttons.map((b) => ('text' in b ? b.text.text : '')),
  };
}
