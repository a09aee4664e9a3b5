import { describe, expect, it } from 'vitest';
import { type Inline, parseMrkdwn, parsePlain } from '../../../src/adapters/sandbox/page/text/mrkdwn.ts';
import { isSafeLink } from '../../../src/adapters/sandbox/page/text/mrkdwn-token.ts';

/** The runs of a text that is a single paragraph. */
function runs(text: string): Inline[] {
  const [piece] = parseMrkdwn(text);
  return piece?.kind === 'lines' ? piece.children : [];
}

const text = (words: string): Inline => ({ kind: 'text', text: words });

describe('marks', () => {
  it('reads bold, italic, struck and code, and nests the first three', () => {
    expect(runs('*bold _both_* ~gone~ `code *not bold*`')).toEqual([
      { kind: 'strong', children: [text('bold '), { kind: 'emphasis', children: [text('both')] }] },
      text(' '),
      { kind: 'strike', children: [text('gone')] },
      text(' '),
      { kind: 'code', text: 'code *not bold*' },
    ]);
  });

  it.each(['snake_case_name', '2*3*4', 'x*y* z', '* not a mark *', '*never closed', 'a ~ b ~ c', '``', '**'])(
    'leaves %s as it was typed',
    (typed) => {
      expect(runs(typed)).toEqual([text(typed)]);
    },
  );

  it('does not carry a mark over the end of a line', () => {
    expect(runs('*one\ntwo*')).toEqual([text('*one\ntwo*')]);
  });

  it('reads a line of ten thousand unclosed marks in proportion to its length', () => {
    const typed = '*a _b ~c `d <e :f '.repeat(10_000);
    expect(runs(typed).length).toBeGreaterThan(0);
  });
});

describe('tokens', () => {
  it('reads mentions of people and channels, with and without their label', () => {
    expect(runs('<@U1> <@U2|Lee> <#C1|general>')).toEqual([
      { kind: 'user', id: 'U1', label: null },
      text(' '),
      { kind: 'user', id: 'U2', label: 'Lee' },
      text(' '),
      { kind: 'channel', id: 'C1', label: 'general' },
    ]);
  });

  it('reads links with their words, and bare addresses without the full stop after them', () => {
    expect(runs('<https://a.example/?x=1&amp;y=2|the *page*> and https://b.example/c_d.')).toEqual([
      { kind: 'link', href: 'https://a.example/?x=1&y=2', label: 'the *page*' },
      text(' and '),
      { kind: 'link', href: 'https://b.example/c_d', label: 'https://b.example/c_d' },
      text('.'),
    ]);
  });

  it('never makes a link of an address that runs code', () => {
    expect(runs('<javascript:alert(1)|click>')).toEqual([text('<javascript:alert(1)|click>')]);
    expect(['javascript:x', 'data:text/html,x', '//elsewhere.example', 'vbscript:x'].filter(isSafeLink)).toEqual([]);
  });

  it('reads dates, broadcasts and user groups', () => {
    expect(runs('<!date^1700000000^{date_short} at {time}|Nov 14> <!here> <!subteam^S1|@leads>')).toEqual([
      { kind: 'date', seconds: 1_700_000_000, format: '{date_short} at {time}', href: null, fallback: 'Nov 14' },
      text(' '),
      { kind: 'broadcast', range: 'here' },
      text(' '),
      { kind: 'group', id: 'S1', label: '@leads' },
    ]);
  });

  it('turns escaped characters back and reads no markup out of them', () => {
    expect(runs('&lt;@U1&gt; &amp;amp;')).toEqual([text('<@U1> &amp;')]);
  });

  it('reads shortcodes, with or without a skin tone, but not an address with a port', () => {
    expect(runs(':+1::skin-tone-3: 127.0.0.1:3000')).toEqual([{ kind: 'emoji', name: '+1' }, text(' 127.0.0.1:3000')]);
  });
});

describe('pieces', () => {
  it('keeps code blocks whole, with their entities turned back and nothing else read', () => {
    expect(parseMrkdwn('before\n```\nif (a &lt; b) *x*\n  <@U1>\n```\nafter')).toEqual([
      { kind: 'lines', children: [text('before')] },
      { kind: 'code', text: 'if (a < b) *x*\n  <@U1>' },
      { kind: 'lines', children: [text('after')] },
    ]);
  });

  it('gathers quoted lines, written with > or its escape', () => {
    expect(parseMrkdwn('&gt; one\n> two\nthree')).toEqual([
      { kind: 'quote', children: [text('one\ntwo')] },
      { kind: 'lines', children: [text('three')] },
    ]);
  });

  it('leaves a fence that is never closed as it was typed', () => {
    expect(parseMrkdwn('```open')).toEqual([{ kind: 'lines', children: [text('```open')] }]);
  });

  it('reads nothing but shortcodes in plain text', () => {
    expect(parsePlain('*a* :rocket: <@U1>')).toEqual([text('*a* '), { kind: 'emoji', name: 'rocket' }, text(' <@U1>')]);
  });
});
