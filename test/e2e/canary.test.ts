import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  ABORT_ROLLOUT,
  APPROVE,
  CHANGE_ROLLOUT,
  FINISH_ROLLOUT,
  nth as nthAction,
  ROLL_BACK,
} from '../../src/adapters/slack/actions/action-ids.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { get, lastWhisper, push, withButton, workflowSource } from '../support/towpath/acts.ts';
import { runCommandLine } from '../support/towpath/command-line.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0GENERAL';
const BEHALF = ['--on-behalf-of', 'U0DEV'];
const KEYS = Array.from({ length: 60 }, (_, nth) => `customer-${nth}`);

let towpath: WholeTowpath;
let name: string;
let nth = 0;
beforeAll(async () => {
  towpath = await startWholeTowpath();
  await towpath.slack.type('U0ADA', CHANNEL, '/towpath role @lee lead');
  await waitUntil('the role', () => lastWhisper(towpath, 'U0ADA', CHANNEL));
});
afterAll(() => towpath?.stop());
beforeEach(async () => {
  nth += 1;
  name = `canary-${nth}`;
});

const type = (who: string, text: string) => towpath.slack.type(who, CHANNEL, text);
const whisper = (who: string, words: string) =>
  waitUntil(`${who} to be told ${words}`, () =>
    towpath.slack.messages(CHANNEL).findLast((m) => m.ephemeralTo === who && m.text.includes(words)),
  );
const button = (actionId: string) =>
  waitUntil(`a button ${actionId}`, () => withButton(towpath, CHANNEL, actionId, name));

/** What is handed out for a key, or without one. */
async function given(key?: string): Promise<number> {
  const query = key === undefined ? '' : `?key=${key}`;
  const { version } = await get<{ version: { number: number } }>(
    towpath,
    `/workflows/${name}/environments/staging/resolved${query}`,
  );
  return version.number;
}
/** Those of the keys that are given this version. */
async function keysGiven(version: number): Promise<string[]> {
  const versions = await Promise.all(KEYS.map((key) => given(key)));
  return KEYS.filter((_, at) => versions[at] === version);
}
const untilGiven = (version: number) =>
  waitUntil(`v${version} for everybody`, () =>
    given().then(
      (number) => number === version,
      () => false,
    ),
  );

/** The next version, live in development. */
async function deployNext(): Promise<void> {
  const number = await push(towpath, name, workflowSource(name, `Be brief, the ${Math.random()} way.`));
  await type('U0DEV', `/deploy ${name}`);
  await whisper('U0DEV', `${name} v${number} is live in development`);
}
/** Live in staging, for everybody. */
async function promoteNext(version: number): Promise<void> {
  await deployNext();
  await type('U0DEV', `/promote ${name} staging`);
  await button(APPROVE);
  await type('U0LEE', `/approve ${name}`);
  await untilGiven(version);
}
/** The next version as a canary, by typing and one click. */
async function startCanary(share: string): Promise<void> {
  await deployNext();
  await type('U0DEV', `/promote ${name} staging --canary ${share}`);
  await towpath.slack.click('U0LEE', await button(APPROVE), APPROVE);
  await button(FINISH_ROLLOUT);
}

describe('a canary', () => {
  test('is given to its share of keys, keeps them while it grows, and goes to everybody once it is finished', async () => {
    await promoteNext(1);
    await startCanary('25%');
    expect(await given()).toBe(1);
    const atFirst = await waitUntil('some keys to have v2', async () => {
      const keys = await keysGiven(2);
      return keys.length > 0 ? keys : undefined;
    });
    expect(atFirst.length).toBeLessThan(KEYS.length / 2);

    // The first step left after 25% is 50%.
    const step = nthAction(CHANGE_ROLLOUT, 0);
    await towpath.slack.click('U0LEE', await button(step), step);
    const grown = await waitUntil('more keys to have v2', async () => {
      const keys = await keysGiven(2);
      return keys.length > atFirst.length ? keys : undefined;
    });
    expect(grown).toEqual(expect.arrayContaining(atFirst));
    expect(await given()).toBe(1);

    await towpath.slack.click('U0LEE', await button(FINISH_ROLLOUT), FINISH_ROLLOUT);
    await untilGiven(2);
    expect(await keysGiven(2)).toEqual(KEYS);
  });

  test('is aborted by a click, and nobody has it from then on', async () => {
    await promoteNext(1);
    await startCanary('100%');
    await untilGiven(2);
    await towpath.slack.click('U0LEE', await button(ABORT_ROLLOUT), ABORT_ROLLOUT);
    await untilGiven(1);
    expect(await keysGiven(2)).toEqual([]);
  });

  test('is what a rollback takes out first; what stayed live goes by the button of its answer', async () => {
    await promoteNext(1);
    await promoteNext(2);
    await startCanary('100%');
    await untilGiven(3);
    await type('U0ONCALL', `/rollback ${name} staging it answers in French`);
    await untilGiven(2);
    const answer = await whisper('U0ONCALL', 'which stayed live and was *not* rolled back');
    await towpath.slack.click('U0ONCALL', answer, ROLL_BACK);
    await untilGiven(1);
    const { items } = await get<{ items: { version: { number: number }; status: string }[] }>(
      towpath,
      `/workflows/${name}/environments/staging/deployments`,
    );
    expect(items.map(({ version, status }) => [version.number, status])).toEqual([
      [3, 'aborted'],
      [2, 'rolled_back'],
      [1, 'active'],
    ]);
  });

  test('goes the same way on the command line', async () => {
    const run = (...args: string[]) =>
      runCommandLine(args, { TOWPATH_API_TOKEN: towpath.apiToken, TOWPATH_SERVER: towpath.url });
    await promoteNext(1);
    await deployNext();
    expect((await run('promote', name, 'staging', '--canary', '10%', '--yes', ...BEHALF)).code).toBe(0);
    await type('U0LEE', `/approve ${name}`);
    await whisper('U0LEE', `Approved: ${name} v2 runs in staging as a canary at 10% now.`);
    expect((await run('rollout', name, 'staging')).out).toContain(`Canary of v2 of ${name} in staging at 10%`);
    const whole = await run('rollout', name, 'staging', '100%', '--yes', ...BEHALF);
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('is at 100%, 10% before.') });
    await untilGiven(2);
    expect((await run('rollback', name, 'staging', '--yes')).out).toContain('v1 was not rolled back.');
    await untilGiven(1);
    const over = await run('rollout', name, 'staging', 'finish', '--yes', ...BEHALF);
    expect([over.code, over.out]).toEqual([1, '']);
  });
});
