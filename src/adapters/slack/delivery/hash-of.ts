import { createHash } from 'node:crypto';
import type { SlackMessage } from '../blocks/fit-message.ts';

/** Tells whether a message shows something else than before. */
export function hashOf(message: SlackMessage): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('base64url');
}
