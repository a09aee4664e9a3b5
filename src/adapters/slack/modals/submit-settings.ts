import { z } from 'zod';
import type { Actor } from '../../../domain/actor.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { describeSettingsChange } from '../../../domain/settings/diff-settings.ts';
import {
  FIELD_NAMES,
  type FormField,
  fieldsOf,
  formTexts,
  sameText,
} from '../../../domain/settings/form/form-fields.ts';
import { mergeTexts } from '../../../domain/settings/form/merge-texts.ts';
import { type EnteredTexts, readForm } from '../../../domain/settings/form/read-form.ts';
import type { SettingsFormView } from '../../../use-cases/views.ts';
import { changeAnswer } from '../blocks/change-answer.ts';
import { inWords, mention } from '../blocks/mrkdwn.ts';
import { escaped } from '../blocks/text.ts';
import type { Listening } from '../listen.ts';
import { requestKey, type SlackSubmission, type SlackView } from '../requests.ts';
import { inPlainWords } from './in-plain-words.ts';
import { addressee, layerOf } from './layer-value.ts';
import { settingsFormMetadata, settingsLook } from './open-settings-form.ts';
import { readJson } from './read-json.ts';
import { REASON } from './reason-input.ts';
import { blockId, INPUT_MAX, settingsForm } from './settings-form.ts';
import { type FormOutcome, settleForm } from './settle-form.ts';
import type { SubmissionAck } from './submission-listener.ts';

const MOST_TOLD = 15;
const element = z.object({
  value: z
    .string()
    .max(10 * INPUT_MAX)
    .nullish(),
  selected_conversations: z.array(z.string()).max(1).optional(),
});
type Metadata = z.infer<typeof settingsFormMetadata>;

/** Changes a layer of settings as the form says, or asks for it. Everything is looked up again: role, layer, what the file keeps. */
export async function submitSettings(
  listening: Listening,
  submission: SlackSubmission,
  ack: SubmissionAck,
): Promise<void> {
  const form = settingsFormMetadata.parse(readJson(submission.view.private_metadata));
  const to = addressee(submission.user.id, form.to);
  const key = requestKey('submission', submission);
  await settleForm(listening, ack, { submission, to, title: 'Edit settings', errorsAt: REASON }, async () => {
    await listening.ensureKnown(submission.user.id);
    if (key !== null && !(await listening.handledRequests.firstTime(key))) return null;
    return change(listening, submission, form);
  });
}

async function change(
  listening: Listening,
  { user, view: { state } }: SlackSubmission,
  form: Metadata,
  isAgain = false,
): Promise<FormOutcome> {
  const { useCases, workspace } = listening;
  const actor: Actor = { workspaceId: workspace.id, userId: user.id, via: 'slack' };
  const now = await useCases.startSettingsChange({ actor, ...layerOf(form), earlier: form.basedOn });
  const entered = readEntered(state, now, form.basedOn);
  const reason = readText(state, REASON, REASON).trim();
  if (now.number !== form.basedOn) return bringUpToDate(now, form, entered, reason);
  const read = readForm(now.workflow === null ? 'environment' : 'workflow', now.settings, entered);
  if (!read.ok) return { errors: await errorsOf(listening, read.problems, entered, form.basedOn) };
  try {
    const result = await useCases.proposeSettings({
      ...{ actor, ...layerOf(form), settings: read.settings, basedOn: form.basedOn },
      ...(reason !== '' && { reason }),
      ...(form.to.channelId !== undefined && { originChannel: form.to.channelId }),
    });
    return { answer: changeAnswer(result) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Somebody was quicker by a moment: what they changed is shown.
    const view = { state } as SlackView;
    if (error.code === 'moved_on' && !isAgain) return change(listening, { user, view } as SlackSubmission, form, true);
    const field = changedFields(entered, now)[0];
    const at = field === undefined ? REASON : blockId(field, form.basedOn);
    return { errors: { [at]: await inPlainWords(listening, error.userMessage) } };
  }
}

type State = SlackView['state'];

/** Empty for an empty field, and for one that the form does not have. */
function readText(state: State, block: string, action: string): string {
  const given = state?.values[block]?.[action];
  if (given === undefined) return '';
  const read = element.parse(given);
  return read.value ?? read.selected_conversations?.[0] ?? '';
}

/** Fields that the form had: the others stay as they are. */
function readEntered(state: State, { workflow }: SettingsFormView, number: number): EnteredTexts {
  const asked = fieldsOf(workflow === null ? 'environment' : 'workflow').filter((field) =>
    Object.hasOwn(state?.values ?? {}, blockId(field, number)),
  );
  return Object.fromEntries(asked.map((field) => [field, readText(state, blockId(field, number), field)]));
}

function changedFields(entered: EnteredTexts, { settings }: SettingsFormView): FormField[] {
  const shown = formTexts(settings);
  return (Object.entries(entered) as [FormField, string][])
    .filter(([field, text]) => !sameText(text, shown[field]))
    .map(([field]) => field);
}

/** By block. What is wrong with a field that the form does not have stands below one that it has. */
async function errorsOf(
  listening: Listening,
  problems: ReadonlyMap<FormField, readonly string[]>,
  entered: EnteredTexts,
  number: number,
): Promise<Record<string, string>> {
  const errors: Record<string, string> = {};
  for (const [field, sentences] of problems) {
    const isThere = entered[field] !== undefined;
    const block = isThere ? blockId(field, number) : REASON;
    const named = isThere ? sentences : sentences.map((sentence) => `${FIELD_NAMES[field]}: ${sentence}`);
    const text = await inPlainWords(listening, named.map(asSentence).join(' '));
    errors[block] = errors[block] === undefined ? text : `${errors[block]} ${text}`;
  }
  return errors;
}

function asSentence(problem: string): string {
  // A name is written as it is; a word is not.
  const shown = /^[a-z]+ /.test(problem) ? `${problem.charAt(0).toUpperCase()}${problem.slice(1)}` : problem;
  return /[.?!]$/.test(shown) ? shown : `${shown}.`;
}

/** The settings are others by now: the form says what changed, and keeps what was entered. Sending it again counts from there. */
function bringUpToDate(now: SettingsFormView, form: Metadata, entered: EnteredTexts, reason: string): FormOutcome {
  const base = now.earlier?.settings ?? {};
  const { texts, both } = mergeTexts(formTexts(base), entered, formTexts(now.settings), INPUT_MAX);
  const changes = describeSettingsChange(base, now.settings);
  const who = now.changedBy === null ? 'Somebody' : mention(now.changedBy);
  const sentence = `⚠️ *Nothing was saved yet.* ${who} changed these settings meanwhile: they have number ${now.number}, not ${form.basedOn}.`;
  const list = changes.slice(0, MOST_TOLD).map((change) => `• ${escaped(change, 250)}`);
  const more = changes.length > MOST_TOLD ? [`and ${changes.length - MOST_TOLD} more`] : [];
  const kept =
    both.length === 0
      ? 'What you entered is still here. Look it over and send it again.'
      : `What you entered is still here. You both changed ${inWords(both.map(sharedWords))}: sent as it stands here, yours takes the place of theirs.`;
  const notice = [[sentence, ...list, ...more].join('\n'), kept];
  return {
    view: settingsForm(settingsLook(now, form.to), now, { texts, notice, reason }),
    sentence: `${sentence} Go back to the form: it shows what changed, and what you entered.`,
  };
}

function sharedWords({ field, name }: { field: FormField; name?: string }): string {
  return name === undefined ? FIELD_NAMES[field] : `${escaped(name, 140)} (${FIELD_NAMES[field]})`;
}
