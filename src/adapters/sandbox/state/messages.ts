import type { KnownBlock } from '@slack/types';

/** What an app ties to a message for itself to find again. */
export interface MessageMetadata {
  event_type: string;
  event_payload: Record<string, unknown>;
}

/** One message as it is kept, ephemeral ones and replies included. */
export interface StandInMessage {
  channel: string;
  ts: string;
  /** The ts of the message this one answers to. */
  threadTs?: string;
  /** A reply that stands in its channel, too. */
  isBroadcast?: true;
  user: string;
  /** Set on what the app posted. */
  botId?: string;
  text: string;
  /** With the block and action ids that Slack fills in where the app left them out. */
  blocks: KnownBlock[];
  metadata?: MessageMetadata;
  fileIds: string[];
  /** Set when only this person sees it. */
  ephemeralTo?: string;
  /** The ts of the last edit. */
  editedTs?: string;
}

export type MessageChange = { type: 'put'; message: StandInMessage } | { type: 'deleted'; message: StandInMessage };

const MESSAGES_PER_CONVERSATION = 2_000;
const EPHEMERALS_PER_PERSON = 50;

/** All messages of the workspace, oldest first in each conversation. The oldest go when there are too many. */
export class MessageStore {
  readonly #byConversation = new Map<string, StandInMessage[]>();
  readonly #announce: (change: MessageChange) => void;
  readonly #nextTs: () => string;

  constructor(nextTs: () => string, announce: (change: MessageChange) => void, kept: readonly StandInMessage[] = []) {
    this.#nextTs = nextTs;
    this.#announce = announce;
    for (const message of kept) this.#conversation(message.channel).push(message);
  }

  /** Keeps a new message. Nothing is ever deduplicated: two equal posts are two messages, as in Slack. */
  add(message: Omit<StandInMessage, 'ts'>): StandInMessage {
    const added = { ...message, ts: this.#nextTs() };
    const kept = this.#conversation(message.channel);
    kept.push(added);
    if (kept.length > MESSAGES_PER_CONVERSATION) this.#drop(kept[0]);
    if (added.ephemeralTo !== undefined) this.#dropOldEphemerals(added.ephemeralTo);
    this.#announcePut(added);
    return added;
  }

  find(channel: string, ts: string): StandInMessage | null {
    return this.#conversation(channel).findLast((message) => message.ts === ts) ?? null;
  }

  /** Replaces a message's content; its place and ts stay. */
  edit(
    message: StandInMessage,
    content: Partial<Pick<StandInMessage, 'text' | 'blocks' | 'metadata' | 'fileIds'>>,
  ): StandInMessage {
    const kept = this.#conversation(message.channel);
    const index = kept.findIndex(({ ts }) => ts === message.ts);
    const edited = { ...message, ...content, editedTs: this.#nextTs() };
    kept[index] = edited;
    this.#announcePut(edited);
    return edited;
  }

  remove(message: StandInMessage): void {
    this.#drop(message);
    const parent = message.threadTs === undefined ? null : this.find(message.channel, message.threadTs);
    if (parent) this.#announce({ type: 'put', message: parent });
  }

  list(channel: string): readonly StandInMessage[] {
    return this.#conversation(channel);
  }

  /** Those of all conversations. */
  all(): readonly StandInMessage[] {
    return [...this.#byConversation.values()].flat();
  }

  /** The replies in a thread that everybody sees. */
  replies(channel: string, threadTs: string): StandInMessage[] {
    return this.#conversation(channel).filter(
      (message) => message.threadTs === threadTs && message.ephemeralTo === undefined,
    );
  }

  #conversation(channel: string): StandInMessage[] {
    const kept = this.#byConversation.get(channel) ?? [];
    this.#byConversation.set(channel, kept);
    return kept;
  }

  #announcePut(message: StandInMessage): void {
    this.#announce({ type: 'put', message });
    const parent = message.threadTs === undefined ? null : this.find(message.channel, message.threadTs);
    if (parent) this.#announce({ type: 'put', message: parent });
  }

  #drop(message: StandInMessage | undefined): void {
    if (!message) return;
    const kept = this.#conversation(message.channel);
    kept.splice(
      kept.findIndex(({ ts }) => ts === message.ts),
      1,
    );
    this.#announce({ type: 'deleted', message });
  }

  #dropOldEphemerals(person: string): void {
    const theirs = [...this.#byConversation.values()].flat().filter((message) => message.ephemeralTo === person);
    const surplus = theirs.length - EPHEMERALS_PER_PERSON;
    if (surplus <= 0) return;
    for (const message of theirs.toSorted((a, b) => (a.ts < b.ts ? -1 : 1)).slice(0, surplus)) this.#drop(message);
  }
}
