import { expect, it } from 'vitest';
import { isGivenByLeads } from '../../../src/domain/settings/given-by-leads.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';

const runner = { kind: 'http' as const, url: 'https://runner.example', shadowSafe: false };
const given = (settings: Settings, managed: (keyof Settings)[] = []) => isGivenByLeads({ settings, managed }, 'KEY');

it('a secret is the leads’ to decide about where their workflow has the runner, or that secret, by itself', () => {
  expect(isGivenByLeads(null, 'KEY')).toBe(false);
  expect(given({ variables: { KEY: 'x' }, secrets: { OTHER: { env: 'O' } } })).toBe(false);
  expect(given({ runner })).toBe(true);
  expect(given({ runner: 'ours' })).toBe(true);
  expect(given({ secrets: { KEY: { env: 'K' } } })).toBe(true);
});

it('what towpath.yaml gives a workflow is not its leads’', () => {
  const settings = { runner, secrets: { KEY: { env: 'K' } } };
  expect(given(settings, ['runner', 'secrets'])).toBe(false);
  expect(given(settings, ['runner'])).toBe(true);
  expect(given(settings, ['secrets'])).toBe(true);
});
