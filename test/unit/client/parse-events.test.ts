import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeEventParser } from '../../../src/client/parse-events.ts';

const STREAM =
  'retry: 1000\nid: 7\n\n: still here\n\nid: 8\r\nevent: resolved-changed\r\ndata: {"a":1}\r\n\r\ndata:one\rdata: two ✓\r\rid: 9\nevent: lost';

describe('reading server-sent events', () => {
  it('gives the same events however the network cuts them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
        const parser = makeEventParser();
        const places = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
        const parts = places.slice(1).map((place, nth) => STREAM.slice(places[nth], place));
        expect(parts.flatMap((part) => parser.push(part))).toEqual([
          { event: 'resolved-changed', data: '{"a":1}', id: '8' },
          { event: 'message', data: 'one\ntwo ✓', id: '8' },
        ]);
      }),
    );
  });

  it('resumes after the last event that came whole, not after one that broke off', () => {
    const parser = makeEventParser('5');
    parser.push('id: 6\nevent: resolved-changed\ndata: {}\n\nid: 7\nevent: resolved-ch');
    expect(parser.lastId()).toBe('6');
  });

  it('knows where to resume before anything happened', () => {
    const parser = makeEventParser();
    expect(parser.push('retry: 1000\nid: 41\n\n')).toEqual([]);
    expect(parser.lastId()).toBe('41');
  });

  it('takes no id that a header could not carry', () => {
    const parser = makeEventParser('5');
    parser.push('id: a\0b\n\nid: ✓\n\n');
    expect(parser.lastId()).toBe('5');
  });

  it.each([
    ['a line that never ends', 'data: '.padEnd(300_000, 'x')],
    ['an event that never ends', 'data: x\n'.repeat(60_000)],
  ])('keeps no %s', (_what, text) => {
    expect(() => makeEventParser().push(text)).toThrow(RangeError);
  });
});
