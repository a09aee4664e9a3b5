import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import type { StoredFile } from './files.ts';
import type { StandInMessage } from './messages.ts';
import type { SlackState } from './slack-state.ts';

/** What outlives the process. Ephemeral messages, modals, trigger ids and response urls do not. */
export interface KeptState {
  /** Later than every ts that was handed out. */
  lastTs: string;
  /** Oldest first in each conversation. */
  messages: readonly StandInMessage[];
  files: readonly StoredFile[];
}

export const NOTHING_KEPT: KeptState = { lastTs: '0.000000', messages: [], files: [] };

/** How long the text of the kept messages may be in all, in characters. The oldest are left out. */
const MAX_MESSAGES_TEXT = 64 * 1024 * 1024;

const timestamp = z.string().regex(/^\d{1,11}\.\d{6}$/);
const fileId = z.string().regex(/^F[0-9A-Z]{1,20}$/);

const block = z.custom<KnownBlock>((given) => z.looseObject({ type: z.string() }).safeParse(given).success);

const keptMessage = z.object({
  channel: z.string(),
  ts: timestamp,
  threadTs: timestamp.exactOptional(),
  isBroadcast: z.literal(true).exactOptional(),
  user: z.string(),
  botId: z.string().exactOptional(),
  text: z.string(),
  blocks: z.array(block),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).exactOptional(),
  fileIds: z.array(fileId),
  editedTs: timestamp.exactOptional(),
});

const keptFile = z.object({
  id: fileId,
  name: z.string(),
  title: z.string(),
  mimetype: z.string(),
  filetype: z.string(),
  owner: z.string(),
  created: z.number(),
  readyAt: z.number(),
  isHandedOver: z.boolean().default(false),
  /** Bytes of the content, which is in a file of its own. */
  size: z.number(),
});
export type KeptFile = z.infer<typeof keptFile>;

/** The state file's shape. */
export const keptStateSchema = z.object({
  format: z.literal(1),
  lastTs: timestamp,
  files: z.array(keptFile),
  messages: z.array(keptMessage),
});

/** Messages never change, they are replaced: each is written as text once, however often the file is. */
const texts = new WeakMap<StandInMessage, string>();

/** The state file's text, JSON with a message a line. */
export function writeKeptState(state: SlackState): string {
  const files = state.files.list().map(({ content, ...file }): KeptFile => ({ ...file, size: content.length }));
  const head = JSON.stringify({ format: 1, lastTs: state.nextTs(), files });
  return `${head.slice(0, -1)},"messages":[\n${newestThatFit(state).join(',\n')}\n]}\n`;
}

function newestThatFit(state: SlackState): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const message of state.messages.all().toSorted((a, b) => (a.ts < b.ts ? 1 : -1))) {
    if (message.ephemeralTo !== undefined) continue;
    const text = textOf(message);
    length += text.length;
    if (length > MAX_MESSAGES_TEXT) break;
    kept.push(text);
  }
  return kept.reverse();
}

function textOf(message: StandInMessage): string {
  const text = texts.get(message) ?? JSON.stringify(message);
  texts.set(message, text);
  return text;
}
