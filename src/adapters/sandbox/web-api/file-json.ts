import type { StoredFile } from '../state/files.ts';
import type { SlackState } from '../state/slack-state.ts';

/** A file as Slack shows it. Until it is ready its properties are missing, as they are at Slack for a moment after an upload. */
export function fileJson(state: SlackState, file: StoredFile): Record<string, unknown> {
  const ready = state.files.isReady(file);
  const base = {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    user: file.owner,
    user_team: state.settings.team.id,
    mode: 'hosted',
    is_external: false,
    is_public: false,
    editable: false,
  };
  if (!ready) return { ...base, mimetype: '', filetype: '', pretty_type: '', file_access: 'visible' };
  const address = `${state.url}/files-pri/${state.settings.team.id}-${file.id}`;
  const name = encodeURIComponent(file.name);
  return {
    ...base,
    mimetype: file.mimetype,
    filetype: file.filetype,
    pretty_type: file.filetype.toUpperCase(),
    size: file.content.length,
    url_private: `${address}/${name}`,
    url_private_download: `${address}/download/${name}`,
    permalink: `${state.url}/files/${file.owner}/${file.id}/${name}`,
    file_access: 'visible',
  };
}

/** A file that the bot may know of: its own, one in a conversation that it sees, or one that a person handed to it. */
export function fileOfBot(state: SlackState, id: string): StoredFile | null {
  const file = state.files.find(id);
  if (file === null) return null;
  const isShared = () =>
    [...state.directory.channels.values()].some((channel) => channel.botIsMember && isIn(state, channel.id, id));
  return file.owner === state.settings.bot.userId || file.isHandedOver || isShared() ? file : null;
}

function isIn(state: SlackState, channel: string, id: string): boolean {
  return state.messages.list(channel).some(({ fileIds }) => fileIds.includes(id));
}

/** Whether an image block may show this file now: the bot may know of it, it is ready and is a picture of a kind Slack shows. */
export function isShowableFile(state: SlackState, reference: { id?: string; url?: string }): boolean {
  const id = reference.id ?? /\b(F[A-Z0-9]{8,})\b/.exec(reference.url ?? '')?.[1];
  const file = id === undefined ? null : fileOfBot(state, id);
  return file !== null && state.files.isReady(file) && ['image/png', 'image/jpeg', 'image/gif'].includes(file.mimetype);
}
