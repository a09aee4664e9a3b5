import { describe, expect, it } from 'vitest';
import { inCliWords } from '../../../src/adapters/cli/cli-words.ts';

describe('a refusal on the command line', () => {
  it.each([
    ['Start with `/deploy W`.', 'Start with `towpath deploy W`.'],
    ['Use `/promote W production` instead.', 'Use `towpath promote W production` instead.'],
    ['Type `/rollback W staging to v3`.', 'Type `towpath rollback W staging --to v3`.'],
    ['`/towpath rollout W staging` shows it.', '`towpath rollout W staging` shows it.'],
    ['`/towpath history W staging` lists what was.', '`towpath history W staging` lists what was.'],
    ['Say who with `onBehalfOf`: a Slack user id.', 'Say who with --on-behalf-of: a Slack user id.'],
    [
      'The request is not as the API describes it: body.onBehalfOf: has to be a Slack user id.',
      '--on-behalf-of: has to be a Slack user id.',
    ],
  ])('“%s” speaks of what can be typed there', (text, words) => {
    expect(inCliWords(text)).toBe(words);
  });

  it('leaves alone what can be typed in Slack only', () => {
    const text = 'Ask an admin for `/towpath unquarantine W v3 REASON`, or `/approve W`.';
    expect(inCliWords(text)).toBe(text);
  });
});
