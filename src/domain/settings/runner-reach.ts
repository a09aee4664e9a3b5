import type { RunnerSettings } from '../suite/runner-settings.ts';
import type { Settings } from './settings.ts';

/** A place that runs are sent to, and the secret that goes along; null where none does. */
interface Reach {
  origin: string;
  secret: string | null;
}

/**
 * Where runs and secrets go that did not go there before, as sentences: whoever changes a runner decides who is given the secrets that it
 * names, which one line of JSON does not say loudly enough.
 */
export function newlyReached(before: Settings['runner'], after: Settings['runner']): string[] {
  const known = reachOf(before).map(textOf);
  return [...new Set(reachOf(after).map(textOf))].filter((text) => !known.includes(text));
}

function textOf({ origin, secret }: Reach): string {
  return `What is run now goes to ${origin}${secret === null ? '' : `, with the secret ‘${secret}’`}`;
}

function reachOf(runner: string | RunnerSettings | undefined): Reach[] {
  if (runner === undefined || typeof runner === 'string' || runner.kind === 'exec') return [];
  const called = runner.kind === 'ai' ? Object.values(runner.providers) : [runner];
  return called.map(({ url, secret }) => ({ origin: URL.parse(url)?.origin ?? url, secret: secret ?? null }));
}
