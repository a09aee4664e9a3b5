import { expect, test } from 'vitest';
import { parseSubject, parseSuite } from '../../../src/adapters/slack/commands/parse-checks.ts';
import type { Pipeline } from '../../../src/domain/environment.ts';

const pipeline = [
  { name: 'development', aliases: ['dev'] },
  { name: 'staging', aliases: ['stg'] },
  { name: 'production', aliases: ['prod'] },
] as unknown as Pipeline;
const [workflow, environment] = ['flow', 'staging'];

test.each<[string, object]>([
  ['Flow', { workflow }],
  ['flow v12', { workflow, version: 'v12' }],
  ['flow 12 stg', { workflow, version: '12', environment: 'stg' }],
  ['flow staging v12', { workflow, version: 'v12', environment }],
  ['flow v12 in staging', { workflow, version: 'v12', environment }],
  ['flow of “add-urgency” stag', { workflow, version: 'add-urgency', environment: 'stag' }],
  // Two letters could be the beginning of a label.
  ['flow st', { workflow, version: 'st' }],
])('“%s” names what is meant, in any order', (text, typed) => {
  expect(parseSubject('checks', text, pipeline)).toEqual(typed);
});

test.each([
  ['', 'Which workflow?'],
  ['flow staging production', '“production” is neither its version nor an environment.'],
  ['flow v1 v2', '“v2” is neither'],
  ['flow staging v1 because I want to', '“because” is neither'],
])('“%s” is refused with what is wrong', (text, words) => {
  const refused = () => parseSubject('test', text, pipeline);
  expect(refused).toThrow(words);
  expect(refused).toThrow('/towpath test WORKFLOW [VERSION] [ENVIRONMENT]');
});

test('a suite is named by its workflow alone', () => {
  expect(parseSuite(' Flow ')).toEqual({ workflow });
  expect(() => parseSuite('')).toThrow('The suite of which workflow?');
  expect(() => parseSuite('flow cases: []')).toThrow('the form takes the cases');
});
