import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';
import type { SettingsFormView } from '../../../use-cases/views.ts';
import { SETTINGS_FORM } from '../actions/action-ids.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import type { Listening } from '../listen.ts';
import { addressedTo, carriedAddress, layerOf, layerValue } from './layer-value.ts';
import type { ModalLook } from './modal.ts';
import { openAndFill } from './open-modal.ts';
import { settingsForm } from './settings-form.ts';

/** What the form carries to its submission: which layer, and which revision of it was shown. */
export const settingsFormMetadata = layerValue.extend({ basedOn: z.int().min(0), to: addressedTo });

const LOOK: ModalLook = { title: 'Edit settings', callbackId: SETTINGS_FORM };

/** Opens the form for a layer of settings, for those who may change it. */
export async function openSettingsForm(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const asked = layerValue.safeParse(click.value).data;
  await openAndFill(listening, click, to, LOOK, async () => {
    if (asked === undefined) throw oldButton();
    const view = await listening.useCases.startSettingsChange({ actor: click.actor, ...layerOf(asked) });
    refuseProposed(view);
    return settingsForm(settingsLook(view, carriedAddress(to)), view);
  });
}

export function settingsLook(
  { environment, workflow, number }: SettingsFormView,
  to: z.infer<typeof addressedTo>,
): ModalLook {
  const layer = { environment: environment.name, ...(workflow !== null && { workflow: workflow.slug }) };
  return { ...LOOK, metadata: { ...layer, basedOn: number, to } satisfies z.infer<typeof settingsFormMetadata> };
}

/** Better now than after everything was typed. */
export function refuseProposed({ proposal, environment }: SettingsFormView): void {
  if (proposal === null) return;
  throw new Refusal(
    'already_proposed',
    `A change of these settings by <@${proposal.requestedBy}> waits for approval already. \`/towpath env ${environment.name} proposals\` shows it: decide or cancel it first.`,
  );
}

export function oldButton(): Refusal {
  return new Refusal(
    'invalid_input',
    'This button is from another version of Towpath. `/towpath env ENVIRONMENT` shows the settings anew.',
  );
}
