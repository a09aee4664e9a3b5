import { expect, test } from 'vitest';
import { escapeTyped } from '../../../src/adapters/sandbox/dispatch/escape-typed.ts';
import { Directory } from '../../../src/adapters/sandbox/state/directory.ts';
import { testChannels, testPeople, testTeam } from '../../support/slack/test-workspace.ts';

const bot = { userId: 'U0TOWPATH', botId: 'B0TOWPATH', appId: 'A0TOWPATH', name: 'towpath', realName: 'Towpath' };
const directory = new Directory({ people: testPeople, channels: testChannels, team: testTeam, bot });

test.each([
  ['role @lee lead', 'role <@U0LEE|lee> lead'],
  ['ask @Lee, please', 'ask <@U0LEE|lee>, please'],
  ['ask @عادل now', 'ask <@U0EMOJI|عادل> now'],
  ['see #staging.', 'see <#C0STAGING|staging>.'],
  ['nobody is @nobody', 'nobody is @nobody'],
  ['picked <@U0LEE> and <#C0PROD|old name>', 'picked <@U0LEE|lee> and <#C0PROD|production>'],
  ['made up <@U0NOBODY|x>', 'made up &lt;@U0NOBODY|x&gt;'],
  ['see https://example.com/a?b=1&c=2.', 'see <https://example.com/a?b=1&amp;c=2>.'],
  ['1 < 2 & 3 > 2', '1 &lt; 2 &amp; 3 &gt; 2'],
  ['“smart” quotes stay 🛶', '“smart” quotes stay 🛶'],
])('what is typed as %j reaches the app as %j', (typed, sent) => {
  expect(escapeTyped(typed, directory)).toBe(sent);
});
