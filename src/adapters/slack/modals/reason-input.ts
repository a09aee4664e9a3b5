import type { KnownBlock } from '@slack/types';

/** Block and action id of the reason. */
export const REASON = 'reason';
const REASON_MAX = 1_000;

/** Asks why, of those who want to say. */
export function reasonInput(reason: string): KnownBlock {
  return {
    type: 'input',
    block_id: REASON,
    optional: true,
    label: { type: 'plain_text', text: 'Why?' },
    hint: { type: 'plain_text', text: 'Shown with the change.' },
    element: {
      type: 'plain_text_input',
      action_id: REASON,
      multiline: true,
      max_length: REASON_MAX,
      ...(reason === '' ? {} : { initial_value: reason.slice(0, REASON_MAX) }),
    },
  };
}
