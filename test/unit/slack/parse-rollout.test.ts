import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePromote as parsePromoteAt } from '../../../src/adapters/slack/commands/parse-act.ts';
import { parseRollout } from '../../../src/adapters/slack/commands/parse-rollout.ts';
import { Refusal } from '../../../src/domain/refusal.ts';

const NBSP = '\u00a0';
const NOW = { now: new Date('2026-11-21T10:00:00Z'), timeZone: 'Europe/Berlin' };
const parsePromote = (text: string) => parsePromoteAt(text, NOW);
const flow = { workflow: 'flow', environment: 'prod' };

describe('/promote … --canary', () => {
  test.each([
    ['flow prod --canary 10%', { ...flow, canary: 1_000 }],
    ['flow prod --canary=10%', { ...flow, canary: 1_000 }],
    ['flow prod --canary 10', { ...flow, canary: 1_000 }],
    ['flow prod --canary 0.5% after the fix', { ...flow, canary: 50, reason: 'after the fix' }],
    ['flow to prod --canary 100%', { ...flow, canary: 10_000 }],
    ['flow prod --canary 0%', { ...flow, canary: 0 }],
    ['flow prod ready for the pilot --canary 10%', { ...flow, canary: 1_000, reason: 'ready for the pilot' }],
    ['flow --canary 10% prod', { ...flow, canary: 1_000 }],
    ['--CANARY 10% flow prod', { ...flow, canary: 1_000 }],
    [`flow prod —canary${NBSP}10${NBSP}%`, { ...flow, canary: 1_000 }],
    ['flow prod –canary “10%”', { ...flow, canary: 1_000 }],
    ['flow prod --canary : 10 % it is &lt;5', { ...flow, canary: 1_000, reason: 'it is <5' }],
    ['flow prod --canary10%', { ...flow, canary: 1_000 }],
    ['flow prod canaries sing --dashed and -x', { ...flow, reason: 'canaries sing --dashed and -x' }],
    ['flow prod down from 12% to 3%', { ...flow, reason: 'down from 12% to 3%' }],
  ])('%j', (text, typed) => expect(parsePromote(text)).toEqual(typed));

  test.each([
    ['flow prod --canary', 'How large is the canary?'],
    ['flow prod --canary half', '“half” is no share.'],
    ['flow prod --canary 101%', '“101%” is no share.'],
    ['flow prod --canary -5%', '“-5%” is no share.'],
    ['flow prod --canary 0.125%', '“0.125%” is no share.'],
    ['flow prod --canary 10% --canary 20%', 'said twice'],
    ['flow prod --cannary 10%', 'did you mean --canary?'],
    ['flow prod —canry 10%', 'did you mean --canary?'],
    ['flow prod 10%', 'That takes --canary.'],
    ['flow prod 10 %', 'That takes --canary.'],
    ['flow prod canary 10', 'That takes --canary.'],
  ])('%j is refused rather than read as a whole promotion', (text, words) => {
    expect(() => parsePromote(text)).toThrow(Refusal);
    expect(() => parsePromote(text)).toThrow(words);
    expect(() => parsePromote(text)).toThrow('`/promote summarize-flow production --canary 10%`');
  });
});

describe('/towpath rollout', () => {
  test.each([
    ['flow prod', { kind: 'show' }],
    ['Flow prod  ', { kind: 'show' }],
    ['flow prod 50%', { kind: 'share', share: 5_000 }],
    ['flow prod 50 %', { kind: 'share', share: 5_000 }],
    ['flow prod to 0.25%', { kind: 'share', share: 25 }],
    [`flow prod “50%”`, { kind: 'share', share: 5_000 }],
    ['flow prod Finish', { kind: 'finish' }],
    ['flow prod abort', { kind: 'abort' }],
    ['flow prod abort it answers in French', { kind: 'abort', reason: 'it answers in French' }],
    ['flow prod abort 10%', { kind: 'abort', reason: '10%' }],
  ])('%j', (text, act) => expect(parseRollout(text)).toEqual({ ...flow, act }));

  test.each([
    ['', 'The rollout of which workflow'],
    ['flow', 'In which environment is flow rolled out?'],
    ['flow prod 150%', '“150%” is no share.'],
    ['flow prod -1', '“-1” is no share.'],
    ['flow prod 1,5%', '“1,5%” is no share.'],
    ['flow prod finish tomorrow', '“tomorrow” says nothing after finish'],
    ['flow prod 50% if all is well', '“if all is well” says nothing after 50%'],
    ['flow prod stop', 'Did you mean `abort`?'],
    ['flow prod cancel', 'Did you mean `abort`?'],
    ['flow prod finsh', 'Did you mean `finish`?'],
    ['flow prod complete', 'Did you mean `finish`?'],
    ['flow prod to', 'A rollout knows no “to”.'],
    ['flow prod constructor', 'A rollout knows no “constructor”.'],
  ])('%j is refused with how it is written', (text, words) => {
    expect(() => parseRollout(text)).toThrow(Refusal);
    expect(() => parseRollout(text)).toThrow(words);
    expect(() => parseRollout(text)).toThrow('`/towpath rollout WORKFLOW ENVIRONMENT');
  });
});

test('whatever is typed is read or refused with a sentence, and never acts without its word', () => {
  const parts = fc.constantFrom(
    'flow',
    'prod',
    '--canary',
    '—canary=',
    '10%',
    '%',
    'abort',
    'finish',
    ' ',
    NBSP,
    '<@U1|a b>',
    '\n',
  );
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.array(parts).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(anything, (text) => {
      for (const parse of [parsePromote, parseRollout]) {
        try {
          const { act = null } = parse(text) as { act?: { kind: string } };
          if (act?.kind === 'abort' || act?.kind === 'finish') expect(text.toLowerCase()).toContain(act.kind);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
      }
    }),
    { numRuns: 500 },
  );
});
