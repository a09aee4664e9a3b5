import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, inWords, mention, moment } from '../../../src/adapters/slack/blocks/mrkdwn.ts';
import { safeMrkdwn } from '../../../src/adapters/slack/blocks/safe-mrkdwn.ts';
import { clean, cut, escaped, plain } from '../../../src/adapters/slack/blocks/text.ts';
import { plainWord } from '../../../src/adapters/slack/commands/typed-text.ts';
import { hostileText } from './support/hostile-views.ts';

const limit = fc.integer({ min: 3, max: 3_000 });

test('text for mrkdwn is never too long, never empty, holds no token and no half entity', () => {
  fc.assert(
    fc.property(hostileText, limit, (text, max) => {
      const shown = escaped(text, max);
      expect(shown.length).toBeLessThanOrEqual(max);
      expect(shown.trim()).not.toBe('');
      expect(shown).not.toMatch(/[<>\n`]/);
      expect(shown.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
      expect(shown.isWellFormed()).toBe(true);
    }),
  );
});

test('plain text is never too long, never empty and leaves no direction open', () => {
  fc.assert(
    fc.property(hostileText, limit, (text, max) => {
      const shown = plain(text, max);
      expect(shown.length).toBeLessThanOrEqual(max);
      expect(shown.trim()).not.toBe('');
      expect(shown).not.toMatch(/[\u202a-\u202e]/);
      expect((shown.match(/\u2068/g) ?? []).length).toBe((shown.match(/\u2069/g) ?? []).length);
      expect(shown.isWellFormed()).toBe(true);
    }),
  );
});

test('short text stays as it was written', () => {
  expect(escaped('Model of ‘Summarise’ changed', 100)).toBe('Model of ‘Summarise’ changed');
  expect(escaped('a < b & c', 100)).toBe('a &lt; b &amp; c');
  expect(escaped('عادل', 100)).toBe('\u2068عادل\u2069');
  expect(plain('first\nsecond', 100)).toBe('first\nsecond');
  expect(cut('🛶🛶🛶', 4)).toBe('🛶…');
  expect(clean('a\u202eb\u0000c\td')).toBe('abc\td');
});

test('sentences of the rules keep their mentions, and what they quote of people stays text', () => {
  expect(safeMrkdwn('Only <@U0DEV> can. “<!channel>” & <https://x.example|y> &amp; <#C0PROD>', 500)).toBe(
    'Only <@U0DEV> can. “&lt;!channel&gt;” &amp; &lt;https://x.example|y&gt; &amp; <#C0PROD>',
  );
  fc.assert(
    fc.property(hostileText, (text) => {
      const shown = safeMrkdwn(text, 2_000).replace(/<(@[UW][A-Z0-9]+|#C[A-Z0-9]+)>/g, '');
      expect(shown).not.toMatch(/[<>]/);
    }),
  );
});

test('a moment that somebody typed never becomes a link', () => {
  expect(safeMrkdwn('<!date^1^{date}^https://x.example|y> <!date^1^{date}|y>', 500)).toBe(
    '&lt;!date^1^{date}^https://x.example|y&gt; <!date^1^{date}|y>',
  );
});

test('people, moments and lengths of time in words', () => {
  expect(mention('U0DEV')).toBe('<@U0DEV>');
  expect(mention('clock')).toBe('the clock');
  expect(mention('<!channel>')).toBe('&lt;!channel&gt;');
  expect(moment(new Date('2026-11-21T10:00:00Z'))).toBe(
    '<!date^1795255200^{date_short_pretty} {time}|2026-11-21 10:00 UTC>',
  );
  expect(inWords(['a'])).toBe('a');
  expect(inWords(['a', 'b', 'c'])).toBe('a, b and c');
  const minute = 60_000;
  expect([
    duration(10),
    duration(minute),
    duration(61 * minute),
    duration(1_441 * minute),
    duration(52 * 60 * minute + 5),
  ]).toEqual(['less than a minute', '1 minute', '1 hour 1 minute', '1 day', '2 days 4 hours']);
});

/** Long enough that looking through it once for each of its characters takes minutes. */
const ENDLESS = 300_000;

test('a line break becomes one blank with those around it, and endless blanks keep nobody waiting', () => {
  expect(escaped('a \t\n\n  b  c', 100)).toBe('a b  c');
  expect(escaped(`a${' '.repeat(ENDLESS)}b`, 100)).toHaveLength(100);
});

test('quotes around a word go, those inside stay, and endless ones keep nobody waiting', () => {
  expect(plainWord('“"it\'s"”')).toBe("it's");
  const endless = `a${'"'.repeat(ENDLESS)}b`;
  expect(plainWord(endless)).toBe(endless);
});
