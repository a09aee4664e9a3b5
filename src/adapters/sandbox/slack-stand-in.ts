import type { HomeView } from '@slack/types';
import type { DeliveryKind } from './dispatch/bot-link.ts';
import type { PlainChoice } from './dispatch/plain-choice.ts';
import type { BotAnswer } from './dispatch/post-to-bot.ts';
import type { SentEvent } from './dispatch/send-event.ts';
import type { SandboxModal, SandboxStateValues } from './protocol.ts';
import type { StandInPerson } from './stand-in-options.ts';
import type { StandInMessage } from './state/messages.ts';
import type { StandInChange } from './state/slack-state.ts';
import type { LoggedCall } from './web-api/call-log.ts';
import type { PlannedFailure } from './web-api/planned-failures.ts';

/** Where an element is: in a message, in an open modal, or in the person's Home tab. */
export type Place = { channel: string; ts: string } | { viewId: string } | { home: true };

export interface ClickExtra {
  /** Where several blocks have the same action id. */
  blockId?: string;
  /** What was chosen in a menu, or typed; a button needs none. */
  choose?: PlainChoice;
  /** What other elements around it hold, by block or action id. */
  entered?: Readonly<Record<string, PlainChoice>>;
}

/** A running stand-in: the addresses for the bot, and hands for tests to act as people with. */
export interface SlackStandIn {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What `SLACK_API_URL` is set to. */
  readonly apiUrl: string;
  stop(): Promise<void>;

  /** Types a slash command and waits for its acknowledgement. Status 0: no answer within Slack's time. */
  type(as: string, channel: string, text: string): Promise<{ status: number; body: string }>;
  /** Says something that is no command. */
  say(as: string, channel: string, text: string, threadTs?: string): StandInMessage;
  /** Uses a button or menu. Rejects when it is not there for this person; then the bot heard nothing. */
  click(as: string, where: Place, actionId: string, extra?: ClickExtra): Promise<{ status: number; body: string }>;
  /** Submits the topmost modal; values by block or action id. Answers with the errors shown, none when it was taken. */
  submitView(
    as: string,
    viewId: string,
    values: Readonly<Record<string, PlainChoice>>,
  ): Promise<{ errors: Record<string, string> }>;
  /** Dismisses the topmost modal. */
  closeView(as: string, viewId: string): Promise<void>;
  /** Opens the app's Home tab. */
  openHome(as: string): Promise<SentEvent | null>;
  /** Puts a file where a `file_input` can take it; choose it by its id. */
  uploadFile(as: string, name: string, content: string | Buffer): { id: string };

  /** All messages of a conversation, oldest first; ephemeral ones and replies included. */
  messages(channel: string): readonly StandInMessage[];
  /** The id of somebody's direct conversation with the bot. */
  imOf(person: string): string;
  /** A person's open modals, the topmost last. */
  modals(as: string): SandboxModal[];
  home(as: string): HomeView | null;
  /** Calls of the Web API and of response urls (`response_url`), oldest first; the last 5,000. */
  readonly calls: readonly LoggedCall[];
  /** Calls the listener at every change a page would show. */
  onChange(listener: (change: StandInChange) => void): () => void;

  /** Makes the next calls of a method fail: a Web API method's name, `response_url`, or `*` for any. */
  failNext(method: string, failure: PlannedFailure, times?: number): void;
  /** Sends the last request of a kind again, byte for byte. */
  replayLast(kind: DeliveryKind): Promise<{ status: number; body: string }>;
  /** Posts any body, signed unless headers say otherwise (`x-slack-signature`, `x-slack-request-timestamp`, `content-type`). */
  signedPost(body: string, headers?: Record<string, string>): Promise<BotAnswer>;
  /** Sends an Events API event, with Slack's repeats. */
  sendEvent(event: { type: string } & Record<string, unknown>): Promise<SentEvent>;
  /** Changes somebody's account; the bot hears of it by `user_change` where it subscribed to that. */
  setPerson(id: string, patch: Partial<Omit<StandInPerson, 'id'>>): void;
  setBotMember(channel: string, isMember: boolean): void;
  /** Whether to answer 429 as Slack would, from now on. */
  limitRates(on: boolean): void;
}

export type { SandboxStateValues };
