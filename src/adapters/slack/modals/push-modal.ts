import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { z } from 'zod';
import type { Actor } from '../../../domain/actor.ts';
import { formats } from '../../../domain/workflow/formats/index.ts';
import { PUSH_FORM } from '../actions/action-ids.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { plain } from '../blocks/text.ts';
import type { Listening } from '../listen.ts';
import { type ModalLook, modalOf } from './modal.ts';
import { openAndFill } from './open-modal.ts';

/** What the form carries to its submission: where its person is told, should they close it. */
export const pushMetadata = z.object({ channelId: z.string().optional(), responseUrl: z.string().optional() });

/** Block and action ids of the fields. */
export const FIELDS = ['file', 'workflow', 'label', 'note', 'department', 'owner', 'format'] as const;
export type PushField = (typeof FIELDS)[number];

/** Opens the form for a workflow file. */
export async function openPushModal(
  listening: Listening,
  { actor, to, triggerId }: { actor: Actor; to: Addressee; triggerId: string | null; originChannel: string | null },
): Promise<void> {
  const { channelId, responseUrl } = to;
  const metadata = { ...(channelId !== undefined && { channelId }), ...(responseUrl !== undefined && { responseUrl }) };
  const look = { title: 'Push a workflow', callbackId: PUSH_FORM, metadata };
  await openAndFill(listening, { actor, triggerId }, to, look, async () =>
    pushForm(look, await listening.useCases.listDepartments({ workspaceId: actor.workspaceId })),
  );
}

/** The form. Pure. */
export function pushForm(look: ModalLook, departments: readonly string[]): ModalView {
  return modalOf({ ...look, submit: 'Push', close: 'Cancel' }, [
    input(
      'file',
      'Workflow file',
      'JSON or YAML, at most 10 MB. NAME.suite.yaml is kept as the suite of NAME.',
      { type: 'file_input', action_id: 'file', max_files: 1 },
      false,
    ),
    text('workflow', 'Workflow', 'Its short name, such as summarize-flow. Left empty, the file says it.', 80),
    text('label', 'Label', 'A name for this version, such as add-urgency-classifier.', 63),
    text('note', 'Note', 'What this version is for.', 2_000, true),
    ...departmentSelect(departments),
    input('owner', 'Owner', 'Only of a new workflow. Left empty, it is you.', {
      type: 'users_select',
      action_id: 'owner',
    }),
    formatSelect(),
  ]);
}

type InputElement = Extract<KnownBlock, { type: 'input' }>['element'];

function input(field: PushField, label: string, hint: string, element: InputElement, optional = true): KnownBlock {
  return {
    type: 'input',
    block_id: field,
    optional,
    label: { type: 'plain_text', text: label },
    hint: { type: 'plain_text', text: hint },
    element,
  };
}

function text(field: PushField, label: string, hint: string, max: number, multiline = false): KnownBlock {
  return input(field, label, hint, { type: 'plain_text_input', action_id: field, max_length: max, multiline });
}

/** For a file that could be of two formats, or that looks like one it is not. */
function formatSelect(): KnownBlock {
  return input('format', 'Format', 'Left empty, it is told from the file.', {
    type: 'static_select',
    action_id: 'format',
    options: formats.map(({ id, title }) => ({ text: { type: 'plain_text', text: plain(title, 75) }, value: id })),
  });
}

/** Slack's select takes 100 options with values of 150 characters. */
function departmentSelect(departments: readonly string[]): KnownBlock[] {
  const options = departments
    .filter((department) => department !== '' && department.length <= 150)
    .slice(0, 100)
    .map(
      (department): PlainTextOption => ({
        text: { type: 'plain_text', text: plain(department, 75) },
        value: department,
      }),
    );
  if (options.length === 0) return [];
  return [
    input('department', 'Department', 'Needed for a new workflow.', {
      type: 'static_select',
      action_id: 'department',
      options,
    }),
  ];
}
