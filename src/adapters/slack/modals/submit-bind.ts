import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';
import type { WorkflowSettingsView } from '../../../use-cases/views.ts';
import { changeAnswer } from '../blocks/change-answer.ts';
import type { Listening } from '../listen.ts';
import { requestKey, type SlackSubmission, type SlackView } from '../requests.ts';
import { bindMetadata, maskBlock } from './bind-form.ts';
import { addressee } from './layer-value.ts';
import { readJson } from './read-json.ts';
import { REASON } from './reason-input.ts';
import { settleForm } from './settle-form.ts';
import type { SubmissionAck } from './submission-listener.ts';

const chosen = z.object({ secret: z.object({ selected_option: z.object({ value: z.string().max(200) }).nullish() }) });
const written = z.object({ [REASON]: z.object({ value: z.string().nullish() }) });

/** Names the chosen secrets for masked values. What is masked, and what else the layer holds, is looked up again. */
export async function submitBind(listening: Listening, submission: SlackSubmission, ack: SubmissionAck): Promise<void> {
  const { to: address, basedOn, ...layer } = bindMetadata.parse(readJson(submission.view.private_metadata));
  const { user, view } = submission;
  const { useCases, workspace } = listening;
  const actor = { workspaceId: workspace.id, userId: user.id, via: 'slack' } as const;
  const to = addressee(user.id, address);
  const key = requestKey('submission', submission);
  await settleForm(listening, ack, { submission, to, title: 'Bind masked values', errorsAt: REASON }, async () => {
    await listening.ensureKnown(user.id);
    if (key !== null && !(await listening.handledRequests.firstTime(key))) return null;
    const { settings, number } = await useCases.startSettingsChange({ actor, ...layer });
    const { masks } = await useCases.showWorkflowSettings({ actor, ...layer });
    const names = chosenNames(view.state, masks);
    const taken = number === basedOn ? [] : masks.filter(({ path, secret }) => isOther(secret, names[path]));
    if (taken.length > 0) return { errors: Object.fromEntries(taken.map(boundMeanwhile)) };
    const masked = { ...settings.masked, ...names };
    const reason = written.safeParse(view.state?.values[REASON]).data?.[REASON].value?.trim() ?? '';
    const result = await useCases.proposeSettings({
      ...{ actor, ...layer, settings: { ...settings, masked }, basedOn: number },
      ...(reason !== '' && { reason }),
      ...(address.channelId !== undefined && { originChannel: address.channelId }),
    });
    return { answer: changeAnswer(result) };
  });
}

function chosenNames(state: SlackView['state'], masks: WorkflowSettingsView['masks']): Record<string, string> {
  const names = masks.flatMap(({ path }): [string, string][] => {
    const name = chosen.safeParse(state?.values[maskBlock(path)]).data?.secret.selected_option?.value;
    return name === undefined ? [] : [[path, name]];
  });
  if (names.length > 0) return Object.fromEntries(names);
  throw new Refusal('invalid_input', 'Choose a secret for at least one of them.');
}

function isOther(secret: string | null, chosenName: string | undefined): boolean {
  return secret !== null && chosenName !== undefined && secret !== chosenName;
}

function boundMeanwhile({ path, secret }: WorkflowSettingsView['masks'][number]): [string, string] {
  return [
    maskBlock(path),
    `This was bound to ${secret} meanwhile. Choose that, or close this and open it again to bind it to another one.`,
  ];
}
