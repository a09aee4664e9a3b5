import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { TowpathClient, type TowpathClientError } from '../../../src/client/towpath-client.ts';
import { modelIn, opening, untilFollowing } from '../../support/client/open-clients.ts';
import { resolvedAs, status, TOKEN } from '../../support/client/start-strict-towpath.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const open = opening();

describe('resolving a workflow', () => {
  it('gives the whole answer, typed, and says that it is confirmed', async () => {
    const towpath = await open.towpath();
    towpath.publish('triage', 'small');
    const { client } = open.client(towpath);
    const answer = await client.resolve('triage');
    expect(answer).toEqual({ ...resolvedAs('triage', 'staging', 'small'), stale: false });
  });

  it('asks once for all who ask at the same time', async () => {
    const towpath = await open.towpath();
    towpath.publish('triage', 'small');
    towpath.streams = status(403);
    const { client } = open.client(towpath);
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.resolve('triage')));
    expect(answers.map(modelIn)).toEqual(answers.map(() => 'small'));
    expect(towpath.resolveCount('triage')).toBe(1);
  });

  it('asks no more while the stream is there to tell', async () => {
    const towpath = await open.towpath();
    towpath.publish('triage', 'small');
    const { client } = open.client(towpath, { pollInterval: 50 });
    await client.resolve('triage');
    await untilFollowing(towpath, client, 'triage');
    const asked = towpath.resolveCount('triage');
    for (let nth = 0; nth < 100; nth += 1) expect((await client.resolve('triage')).stale).toBe(false);
    expect(towpath.resolveCount('triage')).toBe(asked);
  });

  it('gives an answer that nobody can change for the others', async () => {
    const towpath = await open.towpath();
    towpath.publish('triage', 'small');
    const { client } = open.client(towpath);
    const { definition } = (await client.resolve('triage')) as unknown as {
      definition: { steps: { model: string }[] };
    };
    expect(() => definition.steps.splice(0)).toThrow(TypeError);
    expect(modelIn(await client.resolve('triage'))).toBe('small');
  });

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'conflict'],
    [429, 'unavailable'],
    [503, 'unavailable'],
    [418, 'refused'],
    [302, 'refused'],
  ])('says of a %i, where nothing is known yet, that it is “%s”, with what Towpath says to it', async (code, word) => {
    const towpath = await open.towpath();
    towpath.resolves = status(code, { location: 'http://127.0.0.1:9/' }, { detail: 'Ask an admin.' });
    const { client } = open.client(towpath);
    const error = await client.resolve('triage').catch((thrown: TowpathClientError) => thrown);
    expect(error).toMatchObject({ name: 'TowpathClientError', code: word, status: code });
    expect((error as Error).message).toContain('Ask an admin.');
  });

  it.each([
    ['no JSON', 'hello'],
    ['JSON of something else', '{"ok":true}'],
    ['another workflow', JSON.stringify(resolvedAs('other', 'staging', 'small'))],
    ['half an answer', JSON.stringify(resolvedAs('triage', 'staging', 'small')).slice(0, 100)],
  ])('does not take %s for an answer', async (_what, body) => {
    const towpath = await open.towpath();
    towpath.resolves = (_request, response) => response.writeHead(200, { etag: '"x"' }).end(body);
    const { client } = open.client(towpath);
    await expect(client.resolve('triage')).rejects.toMatchObject({ code: 'malformed' });
  });

  it('asks for the whole when a 304 leaves open which answer it means', async () => {
    const towpath = await open.towpath();
    towpath.publish('triage', 'small');
    towpath.publishCandidate('triage', 'large');
    towpath.streams = status(403);
    const { client } = open.client(towpath, { pollInterval: 10 });
    await client.resolve('triage');
    await client.resolve('triage', { key: 'new-1' });
    towpath.resolves = (request, response) => {
      if (request.headers['if-none-match'] !== undefined) return void response.writeHead(304).end();
      towpath.resolves = null;
      response.writeHead(200, { etag: '"z"' }).end(JSON.stringify(resolvedAs('triage', 'staging', 'huge')));
    };
    const answer = await waitUntil('the newer answer', async () => {
      const { stale, definition } = await client.resolve('triage', { key: 'new-1' });
      return modelIn({ definition }) === 'huge' && { stale };
    });
    expect(answer).toEqual({ stale: false });
  });

  it('gives up an answer that does not come, and says so', async () => {
    const towpath = await open.towpath();
    towpath.resolves = () => undefined;
    const { client } = open.client(towpath, { timeout: 50 });
    await expect(client.resolve('triage')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('50 ms'),
    });
  });

  it('takes a name in any letters for one', async () => {
    const towpath = await open.towpath();
    towpath.publish('triage', 'small');
    const { client } = open.client(towpath);
    expect(await client.resolve('Triage')).toMatchObject({ workflow: 'triage', stale: false });
  });

  it('leaves a name that leads elsewhere to nobody', async () => {
    const towpath = await open.towpath();
    const { client } = open.client(towpath);
    await expect(client.resolve('..')).rejects.toMatchObject({ code: 'not_found' });
    await expect(client.resolve('../../tokens')).rejects.toMatchObject({ code: 'not_found' });
    expect(towpath.requests.map(({ line }) => line).filter((line) => line.includes('/tokens'))).toEqual([]);
  });

  it('shows its token to nobody but Towpath', async () => {
    const towpath = await open.towpath();
    const { client, warnings } = open.client(towpath, {
      fetch: () => Promise.reject(new Error(`could not send ${TOKEN}`)),
    });
    const error = await client.resolve('triage').catch((thrown: unknown) => thrown);
    expect(inspect([client, error, warnings], { depth: 9, showHidden: true })).not.toContain(TOKEN);
  });

  it.each([
    [{ url: 'towpath' }, 'url'],
    [{ url: 'ftp://towpath.example' }, 'url'],
    [{ url: 'https://ada:secret@towpath.example' }, 'url'],
    [{ token: '' }, 'token'],
    [{ token: 'tp_ä' }, 'token'],
    [{ environment: '' }, 'environment'],
    [{ environment: '..' }, 'environment'],
    [{ pollInterval: 0 }, 'pollInterval'],
    [{ timeout: Number.NaN }, 'timeout'],
  ])('refuses %j with what to give instead', (given, option) => {
    const options = { url: 'http://127.0.0.1:1', token: TOKEN, environment: 'staging', ...given };
    expect(() => new TowpathClient(options)).toThrow(new RegExp(`^Give \`${option}\``));
  });
});
