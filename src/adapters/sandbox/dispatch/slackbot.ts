import type { SlackState } from '../state/slack-state.ts';

export const SLACKBOT_ID = 'USLACKBOT';

/** Something Slack itself says to one person. */
export function slackbotSays(state: SlackState, person: string, channel: string, text: string): void {
  state.messages.add({ channel, user: SLACKBOT_ID, text, blocks: [], fileIds: [], ephemeralTo: person });
}
