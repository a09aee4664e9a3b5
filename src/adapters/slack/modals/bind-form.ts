import { createHash } from 'node:crypto';
import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { z } from 'zod';
import type { WorkflowSettingsView } from '../../../use-cases/views.ts';
import { BIND_FORM } from '../actions/action-ids.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { environment, slug, typed } from '../blocks/mrkdwn.ts';
import { context, IMPORTANCE, section } from '../blocks/parts.ts';
import { escaped, plain } from '../blocks/text.ts';
import type { Listening } from '../listen.ts';
import { addressedTo, carriedAddress } from './layer-value.ts';
import { type ModalLook, modal, modalOf } from './modal.ts';
import { openAndFill } from './open-modal.ts';
import { oldButton, refuseProposed } from './open-settings-form.ts';
import { reasonInput } from './reason-input.ts';

export const bindValue = z.object({ environment: z.string(), workflow: z.string() });
/** Which workflow's layer, and which revision of it was shown. */
export const bindMetadata = bindValue.extend({ basedOn: z.int().min(0), to: addressedTo });
const LOOK: ModalLook = { title: 'Bind masked values', callbackId: BIND_FORM };

/** Opens a form that names a secret for each value that was masked when it was pushed. */
export async function openBindForm(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const asked = bindValue.safeParse(click.value).data;
  const { actor } = click;
  await openAndFill(listening, click, to, LOOK, async () => {
    if (asked === undefined) throw oldButton();
    const layer = await listening.useCases.startSettingsChange({ actor, ...asked });
    refuseProposed(layer);
    const view = await listening.useCases.showWorkflowSettings({ actor, ...asked });
    if (layer.managed.includes('masked')) return managedView(view);
    const carried = { ...asked, basedOn: layer.number, to: carriedAddress(to) };
    return bindForm({ ...LOOK, metadata: carried }, view, layer.asksFor);
  });
}

/** One menu for each masked value, unbound ones first. Pure. */
export function bindForm(look: ModalLook, view: WorkflowSettingsView, asksFor: string | null): ModalView {
  const { masks, secretNames, moreMasks } = view;
  const title = section(`*${slug(view.workflow)} in ${environment(view.environment)}*`, IMPORTANCE.essential);
  if (masks.length === 0)
    return modal(look, [
      title,
      section('Nothing was masked in the versions that are there or come next.', IMPORTANCE.needed),
    ]);
  if (secretNames.length === 0) return modal(look, [title, section(noSecrets(view), IMPORTANCE.needed)]);
  const needs =
    asksFor === null ? 'It applies at once.' : `It needs approval by ${escaped(asksFor, 200)}, and applies then.`;
  const more = moreMasks > 0 ? ` ${moreMasks} more come once these are bound.` : '';
  return modalOf({ ...look, submit: asksFor === null ? 'Bind' : 'Ask for it', close: 'Cancel' }, [
    title.block,
    context(
      `Each of these values was masked when it was pushed. Whoever runs the workflow gets the secret that you name in its place. ${needs}${more}`,
      IMPORTANCE.note,
    ).block,
    ...masks.map((mask) => menu(mask, secretNames)),
    reasonInput(''),
  ]);
}

function noSecrets({ environment: where, workflow }: WorkflowSettingsView): string {
  return `There is no secret yet to bind masked values to. Name one first: ${typed(`/towpath env ${where.name} ${workflow.slug}`)}, Edit, Secrets.`;
}

function managedView(view: WorkflowSettingsView): ModalView {
  const path = JSON.stringify(view.masks.find(({ secret }) => secret === null)?.path ?? 'PATH').slice(0, 200);
  return modal(LOOK, [
    section(
      `Masked values of ${slug(view.workflow)} in ${environment(view.environment)} are kept in towpath.yaml. Bind them there: ${typed(`workflows: { ${view.workflow.slug}: { masked: { ${path}: NAME } } }`)}.`,
      IMPORTANCE.essential,
    ),
  ]);
}

function menu({ path, secret }: WorkflowSettingsView['masks'][number], secretNames: readonly string[]): KnownBlock {
  const names = secret === null || secretNames.includes(secret) ? secretNames : [...secretNames, secret];
  const options = names.map(option);
  return {
    type: 'input',
    block_id: maskBlock(path),
    optional: true,
    label: { type: 'plain_text', text: plain(shortPath(path), 200) },
    element: {
      type: 'static_select',
      action_id: 'secret',
      placeholder: { type: 'plain_text', text: 'Not bound yet' },
      // Slack takes 100 options, or 100 groups of as many.
      ...(options.length <= GROUP ? { options } : { option_groups: groups(options) }),
      ...(secret === null ? {} : { initial_option: option(secret) }),
    },
  };
}

const GROUP = 100;

function groups(options: readonly PlainTextOption[]) {
  const starts = Array.from({ length: Math.ceil(options.length / GROUP) }, (_, index) => index * GROUP);
  return starts.map((start) => {
    const some = options.slice(start, start + GROUP);
    const label = `${some[0]?.value} to ${some.at(-1)?.value}`;
    return { label: { type: 'plain_text' as const, text: plain(label, 75) }, options: some };
  });
}

function option(name: string): PlainTextOption {
  return { text: { type: 'plain_text', text: plain(name, 75) }, value: name };
}

/** The end says most. */
function shortPath(path: string): string {
  return path.length <= 190 ? path : `…${path.slice(-190)}`;
}

/** Paths may be longer than Slack takes in an id. */
export function maskBlock(path: string): string {
  return `mask:${createHash('sha256').update(path).digest('base64url')}`;
}
