import { SandboxRefusal } from '../sandbox-refusal.ts';
import type { StandInMessage } from '../state/messages.ts';
import type { SlackState } from '../state/slack-state.ts';
import { escapeTyped } from './escape-typed.ts';
import { actingPerson } from './payload-parts.ts';

/** Plain words of a person. The bot hears nothing of them: it subscribes to no messages. */
export function say(
  state: SlackState,
  said: { as: string; channel: string; text: string; threadTs?: string },
): StandInMessage {
  const { as, channel, threadTs } = said;
  actingPerson(state, as);
  if (!state.directory.canSee(as, channel)) throw new SandboxRefusal('That conversation does not exist.', 404);
  if (state.directory.channels.get(channel)?.isArchived) throw new SandboxRefusal('That channel is archived.');
  const command = /^\/\S+/u.exec(said.text.trimStart())?.[0];
  if (command !== undefined) {
    throw new SandboxRefusal(
      threadTs
        ? `${command} is not supported in threads. Type it in the channel.`
        : `${command} is a command, not a message.`,
    );
  }
  const parent = threadTs === undefined ? null : state.messages.find(channel, threadTs);
  if (threadTs !== undefined && (!parent || parent.threadTs !== undefined || parent.ephemeralTo !== undefined)) {
    throw new SandboxRefusal('That message takes no replies.');
  }
  return state.messages.add({
    channel,
    user: as,
    text: escapeTyped(said.text, state.directory),
    blocks: [],
    fileIds: [],
    ...(threadTs ? { threadTs } : {}),
  });
}
