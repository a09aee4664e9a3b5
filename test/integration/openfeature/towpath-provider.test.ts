import { ErrorCode, OpenFeature, ProviderEvents } from '@openfeature/server-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { TowpathClient } from '../../../src/client/towpath-client.ts';
import { TowpathProvider } from '../../../src/openfeature/towpath-provider.ts';
import { opening, untilFollowing } from '../../support/client/open-clients.ts';
import { status, TOKEN } from '../../support/client/start-strict-towpath.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';

const open = opening();

afterEach(() => OpenFeature.close());

async function provided(workflows: string[] = ['triage']) {
  const towpath = await open.towpath();
  towpath.publish('triage', 'small');
  const client = new TowpathClient({ url: towpath.url, token: TOKEN, environment: 'staging' });
  await OpenFeature.setProviderAndWait(new TowpathProvider(client, { workflows }));
  return { towpath, client, flags: OpenFeature.getClient() };
}

describe('Towpath as a provider of OpenFeature', () => {
  it('gives values of a definition by path, and steps by their id', async () => {
    const { flags } = await provided();
    expect(await flags.getStringValue('triage:steps.summarize.model', 'none')).toBe('small');
    expect(await flags.getStringValue('triage:steps.0.model', 'none')).toBe('small');
    expect(await flags.getNumberValue('triage:steps.summarize.temperature', 1)).toBe(0.2);
    expect(await flags.getBooleanValue('triage:steps.summarize.stream', false)).toBe(true);
    expect(await flags.getObjectValue('triage:steps.summarize.tags', [])).toEqual(['a', 'b']);
    expect(await flags.getObjectValue('triage', {})).toMatchObject({ name: 'triage', steps: [{ id: 'summarize' }] });
  });

  it('says which version it comes from', async () => {
    const { flags } = await provided();
    expect(await flags.getStringDetails('triage:name', '')).toMatchObject({
      variant: 'v3',
      reason: 'STATIC',
      flagMetadata: { version: 3, deployment: 'deployment-of-small', environment: 'staging', stale: false },
    });
  });

  it('gives each targeting key its side of a canary, and says that it was chosen', async () => {
    const { towpath, flags } = await provided();
    const details = (targetingKey: string) => flags.getStringDetails('triage:steps.0.model', '', { targetingKey });
    expect(await details('new-1')).toMatchObject({ value: 'small', reason: 'STATIC' });
    await waitUntil('the stream', () => towpath.openStreams() === 1);
    towpath.publishCandidate('triage', 'large');
    await waitUntil('the candidate', async () => (await details('new-1')).value === 'large');
    expect(await details('new-1')).toMatchObject({ reason: 'SPLIT', flagMetadata: { side: 'candidate' } });
    expect(await details('old-1')).toMatchObject({ value: 'small', reason: 'SPLIT', flagMetadata: { side: 'active' } });
    expect(await flags.getStringDetails('triage:steps.0.model', '')).toMatchObject({ value: 'small', reason: 'SPLIT' });
  });

  it.each([
    ['triage:steps.other.model', ErrorCode.FLAG_NOT_FOUND],
    ['triage:steps.9.model', ErrorCode.FLAG_NOT_FOUND],
    ['triage:constructor.name', ErrorCode.FLAG_NOT_FOUND],
    ['triage:__proto__', ErrorCode.FLAG_NOT_FOUND],
    ['other:name', ErrorCode.FLAG_NOT_FOUND],
    ['triage', ErrorCode.TYPE_MISMATCH],
    ['triage:steps.summarize.temperature', ErrorCode.TYPE_MISMATCH],
  ])('gives the default for %s, and says %s', async (flag, errorCode) => {
    const { flags } = await provided();
    expect(await flags.getStringDetails(flag, 'default')).toMatchObject({
      value: 'default',
      errorCode,
      reason: 'ERROR',
    });
  });

  it('is in error when what it should have at hand can’t be had', async () => {
    const towpath = await open.towpath();
    towpath.resolves = status(503);
    const provider = new TowpathProvider(
      { url: towpath.url, token: TOKEN, environment: 'staging' },
      { workflows: ['triage'] },
    );
    await expect(OpenFeature.setProviderAndWait(provider)).rejects.toThrow('503');
    expect(await OpenFeature.getClient().getStringDetails('triage:name', 'default')).toMatchObject({
      value: 'default',
    });
  });

  it('tells of a change, of Towpath going and of its coming back', async () => {
    const { towpath, client, flags } = await provided();
    await untilFollowing(towpath, client, 'triage');
    const told: unknown[] = [];
    flags.addHandler(ProviderEvents.ConfigurationChanged, (details) => void told.push(details?.flagsChanged));
    flags.addHandler(ProviderEvents.Stale, () => void told.push('stale'));
    towpath.publish('triage', 'large');
    await waitUntil('the change', () => told.length === 1);
    await towpath.stop();
    await waitUntil('the loss', () => told.length === 2);
    expect(flags.providerStatus).toBe('STALE');
    expect(await flags.getStringDetails('triage:steps.0.model', '')).toMatchObject({ value: 'large' });
    await towpath.restart();
    await waitUntil('the return', () => flags.providerStatus === 'READY');
    expect(told).toEqual([['triage'], 'stale']);
  });

  it('ends its client when it is closed', async () => {
    const { towpath, client } = await provided();
    await waitUntil('the stream', () => towpath.openStreams() === 1);
    await OpenFeature.close();
    await waitUntil('the end of the stream', () => towpath.openStreams() === 0);
    await expect(client.resolve('other')).rejects.toMatchObject({ code: 'closed' });
  });
});
