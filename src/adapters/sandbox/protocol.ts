/**
 * What the sandbox's page and its server say to each other, beside the Slack Web API that the bot speaks.
 * Requests are JSON over HTTP below `/sandbox/`; news arrives over one server-sent event stream a person.
 * `as` is the Slack user id of the person at the page. Errors answer 4xx with `SandboxError`.
 */
import type { HomeView, KnownBlock, ModalView } from '@slack/types';

export interface SandboxPerson {
  id: string;
  name: string;
  realName: string;
  /** What the person switcher shows below the name: "developer, support". */
  title: string;
  /** Background colour of the initials avatar, CSS. */
  colour: string;
  isAdmin: boolean;
  isBot: boolean;
}

export interface SandboxChannel {
  id: string;
  name: string;
  /** `im` is the direct conversation of one person with the bot and is shown to that person alone. */
  kind: 'channel' | 'im';
  topic: string;
  /** False in the one channel where the bot was never invited: posting there answers `not_in_channel`. */
  botIsMember: boolean;
}

export interface SandboxCommand {
  command: string;
  description: string;
  usageHint: string;
}

export interface SandboxFile {
  id: string;
  name: string;
  mimetype: string;
  size: number;
  /** Same-origin address the page may link to or show. */
  href: string;
}

export interface SandboxMessage {
  channel: string;
  ts: string;
  threadTs?: string;
  /** A reply that stands in its channel, too. */
  isBroadcast?: true;
  user: string;
  text: string;
  blocks: KnownBlock[];
  files: SandboxFile[];
  /** Set when only this person sees it. */
  ephemeralTo?: string;
  editedAt?: string;
  replyCount: number;
  permalink: string;
}

export interface SandboxModal {
  id: string;
  /** The stack's depth, 1 to 3; the page shows the topmost. */
  depth: number;
  view: ModalView;
  /** Errors by block id, from the last refused submission. */
  errors: Record<string, string>;
}

/** Everything one person's page shows; `GET /sandbox/state?as=U…`. */
export interface SandboxState {
  team: { id: string; name: string; domain: string };
  me: SandboxPerson;
  people: SandboxPerson[];
  channels: SandboxChannel[];
  commands: SandboxCommand[];
  messages: SandboxMessage[];
  modals: SandboxModal[];
  home: HomeView | null;
  /** False while the bot does not answer: the page says so. */
  botReachable: boolean;
}

/** `GET /sandbox/events?as=U…` (text/event-stream): each `data:` line is one of these. */
export type SandboxEvent =
  | { type: 'message'; message: SandboxMessage }
  | { type: 'message_deleted'; channel: string; ts: string }
  | { type: 'modals'; modals: SandboxModal[] }
  | { type: 'home'; home: HomeView }
  | { type: 'bot_reachable'; reachable: boolean };

/** Where an interactive element was used. */
export type SandboxContainer =
  | { type: 'message'; channel: string; ts: string }
  | { type: 'view'; viewId: string }
  | { type: 'home' };

/** Slack's `view.state.values`: block id, then action id. */
export type SandboxStateValues = Record<string, Record<string, Record<string, unknown>>>;

/** `POST /sandbox/commands`: a slash command typed into a channel. Answers once the bot has acknowledged. */
export interface CommandRequest {
  as: string;
  channel: string;
  text: string;
}
/** `POST /sandbox/messages`: plain words typed into a channel, thread or direct conversation. */
export interface MessageRequest {
  as: string;
  channel: string;
  text: string;
  threadTs?: string;
}
/**
 * `POST /sandbox/actions`: a click or a choice. `action` carries what the person chose (`value`, `selected_option` …);
 * the server looks the element up in the message or view by block and action id and refuses one that is not there.
 */
export interface ActionRequest {
  as: string;
  container: SandboxContainer;
  action: { block_id: string; action_id: string; type: string } & Record<string, unknown>;
  state: SandboxStateValues;
}
/** `POST /sandbox/views/submit`. The answer carries errors by block id where the bot refused. */
export interface SubmitRequest {
  as: string;
  viewId: string;
  state: SandboxStateValues;
}
export interface SubmitAnswer {
  errors: Record<string, string>;
}
/** `POST /sandbox/views/close`: the person dismissed the topmost modal. */
export interface CloseRequest {
  as: string;
  viewId: string;
}
/** `POST /sandbox/home`: the person opened the bot's App Home tab. */
export interface HomeRequest {
  as: string;
}
/** `POST /sandbox/files` (multipart, fields `as` and `file`): for a `file_input`; answers with the file. */
export type UploadAnswer = SandboxFile;

export interface SandboxError {
  /** One sentence for the person at the page. */
  message: string;
}
