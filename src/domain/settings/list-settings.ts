import { flatten, quoteValue, shorten } from '../diff/quote.ts';
import { sourceWords } from './diff-settings.ts';
import { runnerText } from './runner-text.ts';
import { durationText } from './setting-name.ts';
import type { ModelChoice, Settings } from './settings.ts';
import { webhookWords } from './webhooks-told.ts';

/** One thing that settings say, for people. */
export interface ListedSetting {
  field: keyof Settings;
  /** Such as `Variable SUMMARY_MODEL`; two lists say the same thing under the same name. Plain text. */
  name: string;
  /** Plain text on one line. */
  value: string;
}

const LONGEST = 120;

/** Everything that settings say, one by one, in the order in which people look for it. Values are shortened. */
export function listSettings(settings: Settings): ListedSetting[] {
  const { variables, secrets, steps, limits, mcpServers, dataSources, runner, channel, webhooks, masked } = settings;
  return [
    ...each('variables', variables, (name, value) => [[`Variable ${name}`, quoteValue(value)]]),
    ...each('secrets', secrets, (name, source) => [[`Secret ${name}`, `from ${sourceWords(source)}`]]),
    ...choice(settings, 'Default').map(([field, name, value]) => listed(field, name, value)),
    ...each('steps', steps, (id, told) => choice(told, `Step ${id}:`).map(([, name, value]) => [name, value])),
    ...each('limits', { ...limits }, (key, value) => [[LIMITS[key] ?? key, limitText(key, value)]]),
    ...each('mcpServers', mcpServers, (alias, { url, transport }) => [
      [`MCP server ${alias}`, `${quoteValue(url)} (${transport})`],
    ]),
    ...each('dataSources', dataSources, (alias, held) => [
      [
        `Data source ${alias}`,
        Object.entries(held)
          .map(([key, value]) => `${key} ${quoteValue(value)}`)
          .join(', '),
      ],
    ]),
    ...(runner === undefined ? [] : [listed('runner', 'Runner', quoteValue(runnerText(runner)))]),
    ...(channel === undefined ? [] : [listed('channel', 'Channel', channel)]),
    ...(webhooks === undefined ? [] : [listed('webhooks', 'Webhooks', webhookWords(webhooks))]),
    ...each('masked', masked, (path, name) => [[`Masked value at ${path}`, `secret ${name}`]]),
  ];
}

const LIMITS: Readonly<Record<string, string>> = {
  timeout: 'Timeout',
  retries: 'Retries',
  concurrency: 'Concurrency',
  costPerRun: 'Cost per run',
  costPerDay: 'Cost per day',
};

function limitText(key: string, value: number): string {
  if (key === 'timeout') return durationText(value);
  return key.startsWith('cost') ? `$${value}` : String(value);
}

function choice(
  { provider, model, modelParameters = {} }: ModelChoice,
  of: string,
): [keyof Settings, string, string][] {
  return [
    ...(provider === undefined ? [] : [['provider', `${of} provider`, quoteValue(provider)] as const]),
    ...(model === undefined ? [] : [['model', `${of} model`, quoteValue(model)] as const]),
    ...Object.entries(modelParameters).map(
      ([key, value]) => ['modelParameters', `${of} model parameter ${key}`, quoteValue(value)] as const,
    ),
  ].map(([field, name, value]) => [field, name, value]);
}

function each<Value>(
  field: keyof Settings,
  held: { readonly [name: string]: Value } | undefined,
  say: (name: string, value: Value) => (readonly [string, string])[],
): ListedSetting[] {
  return Object.entries(held ?? {}).flatMap(([name, value]) =>
    say(name, value).map(([what, words]) => listed(field, what, words)),
  );
}

function listed(field: keyof Settings, name: string, value: string): ListedSetting {
  return { field, name: shorten(flatten(name), LONGEST), value: shorten(flatten(value), LONGEST) };
}
