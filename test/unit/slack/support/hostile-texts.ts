import fc from 'fast-check';

const MARKUP = [
  '<!channel>',
  '<@U0LEE>',
  '&amp;',
  '<https://evil.example|here>',
  '```',
  '*',
  '\u202e',
  '\u0000',
  '🛶',
  'عادل',
  '\n',
  '<',
  '&',
];

/** Any text: odd characters, Slack's markup, and now and then tens of thousands of characters. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...MARKUP, 'word '), { maxLength: 40 }).map((parts) => parts.join('')),
  fc
    .tuple(fc.constantFrom(...MARKUP, 'x'), fc.integer({ min: 100, max: 12_000 }))
    .map(([part, times]) => part.repeat(times)),
);
