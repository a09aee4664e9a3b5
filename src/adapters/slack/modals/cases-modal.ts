import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { CheckView } from '../../../use-cases/views.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { caseParts } from '../blocks/case-parts.ts';
import { checkLine } from '../blocks/check-lines.ts';
import { environment, moment, slug, version } from '../blocks/mrkdwn.ts';
import { context, IMPORTANCE, section } from '../blocks/parts.ts';
import type { Listening } from '../listen.ts';
import { type ModalLook, modal } from './modal.ts';
import { openAndFill } from './open-modal.ts';

const value = z.object({ checkId: z.string() });
const LOOK: ModalLook = { title: 'Cases', callbackId: 'cases' };
/** Two blocks each at most; a modal takes 100. */
const SHOWN = 40;

/** Shows the cases of a result, those that did not pass first. */
export async function openCases(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const id = value.safeParse(click.value).data?.checkId ?? '';
  const { workspaceId } = click.actor;
  await openAndFill(listening, click, to, LOOK, async () =>
    casesModal(await listening.useCases.showCheck({ workspaceId, id })),
  );
}

/** Pure. */
export function casesModal({ workflow, version: tag, environment: where, result, cases }: CheckView): ModalView {
  const left = cases.length - SHOWN;
  const what = `*${slug(workflow)} ${version(tag)}* in ${environment(where)}, ${moment(result.at)}`;
  return modal(LOOK, [
    section(`${what}\n${checkLine(result, null)}`, IMPORTANCE.essential),
    ...cases.slice(0, SHOWN).flatMap((one, i) => caseParts(one, IMPORTANCE.needed - i)),
    ...(cases.length === 0 ? [section('No cases were kept with this result.', IMPORTANCE.needed)] : []),
    ...(left > 0 ? [context(`and ${left} more, which the API shows: GET /api/v1/checks/${result.id}`, 90)] : []),
  ]);
}
