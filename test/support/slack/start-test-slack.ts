import type { SlackStandIn, StandInOptions } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { testChannels, testCommands, testPeople, testTeam } from './test-workspace.ts';

/** What the bot under test is started with, to belong to the stand-in. */
export const testCredentials = {
  botToken: 'xoxb-test-000000000000',
  appToken: 'xapp-test-000000000000',
  signingSecret: 'test-signing-secret-0123456789abcdef',
} as const;

/** A stand-in with the test workspace in it, events repeated at once and no rate limits; options given here win. */
export function startTestSlack(
  options: Partial<StandInOptions> & Pick<StandInOptions, 'eventsUrl'>,
): Promise<SlackStandIn> {
  return startSlackStandIn({
    people: testPeople,
    channels: testChannels,
    team: testTeam,
    commands: testCommands,
    botToken: testCredentials.botToken,
    signingSecret: testCredentials.signingSecret,
    eventRetryDelaysMs: [0, 0, 0],
    ...options,
  });
}
