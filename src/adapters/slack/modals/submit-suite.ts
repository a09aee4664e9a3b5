import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';
import { answerToError } from '../answers/answering.ts';
import { sendPrivately } from '../answers/send-privately.ts';
import type { Listening } from '../listen.ts';
import { requestKey, type SlackSubmission } from '../requests.ts';
import { downloadFile, type SlackFile, slackFile } from './download-file.ts';
import { addressee } from './layer-value.ts';
import { waitingModal } from './modal.ts';
import { updateModal } from './open-modal.ts';
import type { SubmissionAck } from './submission-listener.ts';
import { SUITE_FILE, SUITE_TEXT, suiteMetadata } from './suite-form.ts';
import { refusedSuiteModal, SUITE_RESULT, type SuiteOutcome, savedSuiteModal } from './suite-result.ts';

const values = z.object({
  [SUITE_TEXT]: z.object({ [SUITE_TEXT]: z.object({ value: z.string().nullish() }) }).optional(),
  [SUITE_FILE]: z.object({ [SUITE_FILE]: z.object({ files: z.array(slackFile).nullish() }) }).optional(),
});

type Given = { text: string } | { file: SlackFile };

/** Saves the suite of the form. The result comes as a modal on top: closing a refusal leads back to what was written. */
export async function submitSuite(
  listening: Listening,
  { user, trigger_id, view }: SlackSubmission,
  ack: SubmissionAck,
): Promise<void> {
  const given = readForm(view.state?.values);
  if (given === null)
    return ack({ response_action: 'errors', errors: { [SUITE_TEXT]: 'Write the cases, or choose a file below.' } });
  const { workflow, basedOn, to } = suiteMetadata.parse(JSON.parse(view.private_metadata));
  const look = { ...SUITE_RESULT, externalId: `suite-${view.id}-${randomBytes(6).toString('hex')}` };
  await ack({ response_action: 'push', view: waitingModal(look, 'Working on it…') });
  const key = requestKey('submission', { trigger_id, view });
  const outcome = await save(listening, { userId: user.id, key, workflow, basedOn, given });
  if (outcome === null) return;
  const shown = 'saved' in outcome ? savedSuiteModal(look, outcome.saved) : refusedSuiteModal(look, outcome);
  if (await updateModal(listening, { external_id: look.externalId }, shown)) return;
  await sendPrivately(listening, addressee(user.id, to), { text: outcome.text });
}

interface Asked {
  userId: string;
  key: string | null;
  workflow: string;
  basedOn: number;
  given: Given;
}

/** Null for a repeat. */
async function save(
  listening: Listening,
  { userId, key, workflow, basedOn, given }: Asked,
): Promise<SuiteOutcome | null> {
  const { useCases, workspace, handledRequests, ensureKnown } = listening;
  try {
    if (key !== null && !(await handledRequests.firstTime(key))) return null;
    await ensureKnown(userId);
    await refuseMoved(listening, workflow, basedOn);
    const source = 'text' in given ? given.text : await downloadFile(listening, given.file);
    const actor = { workspaceId: workspace.id, userId, via: 'slack' } as const;
    const fileName = 'file' in given && given.file.name != null ? { fileName: given.file.name } : {};
    const saved = await useCases.saveSuite({ actor, workflow, source, ...fileName });
    return { saved, text: `Saved as suite ${saved.number} of ${saved.workflow.slug}.` };
  } catch (error) {
    return { error, text: answerToError(listening, error, { what: 'suite form', user: userId }).text };
  }
}

/** Somebody else's change since the form was opened would be lost without a word. @throws Refusal moved_on */
async function refuseMoved({ useCases, workspace }: Listening, workflow: string, basedOn: number): Promise<void> {
  const now = await useCases.showSuite({ workspaceId: workspace.id, workflow }).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === 'no_suite') return null;
    throw error;
  });
  if (now === null || now.number === basedOn) return;
  throw new Refusal(
    'moved_on',
    `The suite was changed meanwhile by <@${now.savedBy}>: it is suite ${now.number} now. Open the form again with \`/towpath suite ${workflow}\`.`,
  );
}

function readForm(state: unknown): Given | null {
  const read = values.safeParse(state).data;
  const file = read?.[SUITE_FILE]?.[SUITE_FILE].files?.[0];
  if (file !== undefined) return { file };
  const text = read?.[SUITE_TEXT]?.[SUITE_TEXT].value ?? '';
  return text.trim() === '' ? null : { text };
}
