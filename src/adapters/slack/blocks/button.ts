import type { Button, ConfirmationDialog } from '@slack/types';
import { plain } from './text.ts';

const VALUE_MAX = 2_000;

export interface ButtonLook {
  style?: 'primary' | 'danger';
  /** Asked before the click counts. `text` is plain. */
  confirm?: { title: string; text: string; yes: string; no: string };
}

/**
 * A button that carries what it acts on. Null where that is longer than Slack's 2,000 characters: no button is better than
 * a message that Slack refuses.
 */
export function button(
  actionId: string,
  text: string,
  value: Readonly<Record<string, unknown>>,
  look: ButtonLook = {},
): Button | null {
  const carried = JSON.stringify(value);
  if (carried.length > VALUE_MAX) return null;
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: plain(text, 75), emoji: false },
    value: carried,
    ...(look.style && { style: look.style }),
    ...(look.confirm && { confirm: confirmation(look.confirm, look.style) }),
  };
}

/** A button that opens an address in the reader's own Slack or browser. */
export function linkButton(actionId: string, text: string, url: string): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: plain(text, 75), emoji: false },
    url,
  };
}

function confirmation(
  { title, text, yes, no }: NonNullable<ButtonLook['confirm']>,
  style: ButtonLook['style'],
): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: plain(title, 100) },
    text: { type: 'plain_text', text: plain(text, 300) },
    confirm: { type: 'plain_text', text: plain(yes, 30) },
    deny: { type: 'plain_text', text: plain(no, 30) },
    ...(style && { style }),
  };
}
