import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asksForHelp,
  parseDecision,
  parseDeploy,
  parsePromote as parsePromoteAt,
  parseRollback,
} from '../../../src/adapters/slack/commands/parse-act.ts';
import {
  parseDiff,
  parseHistory,
  parseLabel,
  parseRole,
  parseStatus,
  parseUnquarantine,
  parseWorkflowChange,
} from '../../../src/adapters/slack/commands/parse-towpath.ts';
import {
  plainSentence,
  plainText,
  plainWord,
  REASON_MAX,
  takeWords,
  typedPerson,
} from '../../../src/adapters/slack/commands/typed-text.ts';
import { Refusal } from '../../../src/domain/refusal.ts';

const NBSP = '\u00a0';
const NOW = { now: new Date('2026-11-21T10:00:00Z'), timeZone: 'Europe/Berlin' };
const parsePromote = (text: string) => parsePromoteAt(text, NOW);

describe('/deploy', () => {
  test.each([
    ['summarize-flow', { workflow: 'summarize-flow' }],
    ['  Summarize-Flow  ', { workflow: 'summarize-flow' }],
    ['summarize-flow v12', { workflow: 'summarize-flow', version: 'v12' }],
    [`“summarize-flow”${NBSP}12`, { workflow: 'summarize-flow', version: '12' }],
    ['summarize-flow v12 a fix', { workflow: 'summarize-flow', version: 'v12', reason: 'a fix' }],
    ['summarize-flow to staging', { workflow: 'summarize-flow', version: 'staging' }],
    ['summarize-flow to', { workflow: 'summarize-flow', version: 'to' }],
  ])('%j', (text, typed) => expect(parseDeploy(text)).toEqual(typed));
});

describe('/promote', () => {
  test.each([
    ['flow staging', { workflow: 'flow', environment: 'staging' }],
    ['flow to staging', { workflow: 'flow', environment: 'staging' }],
    ['flow stg ready for the pilot', { workflow: 'flow', environment: 'stg', reason: 'ready for the pilot' }],
    ['flow stg “ready”', { workflow: 'flow', environment: 'stg', reason: 'ready' }],
    ['flow stg “a” and “b”', { workflow: 'flow', environment: 'stg', reason: '“a” and “b”' }],
    ['flow stg it is &lt;5 &amp; &gt;3', { workflow: 'flow', environment: 'stg', reason: 'it is <5 & >3' }],
    [
      'flow stg as <@U1|ada> said in <#C1|ops>',
      { workflow: 'flow', environment: 'stg', reason: 'as @ada said in #ops' },
    ],
    ['flow stg see <https://x.example/a|the page>', { workflow: 'flow', environment: 'stg', reason: 'see the page' }],
    ['flow stg see <https://x.example/a>', { workflow: 'flow', environment: 'stg', reason: 'see https://x.example/a' }],
    ['flow stg <!channel> <!subteam^S1|@team>', { workflow: 'flow', environment: 'stg', reason: '@channel @team' }],
    ['flow stg &lt;!channel&gt;', { workflow: 'flow', environment: 'stg', reason: '<!channel>' }],
    ['flow stg first line\nsecond line', { workflow: 'flow', environment: 'stg', reason: 'first line\nsecond line' }],
  ])('%j', (text, typed) => expect(parsePromote(text)).toEqual(typed));

  test.each(['', 'flow', 'flow to'])('%j is refused with an example to copy', (text) => {
    expect(() => parsePromote(text)).toThrow(Refusal);
    expect(() => parsePromote(text)).toThrow('/promote summarize-flow staging');
  });
});

describe('/approve and /reject', () => {
  test.each([
    ['flow', { workflow: 'flow' }],
    ['flow stg', { workflow: 'flow', second: 'stg', all: 'stg' }],
    ['flow stg too low', { workflow: 'flow', second: 'stg', all: 'stg too low', afterSecond: 'too low' }],
  ])('%j keeps both readings of the second word', (text, typed) =>
    expect(parseDecision('reject', text)).toEqual(typed),
  );
});

describe('/rollback', () => {
  test.each([
    ['flow prod', { workflow: 'flow', environment: 'prod' }],
    ['flow prod wrong answers', { workflow: 'flow', environment: 'prod', reason: 'wrong answers' }],
    ['flow prod to v12', { workflow: 'flow', environment: 'prod', reason: 'to v12', toVersion: { to: 'v12' } }],
    [
      'flow prod TO v12 as it broke',
      {
        workflow: 'flow',
        environment: 'prod',
        reason: 'TO v12 as it broke',
        toVersion: { to: 'v12', reason: 'as it broke' },
      },
    ],
    ['flow prod to', { workflow: 'flow', environment: 'prod', reason: 'to' }],
  ])('%j', (text, typed) => expect(parseRollback(text)).toEqual(typed));
});

