import { describe, expect, it } from 'vitest';
import {
  entriesOf,
  replyCountOf,
  rootsOf,
  threadOf,
  unreadOf,
} from '../../../src/adapters/sandbox/page/messages/conversation.ts';
import { afterEvent, compareTs, inOrder, MESSAGE_LIMIT } from '../../../src/adapters/sandbox/page/sandbox-state.ts';
import type { SandboxMessage, SandboxState } from '../../../src/adapters/sandbox/protocol.ts';

const message = (ts: string, more: Partial<SandboxMessage> = {}): SandboxMessage => ({
  channel: 'C1',
  ts,
  user: 'U1',
  text: `at ${ts}`,
  blocks: [],
  files: [],
  replyCount: 0,
  permalink: '',
  ...more,
});
const state = (messages: SandboxMessage[]): SandboxState => ({
  team: { id: 'T', name: 'T', domain: 't' },
  me: { id: 'U1', name: 'u', realName: 'U', title: '', colour: '', isAdmin: false, isBot: false },
  people: [],
  channels: [],
  commands: [],
  messages,
  modals: [],
  home: null,
  botReachable: true,
});
const stamps = ({ messages }: SandboxState) => messages.map(({ ts }) => ts);

describe('news', () => {
  it('adds a message in its place', () => {
    const before = state([message('10.000001'), message('10.000003')]);
    expect(stamps(afterEvent(before, { type: 'message', message: message('10.000002') }))).toEqual([
      '10.000001',
      '10.000002',
      '10.000003',
    ]);
  });

  it('replaces a message that is known, in place, and changes nothing when repeated', () => {
    const before = state([message('1.000001'), message('2.000001')]);
    const event = { type: 'message', message: message('1.000001', { text: 'changed' }) } as const;
    const once = afterEvent(before, event);
    expect(once.messages[0]?.text).toBe('changed');
    expect(afterEvent(once, event)).toEqual(once);
  });

  it('takes equal timestamps of two channels for two messages', () => {
    const after = afterEvent(state([message('1.000001')]), {
      type: 'message',
      message: message('1.000001', { channel: 'C2' }),
    });
    expect(after.messages).toHaveLength(2);
  });

  it('removes a deleted message only', () => {
    const before = state([message('1.000001'), message('1.000001', { channel: 'C2' })]);
    expect(afterEvent(before, { type: 'message_deleted', channel: 'C1', ts: '1.000001' }).messages).toEqual([
      message('1.000001', { channel: 'C2' }),
    ]);
  });

  it('keeps a bounded number of messages, dropping the oldest', () => {
    const full = state(Array.from({ length: MESSAGE_LIMIT }, (_, at) => message(`${at + 1}.000001`)));
    const after = afterEvent(full, { type: 'message', message: message(`${MESSAGE_LIMIT + 1}.000001`) });
    expect(after.messages).toHaveLength(MESSAGE_LIMIT);
    expect(stamps(after)[0]).toBe('2.000001');
  });

  it('follows modals, the home tab and the bot’s silence', () => {
    const home = { type: 'home' as const, blocks: [] };
    expect(afterEvent(state([]), { type: 'home', home }).home).toBe(home);
    expect(afterEvent(state([]), { type: 'bot_reachable', reachable: false }).botReachable).toBe(false);
    expect(afterEvent(state([]), { type: 'modals', modals: [] }).modals).toEqual([]);
  });
});

it('orders timestamps by all of their digits, and a fetched state by them', () => {
  expect(compareTs('1700000000.000009', '1700000000.000010')).toBeLessThan(0);
  expect(stamps(inOrder(state([message('3.000001'), message('1.000001', { channel: 'C2' })])))).toEqual([
    '1.000001',
    '3.000001',
  ]);
});

describe('a conversation', () => {
  const root = message('1.000001', { replyCount: 1 });
  const reply = message('2.000001', { threadTs: '1.000001' });
  const all = [root, reply, message('3.000001', { user: 'U2' })];

  it('shows replies in their thread only and counts those it knows of', () => {
    expect(rootsOf(all, 'C1').map(({ ts }) => ts)).toEqual(['1.000001', '3.000001']);
    expect(threadOf(all, 'C1', '1.000001')).toEqual([root, reply]);
    expect(replyCountOf([...all, message('4.000001', { threadTs: '1.000001' })], root)).toBe(2);
  });

  it('shows a reply that was sent to the channel, too, in both', () => {
    const both = message('4.000001', { threadTs: '1.000001', isBroadcast: true });
    expect(rootsOf([...all, both], 'C1')).toContain(both);
    expect(threadOf([...all, both], 'C1', '1.000001')).toContain(both);
  });

  it('tucks a message under the same person’s one before it, but not across days, blocks or privacy', () => {
    const tucked = (one: SandboxMessage, other: SandboxMessage) => entriesOf([one, other])[1]?.continues;
    expect(tucked(message('100.000001'), message('160.000001'))).toBe(true);
    expect(tucked(message('100.000001'), message('160.000001', { user: 'U2' }))).toBe(false);
    expect(tucked(message('100.000001'), message('500.000001'))).toBe(false);
    expect(tucked(message('100.000001'), message('160.000001', { ephemeralTo: 'U1' }))).toBe(false);
    expect(tucked(message('100.000001'), message('160.000001', { blocks: [{ type: 'divider' }] }))).toBe(false);
    expect(entriesOf([message('100.000001'), message('100000.000001')])[1]?.startsDay).toBe(true);
  });
});

describe('what is unread', () => {
  const channel = { id: 'C1', kind: 'channel' as const };

  it('is what others wrote since one looked', () => {
    const messages = [message('1.000001', { user: 'U2' }), message('2.000001', { user: 'U2' }), message('3.000001')];
    expect(unreadOf(messages, channel, 'U1', '1.000001')).toEqual({ any: true, forMe: 0 });
    expect(unreadOf(messages, channel, 'U1', '2.000001')).toEqual({ any: false, forMe: 0 });
  });

  it('is for the person where it mentions them, in words or in blocks, or is said to them alone', () => {
    const mentioned = message('1.000001', { user: 'U2', text: 'hi <@U1>' });
    const inBlock = message('2.000001', {
      user: 'U2',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '<@U1|one>' } }],
    });
    expect(unreadOf([mentioned, inBlock], channel, 'U1', null).forMe).toBe(2);
    expect(unreadOf([message('1.000001', { user: 'U2' })], { id: 'C1', kind: 'im' }, 'U1', null).forMe).toBe(1);
  });

  it('does not light up for a reply in a thread that names nobody', () => {
    expect(unreadOf([message('2.000001', { user: 'U2', threadTs: '1.000001' })], channel, 'U1', null).any).toBe(false);
  });
});
