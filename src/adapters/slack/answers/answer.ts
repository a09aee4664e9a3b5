import type { KnownBlock } from '@slack/types';

/** What a person is told privately. `null` where what they did shows by itself, as a card that changes. */
export interface Answer {
  /** mrkdwn, escaped. */
  text: string;
  blocks?: KnownBlock[];
  /** Takes the place of the private message whose button was clicked. */
  replaces?: boolean;
}
