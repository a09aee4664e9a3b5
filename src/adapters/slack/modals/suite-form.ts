import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';
import type { SuiteView } from '../../../use-cases/views.ts';
import { SUITE_FORM } from '../actions/action-ids.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { slug, typed } from '../blocks/mrkdwn.ts';
import { IMPORTANCE, section } from '../blocks/parts.ts';
import { clean } from '../blocks/text.ts';
import type { Listening } from '../listen.ts';
import { addressedTo, carriedAddress } from './layer-value.ts';
import { type ModalLook, modalOf } from './modal.ts';
import { openAndFill } from './open-modal.ts';
import { INPUT_MAX } from './settings-form.ts';

/** What the form carries to its submission: of which workflow, and which suite of it was shown (0: none). */
export const suiteMetadata = z.object({ workflow: z.string(), basedOn: z.int().min(0), to: addressedTo });
/** Block and action ids of its fields. */
export const SUITE_TEXT = 'suite';
export const SUITE_FILE = 'file';

const value = z.object({ workflow: z.string() });
const LOOK: ModalLook = { title: 'Suite', callbackId: SUITE_FORM };
const EXAMPLE = `cases:
  - name: refund
    input: { question: "Can I have my money back?" }
    assert:
      - { type: contains, value: refund }`;

/** Opens the form for a workflow's suite, with what there is. */
export async function openSuiteForm(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const workflow = value.safeParse(click.value).data?.workflow ?? '';
  const { workspaceId } = click.actor;
  await openAndFill(listening, click, to, LOOK, async () => {
    const suite = await listening.useCases.showSuite({ workspaceId, workflow }).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'no_suite') return null;
      throw error;
    });
    return suiteForm({ workflow, to: carriedAddress(to) }, suite);
  });
}

/** The form. Pure. @param suite null: there is none yet */
export function suiteForm(
  { workflow, to }: Pick<z.infer<typeof suiteMetadata>, 'workflow' | 'to'>,
  suite: SuiteView | null,
): ModalView {
  const metadata = { workflow, basedOn: suite?.number ?? 0, to } satisfies z.infer<typeof suiteMetadata>;
  const shown = suite === null ? '' : fitting(suite.source);
  const isTooLong = suite !== null && shown === null;
  return modalOf({ ...LOOK, submit: 'Save', close: 'Cancel', metadata }, [
    section(intro(workflow, suite, isTooLong), IMPORTANCE.essential).block,
    textInput(shown ?? '', isTooLong),
    fileInput(),
  ]);
}

/** As one input takes it; null where it would not be the same any more. */
function fitting(source: string): string | null {
  return source.length <= INPUT_MAX && clean(source) === source ? source : null;
}

function intro(workflow: string, suite: SuiteView | null, isTooLong: boolean): string {
  const name = slug({ slug: workflow });
  if (suite === null) return `*${name}* has no suite yet. Versions are run on its cases before they go further.`;
  const long = `\nIt is longer than the ${INPUT_MAX.toLocaleString('en')} characters that fit in here. Choose the whole of it as a file below, or use ${typed(`towpath suite set ${workflow} FILE`)}.`;
  return `*${name}*, suite ${suite.number}. A change makes a new one; results of earlier runs stay.${isTooLong ? long : ''}`;
}

function textInput(initial: string, isTooLong: boolean): KnownBlock {
  return {
    type: 'input',
    block_id: SUITE_TEXT,
    optional: true,
    label: { type: 'plain_text', text: isTooLong ? 'A suite in its place' : 'Cases, as YAML' },
    hint: {
      type: 'plain_text',
      text: 'Assertions: contains, exact, regex, json-schema, similar, llm-rubric. Never a secret.',
    },
    element: {
      type: 'plain_text_input',
      action_id: SUITE_TEXT,
      multiline: true,
      max_length: INPUT_MAX,
      ...(initial === '' ? {} : { initial_value: initial }),
      placeholder: { type: 'plain_text', text: EXAMPLE },
    },
  };
}

function fileInput(): KnownBlock {
  return {
    type: 'input',
    block_id: SUITE_FILE,
    optional: true,
    label: { type: 'plain_text', text: 'Or a file' },
    hint: { type: 'plain_text', text: 'YAML, at most 4 MB. It takes the place of what is written above.' },
    element: { type: 'file_input', action_id: SUITE_FILE, max_files: 1 },
  };
}
