import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { Refusal } from '../../../domain/refusal.ts';
import { settingsDiffLines } from '../../../domain/settings/settings-lines.ts';
import type { SettingsCardView } from '../../../use-cases/views.ts';
import { nth, SETTINGS_DIFF_PAGE } from '../actions/action-ids.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { button } from '../blocks/button.ts';
import { buttons, context, IMPORTANCE, type Part, section } from '../blocks/parts.ts';
import { layerName } from '../blocks/proposal-parts.ts';
import { plain } from '../blocks/text.ts';
import type { Listening } from '../listen.ts';
import { type ModalLook, modal } from './modal.ts';
import { fill, openAndFill } from './open-modal.ts';
import { paginate } from './pages.ts';
import { readJson } from './read-json.ts';

const carried = z.object({ proposalId: z.string() });
const wanted = z.object({ page: z.int().min(0) });

/** Opens all that a proposed change of settings changes, nothing of it shortened. */
export async function openSettingsDiff(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const what = carried.safeParse(click.value).data ?? null;
  await openAndFill(listening, click, to, lookOf(what), () => show(listening, what, 0));
}

/** Turns to another page. Nothing is kept in memory. */
export async function turnSettingsDiff(listening: Listening, { view, actor, value }: Click): Promise<void> {
  if (view === null) return;
  const what = carried.safeParse(readJson(view.private_metadata)).data ?? null;
  const page = wanted.safeParse(value).data?.page ?? 0;
  await fill(listening, { view_id: view.id }, actor.userId, lookOf(what), () => show(listening, what, page));
}

function lookOf(what: z.infer<typeof carried> | null): ModalLook {
  return { title: 'Full diff', callbackId: 'settings_diff', metadata: what ?? {} };
}

async function show(
  { useCases, workspace }: Listening,
  what: z.infer<typeof carried> | null,
  page: number,
): Promise<ModalView> {
  if (what === null)
    throw new Refusal(
      'unknown_settings_proposal',
      'This button is from another version of Towpath. `/towpath env ENVIRONMENT proposals` shows what is open.',
    );
  const view = await useCases.showSettingsProposal({ workspaceId: workspace.id, ...what });
  return settingsDiffModal(lookOf(what), view, page);
}

/** One page of the comparison. Pure. */
export function settingsDiffModal(look: ModalLook, view: SettingsCardView, wantedPage: number): ModalView {
  const pages = paginate(settingsDiffLines(view.before, view.settings));
  const page = Math.min(Math.max(0, wantedPage), pages.length - 1);
  const from = view.baseNumber === 0 ? 'nothing was given before' : `what number ${view.baseNumber} holds`;
  const turn = (index: number, text: string, to: number) => button(nth(SETTINGS_DIFF_PAGE, index), text, { page: to });
  return modal(look, [
    section(`*${layerName(view)}*\nCompared with ${from}.`, IMPORTANCE.essential),
    ...(pages[page] ?? []).map(code),
    context('- before   + after', IMPORTANCE.note),
    ...(pages.length > 1 ? [context(`Page ${page + 1} of ${pages.length}`, IMPORTANCE.essential)] : []),
    ...buttons([
      page > 0 ? turn(0, 'Previous', page - 1) : null,
      page < pages.length - 1 ? turn(1, 'Next', page + 1) : null,
    ]),
  ]);
}

function code(chunk: string): Part {
  const text = plain(chunk, 3_000);
  return {
    block: {
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
    },
    importance: IMPORTANCE.needed,
  };
}
