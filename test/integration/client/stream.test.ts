import { describe, expect, it } from 'vitest';
import type { ClientNotice } from '../../../src/client/towpath-client.ts';
import { modelIn, opening, untilFollowing } from '../../support/client/open-clients.ts';
import { type Behaviour, resolvedAs, status } from '../../support/client/start-strict-towpath.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const open = opening();
const LONG = 3_600_000;

async function following() {
  const towpath = await open.towpath();
  towpath.publish('triage', 'small');
  const { client, warnings } = open.client(towpath, { pollInterval: LONG });
  await client.resolve('triage');
  await untilFollowing(towpath, client, 'triage');
  return { towpath, client, warnings };
}

describe('following an environment', () => {
  it('has each change as soon as it is told of, and tells whoever listens', async () => {
    const { towpath, client } = await following();
    const heard: string[] = [];
    client.subscribe('triage', (answer) => heard.push(modelIn(answer)));
    await waitUntil('the first to be told', () => heard.length === 1);
    towpath.publish('triage', 'large');
    await waitUntil('the change to be told', () => heard.length === 2);
    towpath.publish('triage', 'small');
    await waitUntil('the rollback to be told', () => heard.length === 3);
    expect(heard).toEqual(['small', 'large', 'small']);
    expect(modelIn(await client.resolve('triage'))).toBe('small');
  });

  it('never keeps an answer that was asked for before the change and came after it', async () => {
    const { towpath, client } = await following();
    const resolve = towpath.resolves;
    let release = (): void => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    towpath.publish('other', 'x');
    towpath.resolves = (request, response) => {
      towpath.resolves = resolve;
      expect(request.url).toContain('/other/');
      // What was live when it was asked, sent only after the change.
      const body = JSON.stringify(resolvedAs('other', 'staging', 'old'));
      held.then(
        () => response.writeHead(200, { etag: '"before"' }).end(body),
        () => undefined,
      );
    };
    const first = client.resolve('other');
    await waitUntil('the question to arrive', () => towpath.resolves === resolve);
    towpath.publish('other', 'new');
    // The event for `triage` comes after that for `other`: once its answer is here, the client has read both.
    towpath.publish('triage', 'large');
    await waitUntil('the later event to be read', async () => modelIn(await client.resolve('triage')) === 'large');
    release();
    expect(modelIn(await first)).toBe('new');
  });

  it('resumes where the stream broke off, and misses nothing', async () => {
    const { towpath, client } = await following();
    towpath.publish('triage', 'large');
    await waitUntil('the change', async () => modelIn(await client.resolve('triage')) === 'large');
    await towpath.stop();
    towpath.publish('triage', 'huge');
    await towpath.restart();
    await waitUntil('the change made meanwhile', async () => modelIn(await client.resolve('triage')) === 'huge');
    const resumed = towpath.requests.filter(
      ({ line, headers }) => line.includes('/stream') && headers['last-event-id'],
    );
    expect(resumed.at(0)?.headers['last-event-id']).toBe('2');
  });

  it('asks for everything again when the stream can’t be resumed', async () => {
    const { towpath, client } = await following();
    towpath.publish('triage', 'large');
    await waitUntil('the change', async () => modelIn(await client.resolve('triage')) === 'large');
    towpath.remembers = 0;
    towpath.breakStreams();
    towpath.publish('triage', 'huge');
    await waitUntil('the change it was not told of', async () => modelIn(await client.resolve('triage')) === 'huge');
  });

  it('asks for everything again when everything of the environment has changed', async () => {
    const { towpath, client } = await following();
    towpath.publishSilently('triage', 'large');
    towpath.write('id: 9\nevent: resolved-changed\ndata: {"workflow":null,"environment":"staging"}\n\n');
    await waitUntil('the change', async () => modelIn(await client.resolve('triage')) === 'large');
  });

  it('takes an event that makes no sense as a sign that anything may have changed', async () => {
    const { towpath, client } = await following();
    towpath.publishSilently('triage', 'large');
    towpath.write('event: resolved-changed\ndata: {"workfl\n\n');
    await waitUntil('the change', async () => modelIn(await client.resolve('triage')) === 'large');
  });

  it.each([
    ['forbidden', status(403)],
    ['not there', status(404)],
    ['a page of a proxy', ((_request, response) => void response.end('<html>')) satisfies Behaviour],
    ['unavailable', status(503)],
  ])('asks now and then instead where the stream is %s, with the tag of what it has', async (_what, streams) => {
    const towpath = await open.towpath();
    towpath.publish('triage', 'small');
    towpath.streams = streams;
    const { client, warnings } = open.client(towpath, { pollInterval: 20 });
    const heard: string[] = [];
    client.subscribe('triage', (answer) => heard.push(modelIn(answer)));
    await waitUntil('a question with a tag', () => towpath.requests.some(({ status: code }) => code === 304));
    towpath.publish('triage', 'large');
    await waitUntil('the change to be told', () => heard.at(-1) === 'large');
    expect(warnings.filter(({ code }) => code === 'stream')).toHaveLength(1);
  });

  it('comes back to the stream when it is there again', async () => {
    const towpath = await open.towpath();
    towpath.publish('triage', 'small');
    towpath.streams = status(503, { 'retry-after': '0' });
    const { client } = open.client(towpath, { pollInterval: LONG });
    await client.resolve('triage');
    await waitUntil('a refused stream', () => towpath.requests.some(({ line }) => line.includes('/stream')));
    towpath.streams = null;
    await untilFollowing(towpath, client, 'triage');
    towpath.publish('triage', 'large');
    await waitUntil('the change', async () => modelIn(await client.resolve('triage')) === 'large');
  });

  it('tells those who watch what changed, and when it loses and regains Towpath', async () => {
    const { towpath, client } = await following();
    const notices: ClientNotice[] = [];
    client.watch((notice) => notices.push(notice));
    towpath.publish('triage', 'large');
    await waitUntil('the change', () => notices.length === 1);
    await towpath.stop();
    await waitUntil('the loss', () => notices.length === 2);
    await towpath.restart();
    await waitUntil('the return', () => notices.length === 3);
    expect(notices).toEqual([{ kind: 'changed', workflow: 'triage' }, { kind: 'stale' }, { kind: 'fresh' }]);
  });

  it('goes on when a listener throws', async () => {
    const { towpath, client, warnings } = await following();
    const heard: string[] = [];
    client.subscribe('triage', () => {
      throw new Error('not mine');
    });
    const end = client.subscribe('triage', (answer) => heard.push(modelIn(answer)));
    await waitUntil('both to be told', () => heard.length === 1 && warnings.length === 1);
    expect(warnings).toEqual([{ code: 'listener', workflow: 'triage', message: 'A listener threw: not mine' }]);
    end();
    towpath.publish('triage', 'large');
    await waitUntil('the change', async () => modelIn(await client.resolve('triage')) === 'large');
    expect(heard).toEqual(['small']);
  });
});
