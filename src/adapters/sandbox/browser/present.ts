import { SLACKBOT_ID } from '../dispatch/slackbot.ts';
import type {
  SandboxChannel,
  SandboxFile,
  SandboxMessage,
  SandboxModal,
  SandboxPerson,
  SandboxState,
} from '../protocol.ts';
import type { Person } from '../state/directory.ts';
import type { StoredFile } from '../state/files.ts';
import type { StandInMessage } from '../state/messages.ts';
import type { SlackState } from '../state/slack-state.ts';
import { permalinkOf } from '../web-api/message-json.ts';

/** How many of a conversation's last messages a page gets when it opens. */
const MESSAGES_SHOWN = 300;

/** Everything one person's page shows. */
export function presentState(state: SlackState, as: Person): SandboxState {
  const channels = presentChannels(state, as);
  return {
    team: state.settings.team,
    me: presentPerson(as),
    people: [...[...state.directory.people.values()].filter(({ deleted }) => !deleted).map(presentPerson), SLACKBOT],
    channels,
    commands: [...state.settings.commands],
    messages: channels.flatMap(({ id }) =>
      state.messages
        .list(id)
        .filter((message) => isVisibleTo(state, as.id, message))
        .slice(-MESSAGES_SHOWN)
        .map((message) => presentMessage(state, message)),
    ),
    modals: presentModals(state, as.id),
    home: state.views.home(as.id)?.view ?? null,
    botReachable: state.botReachable,
  };
}

export function isVisibleTo(state: SlackState, person: string, message: StandInMessage): boolean {
  return state.directory.canSee(person, message.channel) && (message.ephemeralTo ?? person) === person;
}

export function presentMessage(state: SlackState, message: StandInMessage): SandboxMessage {
  const { channel, ts, threadTs, isBroadcast, user, text, ephemeralTo, editedTs } = message;
  return {
    channel,
    ts,
    ...(threadTs ? { threadTs } : {}),
    ...(isBroadcast ? { isBroadcast } : {}),
    user,
    text,
    blocks: message.blocks,
    files: message.fileIds.flatMap((id) => {
      const file = state.files.find(id);
      return file ? [presentFile(file)] : [];
    }),
    ...(ephemeralTo ? { ephemeralTo } : {}),
    ...(editedTs ? { editedAt: editedTs } : {}),
    replyCount: threadTs ? 0 : state.messages.replies(channel, ts).length,
    permalink: permalinkOf(state, message),
  };
}

export function presentModals(state: SlackState, person: string): SandboxModal[] {
  return state.views.stack(person).map(({ id, view, errors }, index) => ({ id, depth: index + 1, view, errors }));
}

export function presentFile(file: StoredFile): SandboxFile {
  return {
    id: file.id,
    name: file.name,
    mimetype: file.mimetype,
    size: file.content.length,
    href: `/sandbox/files/${file.id}`,
  };
}

const SLACKBOT: SandboxPerson = {
  id: SLACKBOT_ID,
  name: 'slackbot',
  realName: 'Slackbot',
  title: '',
  colour: '#616061',
  isAdmin: false,
  isBot: true,
};

function presentPerson(person: Person): SandboxPerson {
  const { id, name, realName, title, colour, isBot } = person;
  return { id, name, realName, title, colour, isAdmin: person.isAdmin || person.isOwner, isBot };
}

function presentChannels(state: SlackState, as: Person): SandboxChannel[] {
  const channels = [...state.directory.channels.values()].filter(({ isArchived }) => !isArchived);
  return [
    ...channels.map(({ id, name, topic, botIsMember }) => ({ id, name, kind: 'channel' as const, topic, botIsMember })),
    {
      id: state.directory.imOf(as.id),
      name: state.settings.bot.name,
      kind: 'im' as const,
      topic: '',
      botIsMember: true,
    },
  ];
}
