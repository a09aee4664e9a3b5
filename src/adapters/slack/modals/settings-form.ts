import type { KnownBlock, ModalView } from '@slack/types';
import {
  FIELD_NAMES,
  type FormField,
  type FormTexts,
  fieldsOf,
  formTexts,
  settingOf,
} from '../../../domain/settings/form/form-fields.ts';
import { listSettings } from '../../../domain/settings/list-settings.ts';
import type { Settings } from '../../../domain/settings/settings.ts';
import { webhookWords } from '../../../domain/settings/webhooks-told.ts';
import type { SettingsFormView } from '../../../use-cases/views.ts';
import { inWords, typed } from '../blocks/mrkdwn.ts';
import { context, IMPORTANCE, type Part, section } from '../blocks/parts.ts';
import { layerName } from '../blocks/proposal-parts.ts';
import { escaped } from '../blocks/text.ts';
import { type ModalLook, modalOf } from './modal.ts';
import { reasonInput } from './reason-input.ts';

/** Slack takes so many characters in one input. */
export const INPUT_MAX = 3_000;
/** Of what the file gives, beside each field. */
const MOST_LISTED = 12;

const HINTS: Readonly<Record<FormField, string>> = {
  variables:
    'One a line: NAME=value. Never a secret. Numbers, true and false are taken as such; in quotes they are text.',
  secrets:
    'One a line, and only where it comes from, never the secret itself: NAME env:VARIABLE, NAME file:/run/secrets/x or NAME vault:MOUNT/NAME#KEY.',
  provider: 'Which provider answers, where a step leaves it open.',
  model: 'Which model answers, where a step leaves it open.',
  modelParameters: 'YAML or JSON, such as temperature: 0.2',
  timeout: 'How long one run may take: 30s, 5m, 1h.',
  retries: 'How often a run that failed is tried again.',
  concurrency: 'How many runs go on at a time.',
  costPerRun: 'US dollars that one run may cost.',
  costPerDay: 'US dollars that all runs of a day (UTC) may cost, those of suites and reported ones too.',
  mcpServers: 'One a line: ALIAS ADDRESS TRANSPORT, such as slack https://mcp.staging.example.com http',
  dataSources: 'YAML or JSON, by alias, such as crm: { url: https://crm.staging.example.com }',
  runner:
    'A name of your own, or how Towpath has them run, as YAML or JSON: { kind: http, url: https://runner.example.com }',
  channel: 'Where this workflow is told of here, in place of the environment’s channel.',
  steps: 'YAML or JSON, by a step’s id, such as summarize: { model: claude-sonnet }',
};
const SEVERAL_LINES: ReadonlySet<FormField> = new Set([
  ...(['variables', 'secrets', 'modelParameters', 'mcpServers', 'dataSources', 'runner', 'steps'] as const),
]);

/** What the form shows in place of what is there now, and a word on it. */
export interface Entered {
  texts: FormTexts;
  /** mrkdwn, escaped; above the fields. */
  notice: readonly string[];
  reason: string;
}

/** The form for one layer of settings. Blocks are named by field and number, so that newer settings are shown anew. Pure. */
export function settingsForm(look: ModalLook, view: SettingsFormView, entered?: Entered): ModalView {
  const texts = entered?.texts ?? formTexts(view.settings);
  const fields = fieldsOf(view.workflow === null ? 'environment' : 'workflow');
  return modalOf({ ...look, submit: view.asksFor === null ? 'Save' : 'Ask for it', close: 'Cancel' }, [
    ...blocks([intro(view), ...(entered?.notice ?? []).map((line) => section(line, IMPORTANCE.essential))]),
    ...fields.flatMap((field) => fieldBlocks(field, view, texts[field])),
    ...blocks([...boundElsewhere(view.settings), ...keptElsewhere(view)]),
    reasonInput(entered?.reason ?? ''),
  ]);
}

function intro(view: SettingsFormView): Part {
  const number = view.number === 0 ? 'Nothing was given yet.' : `Number ${view.number}.`;
  const then =
    view.asksFor === null
      ? 'A change applies at once.'
      : `A change needs approval by ${escaped(view.asksFor, 200)}, and applies then.`;
  return section(`*${layerName(view)}*\n${number} ${then}`, IMPORTANCE.essential);
}

