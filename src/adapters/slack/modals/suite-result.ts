import type { ModalView } from '@slack/types';
import { InvalidDefinitionError } from '../../../domain/workflow/invalid-definition-error.ts';
import type { SavedSuite } from '../../../use-cases/views.ts';
import { counted } from '../blocks/figures.ts';
import { slug, typed } from '../blocks/mrkdwn.ts';
import { bullets, IMPORTANCE, section } from '../blocks/parts.ts';
import { escaped } from '../blocks/text.ts';
import { type ModalLook, modal } from './modal.ts';
import { maskedParts, problemLine } from './push-result.ts';

export const SUITE_RESULT = { title: 'Suite', callbackId: 'suite_result' } as const;
const SHOWN = 20;

/** `text` says the same in one sentence, for where no modal is left. mrkdwn, escaped. */
export type SuiteOutcome = { saved: SavedSuite; text: string } | { error: unknown; text: string };

/** What was saved. Closing it closes the form below. Pure. */
export function savedSuiteModal(
  look: ModalLook,
  { workflow, number, created, name, cases, masked }: SavedSuite,
): ModalView {
  const what = `${escaped(name, 100)}, ${counted(cases, 'case')}`;
  const sentence = created
    ? `Saved as suite ${number} of *${slug(workflow)}*: ${what}.`
    : `This is suite ${number} of *${slug(workflow)}* already: ${what}. Nothing was changed.`;
  return modal({ ...look, close: 'Done', clearOnClose: true }, [
    section(sentence, IMPORTANCE.essential),
    ...maskedParts(masked),
    section(`${typed(`/towpath test ${workflow.slug}`)} runs it in the first environment.`, IMPORTANCE.needed),
  ]);
}

/** Why nothing was saved, with the line and the path of each problem. Back leads to the form as it was left. Pure. */
export function refusedSuiteModal(look: ModalLook, { error, text }: { error: unknown; text: string }): ModalView {
  if (!(error instanceof InvalidDefinitionError))
    return modal({ ...look, close: 'Back' }, [section(text, IMPORTANCE.essential)]);
  const { problems } = error;
  return modal({ ...look, close: 'Back' }, [
    section(
      'This suite can’t be used, and nothing was kept of it. Correct it and save it again.',
      IMPORTANCE.essential,
    ),
    bullets(
      problems.length === 1 ? 'What is wrong' : `What is wrong (${problems.length})`,
      problems.slice(0, SHOWN).map(problemLine),
      Math.max(0, problems.length - SHOWN),
      IMPORTANCE.needed,
    ),
  ]);
}
