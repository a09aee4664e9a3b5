import { isDeepStrictEqual } from 'node:util';
import { flatten, quotePair, quoteValue, shorten } from '../diff/quote.ts';
import { lookUp } from '../look-up.ts';
import { newlyReached } from './runner-reach.ts';
import { runnerText } from './runner-text.ts';
import { durationText } from './setting-name.ts';
import type { McpServer, ModelChoice, SecretSource, Settings, VariableValue } from './settings.ts';
import { webhookWords } from './webhooks-told.ts';

const MOST_SENTENCES = 50;
const LONGEST_NAME = 100;
const LONGEST_ENDPOINTS = 200;

/**
 * What changed from one layer of settings (or what applies in effect) to another, as sentences without a full stop for people:
 * ‘Variable SUMMARY_MODEL changed from ‘a’ to ‘b’’. One line of plain text each; those beyond the fiftieth are counted.
 */
export function describeSettingsChange(before: Settings, after: Settings): string[] {
  const sentences = [
    ...each(before.variables, after.variables, (name, was, is) => valueChange(`Variable ${name}`, was, is)),
    ...each(before.secrets, after.secrets, secretChange),
    ...choiceChanges((word) => `Default ${word}`, before, after),
    ...each(before.steps, after.steps, stepChanges),
    ...limitChanges(before.limits, after.limits),
    ...each(before.mcpServers, after.mcpServers, serverChange),
    ...each(before.dataSources, after.dataSources, dataSourceChanges),
    ...valueChange('Runner', runnerOf(before), runnerOf(after)),
    ...newlyReached(before.runner, after.runner),
    ...valueChange('Channel', before.channel, after.channel),
    ...webhooksChange(before.webhooks, after.webhooks),
    ...each(before.masked, after.masked, maskedChange),
  ];
  const left = sentences.length - MOST_SENTENCES;
  if (left <= 0) return sentences;
  const more = left === 1 ? 'change' : 'changes';
  return [...sentences.slice(0, MOST_SENTENCES), `and ${left.toLocaleString('en')} more ${more}`];
}

function runnerOf({ runner }: Settings): string | undefined {
  return runner === undefined ? undefined : runnerText(runner);
}

type Held<Value> = Readonly<Record<string, Value>>;
type Describe<Value> = (name: string, was: Value | undefined, is: Value | undefined) => string[];

/** What is told of each name whose value is not the same on both sides, in the order of both. */
function each<Value>(
  before: Held<Value> | undefined = {},
  after: Held<Value> | undefined = {},
  describe: Describe<Value>,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [was, is] = [lookUp(before, name), lookUp(after, name)];
    return isDeepStrictEqual(was, is) ? [] : describe(shorten(flatten(name), LONGEST_NAME), was, is);
  });
}

function valueChange(what: string, was: VariableValue | undefined, is: VariableValue | undefined): string[] {
  if (was === undefined || is === undefined)
    return change(what, was === undefined ? was : quoteValue(was), is === undefined ? is : quoteValue(is));
  return was === is ? [] : change(what, ...quotePair(was, is));
}

/** In words, which are not the same on both sides where the values are not. */
function change(what: string, was: string | undefined, is: string | undefined): string[] {
  if (was === is) return [];
  if (was === undefined) return [`${what} was added: ${is}`];
  return [is === undefined ? `${what} was removed; it was ${was}` : `${what} changed from ${was} to ${is}`];
}

function secretChange(name: string, was: SecretSource | undefined, is: SecretSource | undefined): string[] {
  if (is === undefined) return [`Secret ${name} was removed`];
  return [
    was === undefined
      ? `Secret ${name} was added, from ${sourceWords(is)}`
      : `Secret ${name} now comes from ${sourceWords(is)}`,
  ];
}

/** Where a secret comes from, in a few words: `STAGING_OPENAI_KEY`, `the file /run/secrets/openai`. */
export function sourceWords(source: SecretSource): string {
  if ('env' in source) return source.env;
  if ('file' in source) return `the file ${flatten(source.file)}`;
  return `key ${flatten(source.vault.key)} of ${flatten(source.vault.path)} in Vault`;
}

function choiceChanges(named: (word: string) => string, was: ModelChoice, is: ModelChoice): string[] {
  return [
    ...valueChange(named('provider'), was.provider, is.provider),
    ...valueChange(named('model'), was.model, is.model),
    ...each(was.modelParameters, is.modelParameters, (name, before, after) =>
      valueChange(named(`model parameter ${name}`), before, after),
    ),
  ];
}

function stepChanges(id: string, was: ModelChoice | undefined, is: ModelChoice | undefined): string[] {
  return choiceChanges((word) => `Step ${id}: its ${word}`, was ?? {}, is ?? {});
}

const LIMIT_WORDS = [
  ['timeout', 'Timeout', durationText],
  ['retries', 'Limit of retries', String],
  ['concurrency', 'Limit of concurrent runs', String],
  ['costPerRun', 'Limit of the cost of a run', dollarWords],
  ['costPerDay', 'Limit of the cost of a day', dollarWords],
] as const;

function limitChanges(before: Settings['limits'] = {}, after: Settings['limits'] = {}): string[] {
  return LIMIT_WORDS.flatMap(([key, what, words]) => {
    const [was, is] = [before[key], after[key]].map((amount) => (amount === undefined ? undefined : words(amount)));
    return change(what, was, is);
  });
}

function dollarWords(amount: number): string {
  return `$${amount}`;
}

function serverChange(alias: string, was: McpServer | undefined, is: McpServer | undefined): string[] {
  if (was === undefined || is === undefined) return valueChange(`MCP server ${alias}`, was?.url, is?.url);
  return [
    ...valueChange(`MCP server ${alias}`, was.url, is.url),
    ...valueChange(`MCP server ${alias}: its transport`, was.transport, is.transport),
  ];
}

type DataSource = NonNullable<Settings['dataSources']>[string];

function dataSourceChanges(alias: string, was: DataSource | undefined, is: DataSource | undefined): string[] {
  if (is === undefined) return [`Data source ${alias} was removed`];
  const changes = each(was, is, (key, before, after) => valueChange(`Data source ${alias}: its ${key}`, before, after));
  return was === undefined ? [`Data source ${alias} was added`, ...changes] : changes;
}

function webhooksChange(was: Settings['webhooks'], is: Settings['webhooks']): string[] {
  if (isDeepStrictEqual(was, is)) return [];
  const [before, after] = [was, is].map((held) =>
    held === undefined ? 'the environment’s endpoints' : shorten(webhookWords(held), LONGEST_ENDPOINTS),
  );
  if (before === after) return ['The address of a webhook changed, or what signs it'];
  return [`Webhooks go to ${after}, no longer to ${before}`];
}

function maskedChange(path: string, _was: string | undefined, is: string | undefined): string[] {
  return [
    is === undefined
      ? `The masked value at ${path} is bound to no secret any more`
      : `The masked value at ${path} is now bound to ${is}`,
  ];
}
