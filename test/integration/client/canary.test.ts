import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TowpathClientOptions } from '../../../src/client/towpath-client.ts';
import { modelIn, opening, untilFollowing } from '../../support/client/open-clients.ts';
import { type StrictTowpath, status } from '../../support/client/start-strict-towpath.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const open = opening();
const LONG = 3_600_000;

/** A workflow, rolled out to the keys that begin with `new` where `candidate` is given, without a stream unless told. */
async function published(candidate: string | null, options: Partial<TowpathClientOptions> & { stream?: true } = {}) {
  const { stream, ...rest } = options;
  const towpath = await open.towpath();
  towpath.publish('triage', 'small');
  if (candidate !== null) towpath.publishCandidate('triage', candidate);
  if (stream !== true) towpath.streams = status(403);
  return { towpath, ...open.client(towpath, { pollInterval: LONG, ...rest }) };
}

const asked = (towpath: StrictTowpath) =>
  towpath.requests.filter(({ line }) => line.includes('/resolved')).map(({ line }) => line.split('/resolved')[1]);

describe('while no canary runs', () => {
  it('one answer serves all keys, of those who ask at once as well', async () => {
    const { towpath, client } = await published(null);
    const keys = Array.from({ length: 500 }, (_, nth) => `new-${nth}`);
    const answers = await Promise.all(keys.map((key) => client.resolve('triage', { key })));
    expect(new Set(answers.map(modelIn))).toEqual(new Set(['small']));
    expect(answers[0]).toMatchObject({ rollout: null, stale: false });
    for (const key of keys) await client.resolve('triage', { key: `another-${key}` });
    await client.resolve('triage');
    expect(asked(towpath)).toEqual(['']);
  });

  it('a key that Towpath would not take is refused all the same, and half a character is taken for a sign', async () => {
    const { client } = await published(null);
    await expect(client.resolve('triage', { key: 'x'.repeat(501) })).rejects.toMatchObject({ code: 'refused' });
    await expect(client.resolve('triage', { key: '😀'.repeat(501) })).rejects.toMatchObject({ code: 'refused' });
    for (const key of ['x'.repeat(500), '😀'.repeat(500)])
      expect(modelIn(await client.resolve('triage', { key }))).toBe('small');
    expect(modelIn(await client.resolve('triage', { key: 'new-\ud800' }))).toBe('small');
  });
});

describe('while a canary runs', () => {
  it('each key has its side, asked for once, and a known side costs no body', async () => {
    const { towpath, client } = await published('large');
    const answers = [];
    for (const key of ['new-1', 'old-1', 'new-2', 'new-1', 'old-1', null])
      answers.push(await client.resolve('triage', { key }));
    expect(answers.map((answer) => [modelIn(answer), answer.rollout?.side])).toEqual([
      ['large', 'candidate'],
      ['small', 'active'],
      ['large', 'candidate'],
      ['large', 'candidate'],
      ['small', 'active'],
      ['small', 'active'],
    ]);
    expect(asked(towpath)).toEqual(['', '?key=new-1', '?key=old-1', '?key=new-2']);
    expect(towpath.requests.filter(({ line }) => line.includes('?key=')).map((request) => request.status)).toEqual([
      200, 304, 304,
    ]);
  });

  it('a key is sent whatever is written in it', async () => {
    const { towpath, client } = await published('large');
    for (const key of ['new +&=%#?/é☃', 'new-\ud800']) await client.resolve('triage', { key });
    const keys = asked(towpath).map((query) => new URLSearchParams(query).get('key'));
    expect(keys).toEqual([null, 'new +&=%#?/é☃', 'new-\ufffd']);
  });

  it('asks once for each of many keys', async () => {
    const { towpath, client } = await published('large');
    const keys = Array.from({ length: 2_000 }, (_, nth) => `new-${nth}`);
    for (let time = 0; time < 2; time += 1) for (const key of keys) await client.resolve('triage', { key });
    expect(asked(towpath)).toHaveLength(1 + keys.length);
  });

  it('known keys keep their side while Towpath is gone, and one never seen has the active version', async () => {
    const { towpath, client } = await published('large', { pollInterval: 10 });
    for (const key of ['new-1', 'old-1']) await client.resolve('triage', { key });
    await towpath.stop();
    const last = await waitUntil('an answer marked stale', async () => {
      const answer = await client.resolve('triage', { key: 'new-1' });
      return answer.stale ? answer : null;
    });
    expect(modelIn(last)).toBe('large');
    for (const key of ['old-1', 'new-2', null]) {
      const answer = await client.resolve('triage', { key });
      expect([modelIn(answer), answer.stale]).toEqual(['small', true]);
    }
  });

  it('only what goes to those without a key is kept on disk: a start while Towpath is gone runs the active version', async () => {
    const cacheDirectory = await mkdtemp(join(tmpdir(), 'towpath-client-'));
    onTestFinished(() => rm(cacheDirectory, { recursive: true, force: true }));
    const { towpath, client } = await published('large', { cacheDirectory });
    for (let nth = 0; nth < 20; nth += 1) await client.resolve('triage', { key: `new-${nth}` });
    await client.close();
    const files = await readdir(cacheDirectory);
    expect(files).toHaveLength(1);
    expect(await readFile(join(cacheDirectory, files[0] ?? ''), 'utf8')).not.toContain('large');
    await towpath.stop();
    const later = open.client(towpath, { cacheDirectory });
    const answer = await later.client.resolve('triage', { key: 'new-1' });
    expect([modelIn(answer), answer.stale]).toEqual(['small', true]);
  });
});

describe('what the stream tells of a canary', () => {
  it('makes every key ask again: when it begins, when another share has it, and when it ends', async () => {
    const { towpath, client } = await published(null, { stream: true });
    const model = async (key: string | null) => modelIn(await client.resolve('triage', { key }));
    await client.resolve('triage');
    await untilFollowing(towpath, client, 'triage');
    expect(await model('new-1')).toBe('small');
    towpath.publishCandidate('triage', 'large');
    await waitUntil('the candidate', async () => (await model('new-1')) === 'large');
    expect([await model('new-2'), await model('old-1'), await model(null)]).toEqual(['large', 'small', 'small']);
    towpath.publishCandidate('triage', 'huge');
    await waitUntil('the other candidate', async () => (await model('new-1')) === 'huge');
    expect([await model('new-2'), await model('old-1'), await model(null)]).toEqual(['huge', 'small', 'small']);
    towpath.publish('triage', 'small');
    await waitUntil('its end', async () => (await model('new-1')) === 'small');
    expect([await model('new-2'), await model('old-1'), await model(null)]).toEqual(['small', 'small', 'small']);
  });

  it('is found by asking where there is no stream', async () => {
    const { towpath, client } = await published(null, { pollInterval: 20 });
    const model = async () => modelIn(await client.resolve('triage', { key: 'new-1' }));
    expect(await model()).toBe('small');
    towpath.publishCandidate('triage', 'large');
    await waitUntil('the candidate', async () => (await model()) === 'large');
    towpath.publish('triage', 'small');
    await waitUntil('its end', async () => (await model()) === 'small');
  });
});
