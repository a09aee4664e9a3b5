import { durationText } from '../setting-name.ts';
import type { ExecutionLimits, Settings } from '../settings.ts';
import { secretsText } from './secrets-text.ts';
import { serversText } from './servers-text.ts';
import { variablesText } from './variables-text.ts';
import { yamlText } from './yaml-text.ts';

/** What a form for one layer of settings asks for, in the order in which people look for it. */
export const FORM_FIELDS = [
  ...['variables', 'secrets', 'provider', 'model', 'modelParameters'],
  ...['timeout', 'retries', 'concurrency', 'costPerRun', 'costPerDay'],
  ...['mcpServers', 'dataSources', 'runner', 'channel', 'steps'],
] as const satisfies readonly string[];
export type FormField = Exclude<keyof Settings, 'limits' | 'masked' | 'webhooks'> | keyof ExecutionLimits;

/** What people call each field. */
export const FIELD_NAMES: Readonly<Record<FormField, string>> = {
  variables: 'Variables',
  secrets: 'Secrets',
  provider: 'Default provider',
  model: 'Default model',
  modelParameters: 'Model parameters',
  timeout: 'Timeout',
  retries: 'Retries',
  concurrency: 'Concurrency',
  costPerRun: 'Cost per run',
  costPerDay: 'Cost per day',
  mcpServers: 'MCP servers',
  dataSources: 'Data sources',
  runner: 'Runner',
  channel: 'Channel',
  steps: 'Single steps',
};

const LIMITS = ['timeout', 'retries', 'concurrency', 'costPerRun', 'costPerDay'] as const;

export function isLimit(field: FormField): field is keyof ExecutionLimits {
  return (LIMITS as readonly string[]).includes(field);
}

/** Which part of the settings a field is of. */
export function settingOf(field: FormField): keyof Settings {
  return isLimit(field) ? 'limits' : field;
}

/** An environment's own layer has no channel: that one belongs to the environment itself. */
export function fieldsOf(layer: 'environment' | 'workflow'): FormField[] {
  const all = FORM_FIELDS as readonly FormField[];
  return layer === 'workflow' ? [...all] : all.filter((field) => field !== 'channel');
}

/** What each field shows: nothing where nothing is given. */
export type FormTexts = Readonly<Record<FormField, string>>;

/** The settings as texts, which `readForm` reads as the same settings again. */
export function formTexts(settings: Settings): FormTexts {
  const { variables = {}, secrets = {}, modelParameters = {}, limits = {}, mcpServers = {} } = settings;
  const { dataSources = {}, steps = {}, provider = '', model = '', runner = '', channel = '' } = settings;
  const { timeout, retries, concurrency, costPerRun, costPerDay } = limits;
  return {
    ...{ provider, model, channel },
    runner: typeof runner === 'string' ? runner : yamlText(runner),
    variables: variablesText(variables),
    secrets: secretsText(secrets),
    modelParameters: yamlText(modelParameters),
    timeout: timeout === undefined ? '' : durationText(timeout),
    retries: amountText(retries),
    concurrency: amountText(concurrency),
    costPerRun: amountText(costPerRun),
    costPerDay: amountText(costPerDay),
    mcpServers: serversText(mcpServers),
    dataSources: yamlText(dataSources),
    steps: yamlText(steps),
  };
}

function amountText(amount: number | undefined): string {
  return amount === undefined ? '' : String(amount);
}

/** Whether two texts of a field say the same, whatever became of line ends and of blanks at the end. */
export function sameText(a: string, b: string): boolean {
  return normal(a) === normal(b);
}

function normal(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
