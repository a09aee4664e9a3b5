import type { ModalView } from '@slack/types';
import { type DefinitionProblem, InvalidDefinitionError } from '../../../domain/workflow/invalid-definition-error.ts';
import { maskedInWords } from '../../../domain/workflow/secrets/masked-in-words.ts';
import type { PushResult } from '../../../use-cases/use-cases.ts';
import { changes } from '../blocks/changes.ts';
import { slug, typed, version } from '../blocks/mrkdwn.ts';
import { bullets, IMPORTANCE, type Part, section } from '../blocks/parts.ts';
import { type ModalLook, modal } from './modal.ts';

export const RESULT = { title: 'Push a workflow', callbackId: 'push_result' } as const;

/** `text` says the same in one sentence, for where no modal is left. mrkdwn, escaped. */
export type PushOutcome = { pushed: PushResult; text: string } | { error: unknown; text: string };

/** What the push made. Closing it closes the form below. Pure. */
export function pushedModal(look: ModalLook, result: PushResult): ModalView {
  const { workflow, version: tag, created, workflowCreated, diff, masked } = result;
  const what = `*${slug(workflow)}* ${version(tag)}`;
  const sentence = created
    ? `Pushed as ${what}${workflowCreated ? ', the first version of a new workflow' : ''}.`
    : `This very content is ${what} already, so there is no new version.`;
  return modal({ ...look, close: 'Done', clearOnClose: true }, [
    section(sentence, IMPORTANCE.essential),
    ...(diff === null ? [] : [changes('What changed', diff)]),
    ...maskedParts(masked),
    section(
      `${typed(`/deploy ${workflow.slug} v${tag.number}`)} puts it live in the first environment.`,
      IMPORTANCE.needed,
    ),
  ]);
}

/** Where secrets stood, so that somebody rotates them: masked here, they are still known wherever the file has been. */
export function maskedParts({ secrets, more }: PushResult['masked']): Part[] {
  if (secrets.length === 0) return [];
  const title =
    secrets.length + more === 1
      ? 'A secret was masked before anything was kept. If it is real, replace it where it is used'
      : `${secrets.length + more} secrets were masked before anything was kept. Replace those that are real where they are used`;
  return [bullets(title, secrets.map(maskedInWords), more, IMPORTANCE.needed)];
}

const SHOWN = 20;

/** Why nothing was pushed, with the line and the path of each problem. Back leads to the form as it was left. Pure. */
export function refusedPushModal(look: ModalLook, { error, text }: { error: unknown; text: string }): ModalView {
  if (!(error instanceof InvalidDefinitionError))
    return modal({ ...look, close: 'Back' }, [section(text, IMPORTANCE.essential)]);
  const { problems } = error;
  return modal({ ...look, close: 'Back' }, [
    section('This file can’t be used, and nothing was kept of it. Correct it and push it again.', IMPORTANCE.essential),
    bullets(
      problems.length === 1 ? 'What is wrong' : `What is wrong (${problems.length})`,
      problems.slice(0, SHOWN).map(problemLine),
      Math.max(0, problems.length - SHOWN),
      IMPORTANCE.needed,
    ),
  ]);
}

/** `line 7, cases[2].input: …` */
export function problemLine({ line, path, message }: DefinitionProblem): string {
  const where = [line === undefined ? '' : `line ${line}`, path].filter((part) => part !== '').join(', ');
  return where === '' ? message : `${where}: ${message}`;
}