function fieldBlocks(field: FormField, view: SettingsFormView, text: string): KnownBlock[] {
  if (view.managed.includes(settingOf(field))) return keptInFile(field, view.settings);
  if (text.length > INPUT_MAX || (!SEVERAL_LINES.has(field) && /[\r\n]/.test(text)))
    return blocks([tooLong(field, view)]);
  const id = blockId(field, view.number);
  return [
    {
      type: 'input',
      block_id: id,
      optional: true,
      label: { type: 'plain_text', text: FIELD_NAMES[field] },
      hint: { type: 'plain_text', text: HINTS[field] },
      element: field === 'channel' ? channelInput(text) : textInput(field, text),
    },
  ];
}

type InputElement = Extract<KnownBlock, { type: 'input' }>['element'];

function textInput(field: string, text: string): InputElement {
  const multiline = SEVERAL_LINES.has(field as FormField);
  const initial = text === '' ? {} : { initial_value: text };
  return { type: 'plain_text_input', action_id: field, multiline, max_length: INPUT_MAX, ...initial };
}

/** One of several at most: Slack's own menu for one can't be emptied again. */
function channelInput(channel: string): InputElement {
  return {
    type: 'multi_conversations_select',
    action_id: 'channel',
    max_selected_items: 1,
    filter: { include: ['public', 'private'], exclude_bot_users: true },
    ...(channel === '' ? {} : { initial_conversations: [channel] }),
  };
}

/** What `towpath.yaml` gives, as text. The limits are one part of it, told once. */
function keptInFile(field: FormField, settings: Settings): KnownBlock[] {
  const part = settingOf(field);
  if (part === 'limits' && field !== 'timeout') return [];
  const title = part === 'limits' ? 'Limits' : FIELD_NAMES[field];
  const given = listSettings(settings).filter((listed) => listed.field === part);
  const lines = given.slice(0, MOST_LISTED).map(({ name, value }) => `• ${escaped(name, 140)}: ${escaped(value, 160)}`);
  const more = given.length > MOST_LISTED ? [`and ${given.length - MOST_LISTED} more`] : [];
  const nothing = given.length === 0 ? ['• nothing'] : [];
  return blocks([
    section([`*${title}* · kept in towpath.yaml`, ...lines, ...more, ...nothing].join('\n'), IMPORTANCE.needed),
  ]);
}

function tooLong(field: FormField, { environment, workflow, settings }: SettingsFormView): Part {
  const count = listSettings(settings).filter((listed) => listed.field === settingOf(field)).length;
  const path = workflow === null ? '' : `/workflows/${workflow.slug}`;
  const one =
    field === 'variables'
      ? ` One at a time: ${typed(`/towpath env ${[environment.name, workflow?.slug].filter((word) => word !== undefined).join(' ')} set NAME=value`)}.`
      : '';
  return section(
    `*${FIELD_NAMES[field]}* · too long for a form\n${count === 1 ? 'What stands here is' : `These ${count} entries are`} more than Slack takes in one field, and left alone here. Change it in towpath.yaml, or over the API: ${typed(`PUT /api/v1${path}/environments/${environment.name}/settings`)}.${one}`,
    IMPORTANCE.needed,
  );
}

/** What an environment or a workflow in it has beside all this: there is no form for it. */
function keptElsewhere({ environment: where, workflow, settings }: SettingsFormView): Part[] {
  const name = escaped(where.name, 60);
  if (workflow === null)
    return [context(`Approvals, channel and webhooks of ${name} are kept in towpath.yaml.`, IMPORTANCE.note)];
  const { webhooks } = settings;
  const told =
    webhooks === undefined ? `none of its own, so those of ${name} apply` : escaped(webhookWords(webhooks), 500);
  return [
    context(`Webhooks of ${escaped(workflow.slug, 60)} in ${name} are kept in towpath.yaml: ${told}.`, IMPORTANCE.note),
  ];
}

function boundElsewhere({ masked = {} }: Settings): Part[] {
  const count = Object.keys(masked).length;
  if (count === 0) return [];
  const names = inWords([...new Set(Object.values(masked))].slice(0, 5).map((name) => escaped(name, 130)));
  return [
    context(
      `${count === 1 ? '1 masked value is' : `${count} masked values are`} bound to ${names}. “Bind masked values” changes that.`,
      IMPORTANCE.note,
    ),
  ];
}

/** With the number: Slack keeps what was entered in a block of the same name, whatever the newer form says. */
export function blockId(field: FormField, number: number): string {
  return `${field}:${number}`;
}

function blocks(parts: readonly Part[]): KnownBlock[] {
  return parts.map(({ block }) => block);
}