describe('/towpath', () => {
  test('each word reads what it needs', () => {
    expect(parseStatus('')).toEqual({});
    expect(parseStatus(' Flow ')).toEqual({ workflow: 'flow' });
    expect(parseHistory('flow prod')).toEqual({ workflow: 'flow', environment: 'prod' });
    expect(parseDiff('flow v1 prod')).toEqual({ workflow: 'flow', from: 'v1', to: 'prod' });
    expect(parseLabel('flow v1 add-urgency first of them')).toEqual({
      workflow: 'flow',
      version: 'v1',
      label: 'add-urgency',
      note: 'first of them',
    });
    expect(parseUnquarantine('flow v1 was not it')).toEqual({ workflow: 'flow', version: 'v1', reason: 'was not it' });
  });
  test('a person is a mention with any name, or a plain name', () => {
    expect(parseRole('<@U0ADA|ada lovelace> Lead support, growth')).toEqual({
      person: { userId: 'U0ADA' },
      role: 'lead',
      departments: ['support', 'growth'],
    });
    expect(parseRole(`@ada${NBSP}lead`)).toEqual({ person: { name: 'ada' }, role: 'lead', departments: [] });
    expect(parseWorkflowChange('flow owner <@W0LIA>')).toEqual({
      workflow: 'flow',
      change: { owner: { userId: 'W0LIA' } },
    });
    expect(parseWorkflowChange('flow Department Support')).toEqual({
      workflow: 'flow',
      change: { department: 'Support' },
    });
  });
  test.each(['@ada boss', '@ada', '', 'flow owner', 'flow department', 'flow v1'])(
    '%j is refused with how it is written',
    (text) => {
      for (const parse of [parseRole, parseWorkflowChange, parseUnquarantine])
        expect(() => parse(text)).toThrow(/Write `\/towpath /);
    },
  );
});

test.each([
  ['', true],
  ['  help ', true],
  ['Help', true],
  ['?', true],
  ['help me', false],
  ['flow', false],
])('%j asks for help: %s', (text, asks) => expect(asksForHelp(text)).toBe(asks));

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom('<@U1|a b>', '<', '>', '|', '&amp;', '&lt;', 'flow', 'to', 'v1', ' ', NBSP, '“', '\u200b', '\n'),
    )
    .map((parts) => parts.join('')),
);
const PARSERS = [
  parseDeploy,
  parsePromote,
  parseRollback,
  parseStatus,
  parseHistory,
  parseDiff,
  parseLabel,
  parseRole,
  parseWorkflowChange,
  parseUnquarantine,
];

test('whatever is typed is read or refused with a sentence, never a crash', () => {
  fc.assert(
    fc.property(anything, fc.constantFrom(...PARSERS), (text, parse) => {
      try {
        parse(text);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    }),
    { numRuns: 500 },
  );
});

test('the words and the rest are all that was typed: nothing is lost between them', () => {
  const word = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(' ', NBSP, '\u2009', '\n', '  '),
      fc.nat(8),
      (words, blank, count) => {
        const taken = takeWords(words.join(blank), count);
        expect([...taken.words, ...taken.rest.split(/\s+/).filter(Boolean)]).toEqual(words);
      },
    ),
  );
});

test('a reason is kept to the last of 10,000 characters, and what nobody typed is no reason', () => {
  expect(plainSentence('x'.repeat(10_000))).toHaveLength(REASON_MAX);
  expect(plainSentence('x'.repeat(10_001))).toHaveLength(REASON_MAX);
  expect(plainSentence(` ${NBSP}\u200b `)).toBeNull();
  expect(plainSentence('“”')).toBeNull();
  expect(plainSentence('👩‍👩‍👧 family')).toBe('👩‍👩‍👧 family');
});

test('what Slack escaped is read back exactly, and nothing typed becomes a token', () => {
  const asSlackDoes = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plainText(asSlackDoes(text))).toBe(text);
    }),
  );
});

test('a word loses its quotes and what cannot be seen', () => {
  expect(plainWord('«summarize\u00ad-flow»')).toBe('summarize-flow');
  expect(typedPerson('\u200e<@U0ADA>')).toEqual({ userId: 'U0ADA' });
  expect(typedPerson('“@Ada”')).toEqual({ name: 'Ada' });
  expect(typedPerson('@')).toBeNull();
});
