import type { SandboxMessage } from '../../protocol.ts';
import { compareTs, dateOfTs } from '../sandbox-state.ts';

/** One message as it stands in a list: with its day's name above it, or tucked under the one before it. */
export interface ConversationEntry {
  message: SandboxMessage;
  startsDay: boolean;
  /** Written by the same person shortly after: shown without the avatar and the name. */
  continues: boolean;
}

const TOGETHER_MS = 5 * 60_000;

/** True for what stands in the channel itself; replies live in their thread, and some in both. */
export function isRoot(message: SandboxMessage): boolean {
  return message.threadTs === undefined || message.threadTs === message.ts || message.isBroadcast === true;
}

/** What the channel's own list shows, oldest first. */
export function rootsOf(messages: readonly SandboxMessage[], channel: string): SandboxMessage[] {
  return messages.filter((message) => message.channel === channel && isRoot(message));
}

/** The message that opened the thread and its replies, oldest first. */
export function threadOf(messages: readonly SandboxMessage[], channel: string, ts: string): SandboxMessage[] {
  return messages.filter((message) => message.channel === channel && (message.ts === ts || message.threadTs === ts));
}

/** How often people answered; the server's count wins where it knows of more replies than this page does. */
export function replyCountOf(messages: readonly SandboxMessage[], root: SandboxMessage): number {
  const known = messages.filter(
    (message) => message.channel === root.channel && message.threadTs === root.ts && message.ts !== root.ts,
  );
  return Math.max(root.replyCount, known.length);
}

/** Adds what the list shows between and beside the messages. */
export function entriesOf(messages: readonly SandboxMessage[]): ConversationEntry[] {
  return messages.map((message, at) => {
    const before = messages[at - 1];
    const startsDay = before === undefined || !isSameDay(before, message);
    return { message, startsDay, continues: before !== undefined && !startsDay && belongsTogether(before, message) };
  });
}

function isSameDay(one: SandboxMessage, other: SandboxMessage): boolean {
  return dateOfTs(one.ts).toDateString() === dateOfTs(other.ts).toDateString();
}

function belongsTogether(before: SandboxMessage, message: SandboxMessage): boolean {
  return (
    before.user === message.user &&
    before.blocks.length === 0 &&
    message.blocks.length === 0 &&
    (before.ephemeralTo === undefined) === (message.ephemeralTo === undefined) &&
    dateOfTs(message.ts).getTime() - dateOfTs(before.ts).getTime() < TOGETHER_MS
  );
}

/** What is unread in a channel for a person who last looked at it at `seenTs` (null: never). */
export interface Unread {
  /** Anything new: the name turns bold. */
  any: boolean;
  /** New messages that are for this person: what the badge counts. */
  forMe: number;
}

/** Own messages are never news; a direct conversation, an ephemeral message and a mention are for the person. */
export function unreadOf(
  messages: readonly SandboxMessage[],
  channel: { id: string; kind: 'channel' | 'im' },
  me: string,
  seenTs: string | null,
): Unread {
  const fresh = messages.filter(
    (message) =>
      message.channel === channel.id && message.user !== me && (seenTs === null || compareTs(message.ts, seenTs) > 0),
  );
  const forMe = fresh.filter((message) => channel.kind === 'im' || mentions(message, me));
  return { any: fresh.some(isRoot) || forMe.length > 0, forMe: forMe.length };
}

function mentions(message: SandboxMessage, me: string): boolean {
  if (message.ephemeralTo === me) return true;
  const mark = `<@${me}`;
  return message.text.includes(mark) || JSON.stringify(message.blocks).includes(mark);
}
