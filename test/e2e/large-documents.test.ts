import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APPROVE } from '../../src/adapters/slack/actions/action-ids.ts';
import { waitUntil } from '../support/slack/wait-until.ts';
import { lastWhisper, untilQuiet, withButton } from '../support/towpath/acts.ts';
import { startWholeTowpath, type WholeTowpath } from '../support/towpath/start-whole-towpath.ts';

const CHANNEL = 'C0GENERAL';
/** 9 MB of YAML, whose 75,000 nodes take a parser a second or more. */
const large = (model: string) =>
  `name: large-flow\nmodel: ${model}\nnodes:\n${Array.from(
    { length: 75_000 },
    (_, index) =>
      `  - id: n${index}\n    name: "Node ${index}"\n    text: ${'You are a patient assistant. '.repeat(2)}\n    n: ${index}\n`,
  ).join('')}`;

describe('documents of 9 MB', () => {
  let towpath: WholeTowpath;
  beforeAll(async () => {
    towpath = await startWholeTowpath();
    await towpath.slack.type('U0ADA', CHANNEL, '/towpath role @lee lead');
    await waitUntil('the role', () => lastWhisper(towpath, 'U0ADA', CHANNEL));
  });
  afterAll(() => towpath.stop());

  function push(source: string): Promise<Response> {
    return fetch(`${towpath.url}/api/v1/workflows/large-flow/versions?onBehalfOf=U0DEV`, {
      method: 'POST',
      headers: { authorization: `Bearer ${towpath.apiToken}`, 'content-type': 'application/yaml' },
      body: source,
    });
  }

  function isLiveIn(environment: string): Promise<boolean> {
    return fetch(`${towpath.url}/api/v1/workflows/large-flow/environments/${environment}`, {
      headers: { authorization: `Bearer ${towpath.apiToken}` },
    }).then(({ ok }) => ok);
  }

  test('hold no command up while they are read', async () => {
    let answer: Response | null = null;
    const began = performance.now();
    const pushed = push(large('a')).then((response) => {
      answer = response;
    });
    let longest = 0;
    while (answer === null) {
      const typed = performance.now();
      // Resolves when it is acknowledged.
      await towpath.slack.type('U0OTHER', CHANNEL, '/towpath help');
      longest = Math.max(longest, performance.now() - typed);
    }
    await pushed;
    expect((answer as Response).status).toBe(201);
    // Read in the thread of the listeners, one of them would wait for nearly all of it.
    expect(longest / (performance.now() - began)).toBeLessThan(0.5);
  });

  test('are given back byte for byte', async () => {
    const headers = { authorization: `Bearer ${towpath.apiToken}` };
    const source = await fetch(`${towpath.url}/api/v1/workflows/large-flow/versions/1/source`, { headers });
    expect(source.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
    expect((await source.text()) === large('a')).toBe(true);
  });

  test('are compared, asked for, reviewed and approved like any other', async () => {
    await towpath.slack.type('U0DEV', CHANNEL, '/deploy large-flow v1');
    await waitUntil('v1 to be live', () => isLiveIn('development'), 30_000);
    const second = await push(large('b'));
    expect(await second.json()).toMatchObject({ created: true, diff: { functional: true } });
    await towpath.slack.type('U0DEV', CHANNEL, '/promote large-flow staging');
    const card = await waitUntil('the card', () => withButton(towpath, CHANNEL, APPROVE, 'large-flow'), 30_000);
    await towpath.slack.click('U0LEE', { channel: CHANNEL, ts: card.ts }, APPROVE);
    await waitUntil('it to be live in staging', () => isLiveIn('staging'), 30_000);
    await untilQuiet(towpath);
  });

  test('are refused with a cure where they hold too much, and the process lives on', async () => {
    const { pid } = towpath.process();
    const refused = await push(`a: [${'{},'.repeat(3_000_000)}{}]`);
    expect(refused.status).toBe(422);
    expect((await refused.json()).detail).toMatch(/more than a million values.*leave out what is generated/);
    expect((await fetch(`${towpath.url}/readyz`)).status).toBe(200);
    expect([towpath.process().pid, towpath.process().exitCode]).toEqual([pid, null]);
  });

  test('leave nothing running that keeps the process from ending', async () => {
    expect(await towpath.terminate()).toBe(0);
  });
});
