import { randomBytes } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { answerToError } from '../answers/answering.ts';
import { sendPrivately } from '../answers/send-privately.ts';
import type { Listening } from '../listen.ts';
import { requestKey, type SlackSubmission, type SlackView } from '../requests.ts';
import { downloadFile, type SlackFile, slackFile } from './download-file.ts';
import { type ModalLook, waitingModal } from './modal.ts';
import { updateModal } from './open-modal.ts';
import { pushMetadata } from './push-modal.ts';
import { type PushOutcome, pushedModal, RESULT, refusedPushModal } from './push-result.ts';
import type { SubmissionAck } from './submission-listener.ts';
import { type SuiteOutcome, savedSuiteModal } from './suite-result.ts';

const element = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_user: z.string().nullish(),
  files: z.array(slackFile).optional(),
});

/**
 * Pushes the file of the form. The result comes as a modal on top: the form below keeps what was entered, so that closing
 * a refusal leads back to it with nothing lost. Where the person closed everything meanwhile, they are told privately.
 */
export async function submitPush(
  listening: Listening,
  { user, trigger_id, view }: SlackSubmission,
  ack: SubmissionAck,
): Promise<void> {
  const form = readForm(view);
  if (form.file === null) return ack({ response_action: 'errors', errors: { file: 'Choose a workflow file.' } });
  const look = { ...RESULT, externalId: `push-${view.id}-${randomBytes(6).toString('hex')}` };
  await ack({
    response_action: 'push',
    view: waitingModal(look, `Working on it… Reading ${form.file.name ?? 'the file'}.`),
  });
  const outcome = await push(listening, user.id, requestKey('submission', { trigger_id, view }), {
    ...form,
    file: form.file,
  });
  if (outcome === null) return;
  const shown = shownOf(look, outcome);
  if (await updateModal(listening, { external_id: look.externalId }, shown)) return;
  const to = pushMetadata.safeParse(readJson(view.private_metadata)).data;
  await sendPrivately(
    listening,
    {
      userId: user.id,
      ...(to?.channelId !== undefined && { channelId: to.channelId }),
      ...(to?.responseUrl !== undefined && { responseUrl: to.responseUrl }),
    },
    { text: outcome.text },
  );
}

function shownOf(look: ModalLook, outcome: PushOutcome | SuiteOutcome): ModalView {
  if ('pushed' in outcome) return pushedModal(look, outcome.pushed);
  return 'saved' in outcome ? savedSuiteModal(look, outcome.saved) : refusedPushModal(look, outcome);
}

/** A file that is called `NAME.suite.yaml` is the suite of NAME. Null for any other. */
function workflowOfSuite(fileName: string): string | null {
  return /^(.+)\.suite\.ya?ml$/i.exec(fileName)?.[1]?.toLowerCase() ?? null;
}

interface Form {
  file: SlackFile | null;
  fields: { workflow?: string; label?: string; note?: string; department?: string; owner?: string; format?: string };
}

/** Null for a repeat. */
async function push(
  listening: Listening,
  userId: string,
  key: string | null,
  { file, fields }: Form & { file: SlackFile },
): Promise<PushOutcome | SuiteOutcome | null> {
  const { useCases, workspace, handledRequests, ensureKnown } = listening;
  try {
    if (key !== null && !(await handledRequests.firstTime(key))) return null;
    await ensureKnown(userId);
    if (fields.owner !== undefined) await ensureKnown(fields.owner);
    const source = await downloadFile(listening, file);
    const actor = { workspaceId: workspace.id, userId, via: 'slack' } as const;
    const suiteOf = workflowOfSuite(file.name ?? '');
    if (suiteOf !== null) {
      const fileName = file.name ?? '';
      const saved = await useCases.saveSuite({ actor, workflow: fields.workflow ?? suiteOf, source, fileName });
      return { saved, text: `Saved as suite ${saved.number} of ${saved.workflow.slug}.` };
    }
    const pushed = await useCases.pushVersion({
      actor,
      source,
      ...(file.name != null && { fileName: file.name }),
      ...fields,
    });
    return { pushed, text: `Pushed ${pushed.workflow.slug} v${pushed.version.number}.` };
  } catch (error) {
    return { error, text: answerToError(listening, error, { what: 'push form', user: userId }).text };
  }
}

function readForm({ state }: SlackView): Form {
  const read = (field: string) => element.safeParse(state?.values[field]?.[field]).data;
  const text = (field: string) => read(field)?.value?.trim() || undefined;
  const fields = {
    workflow: text('workflow')?.toLowerCase(),
    label: text('label'),
    note: text('note'),
    department: read('department')?.selected_option?.value,
    owner: read('owner')?.selected_user ?? undefined,
    format: read('format')?.selected_option?.value,
  };
  return {
    file: read('file')?.files?.[0] ?? null,
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
