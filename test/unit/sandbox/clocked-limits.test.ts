import { expect, test } from 'vitest';
import { Tickets } from '../../../src/adapters/sandbox/state/tickets.ts';
import { makeTimestamps } from '../../../src/adapters/sandbox/state/timestamps.ts';
import { chatMethods } from '../../../src/adapters/sandbox/web-api/chat-methods.ts';
import { RateLimits } from '../../../src/adapters/sandbox/web-api/rate-limits.ts';

const method = (name: string) => {
  const found = chatMethods.find((candidate) => candidate.name === name);
  if (!found) throw new Error(name);
  return found;
};

test('timestamps rise and never repeat while the clock stands still or is moved back', () => {
  let now = 1_700_000_000_123;
  const nextTs = makeTimestamps(() => now);
  const first = nextTs();
  const second = nextTs();
  now -= 60_000;
  const third = nextTs();
  expect(first).toBe('1700000000.123000');
  expect([first, second, third].toSorted()).toEqual([first, second, third]);
  expect(new Set([first, second, third]).size).toBe(3);
});

test('a channel takes a burst of posts, then one a second, whatever other channels take', () => {
  let now = 0;
  const limits = new RateLimits(() => now);
  const post = (channel: string) => limits.count(method('chat.postMessage'), { channel });
  for (let nth = 0; nth < 4; nth += 1) post('C1');
  expect(() => post('C1')).toThrow('ratelimited');
  post('C2');
  now += 1_000;
  post('C1');
  expect(() => post('C1')).toThrow(expect.objectContaining({ status: 429, headers: { 'retry-after': '1' } }));
});

test('updates are counted in the whole workspace, about fifty a minute', () => {
  const limits = new RateLimits(() => 0);
  for (let nth = 0; nth < 50; nth += 1) limits.count(method('chat.update'), { channel: `C${nth}` });
  expect(() => limits.count(method('chat.update'), { channel: 'C1' })).toThrow('ratelimited');
});

test('a trigger id is good once and for three seconds', () => {
  let now = 0;
  const tickets = new Tickets(() => now);
  const used = tickets.issueTrigger('U1');
  const late = tickets.issueTrigger('U1');
  expect(tickets.redeemTrigger(used).person).toBe('U1');
  expect(() => tickets.redeemTrigger(used)).toThrow('exchanged_trigger_id');
  now = 3_001;
  expect(() => tickets.redeemTrigger(late)).toThrow('expired_trigger_id');
  expect(() => tickets.redeemTrigger('1.2.3')).toThrow('invalid_trigger_id');
});

test('a response url is good five times and for thirty minutes', () => {
  let now = 0;
  const tickets = new Tickets(() => now);
  const used = tickets.issueResponse({ person: 'U1', channel: 'C1' });
  const late = tickets.issueResponse({ person: 'U1', channel: 'C1' });
  for (let nth = 0; nth < 5; nth += 1) tickets.redeemResponse(used);
  expect(() => tickets.redeemResponse(used)).toThrow('used_url');
  now = 30 * 60_000;
  tickets.redeemResponse(late);
  now += 1;
  expect(() => tickets.redeemResponse(late)).toThrow('expired_url');
});
