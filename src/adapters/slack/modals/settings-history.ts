import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { describeSettingsChange } from '../../../domain/settings/diff-settings.ts';
import type { SettingsRevision } from '../../../domain/settings/settings.ts';
import { GO_BACK, nth, SETTINGS_HISTORY_PAGE } from '../actions/action-ids.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { button } from '../blocks/button.ts';
import { mention, moment, typed } from '../blocks/mrkdwn.ts';
import { bullets, buttons, context, divider, IMPORTANCE, type Part, quote, section } from '../blocks/parts.ts';
import { escaped } from '../blocks/text.ts';
import type { Listening } from '../listen.ts';
import { addressedTo, carriedAddress, type LayerValue, layerOf, layerValue } from './layer-value.ts';
import { type ModalLook, modal } from './modal.ts';
import { fill, openAndFill } from './open-modal.ts';
import { oldButton } from './open-settings-form.ts';
import { readJson } from './read-json.ts';

/** Revisions on one page, and what is told of each. */
const PAGE = 6;
const MOST_SENTENCES = 6;

const metadata = layerValue.extend({ to: addressedTo });
const wanted = z.object({ cursor: z.string().nullable() });

/** Opens what a layer of settings held from when on, with a way back to each. */
export async function openSettingsHistory(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const asked = layerValue.safeParse(click.value).data;
  const carried = asked === undefined ? null : { ...layerOf(asked), to: carriedAddress(to) };
  await openAndFill(listening, click, to, lookOf(carried), () => show(listening, carried, null));
}

/** Turns to another page. */
export async function turnSettingsHistory(listening: Listening, { view, actor, value }: Click): Promise<void> {
  if (view === null) return;
  const carried = metadata.safeParse(readJson(view.private_metadata)).data ?? null;
  const cursor = wanted.safeParse(value).data?.cursor ?? null;
  const which = { view_id: view.id };
  await fill(listening, which, actor.userId, lookOf(carried), () => show(listening, carried, cursor));
}

type Carried = z.infer<typeof metadata> | null;

function lookOf(carried: Carried): ModalLook {
  return { title: 'Settings history', callbackId: 'settings_history', metadata: carried ?? {} };
}

async function show(
  { useCases, workspace: { id: workspaceId } }: Listening,
  carried: Carried,
  cursor: string | null,
): Promise<ModalView> {
  if (carried === null) throw oldButton();
  const layer = layerOf(carried);
  const list = (limit: number, after: string | null) =>
    useCases.listSettingsRevisions({
      ...{ workspaceId, ...layer },
      page: { limit, ...(after !== null && { cursor: after }) },
    });
  const page = await list(PAGE, cursor);
  // What the last one on this page changed shows beside the one before it.
  const before = page.cursor === null ? [] : (await list(1, page.cursor)).items;
  return settingsHistoryModal(lookOf(carried), layer, { ...page, before: before[0] ?? null, isFirst: cursor === null });
}

/** One page of revisions, newest first. */
export interface HistoryPage {
  items: readonly SettingsRevision[];
  /** Of the next page. */
  cursor: string | null;
  /** The one before the last of these; null for none. */
  before: SettingsRevision | null;
  /** Whether the newest is on it. */
  isFirst: boolean;
}

/** Pure. */
export function settingsHistoryModal(look: ModalLook, layer: LayerValue, page: HistoryPage): ModalView {
  const { items, cursor, isFirst } = page;
  const name =
    layer.workflow === undefined
      ? `${layer.environment}, for every workflow`
      : `${layer.workflow} in ${layer.environment}`;
  if (items.length === 0)
    return modal(look, [
      section(
        `*${escaped(name, 160)}*\nNothing was ever given, so there is nothing to go back to.`,
        IMPORTANCE.essential,
      ),
    ]);
  return modal(look, [
    section(`*${escaped(name, 160)}*\nNewest first.`, IMPORTANCE.essential),
    ...items.flatMap((revision, index) => [
      ...(index === 0 ? [] : [divider()]),
      ...oneRevision(revision, items[index + 1] ?? page.before, layer, isFirst && index === 0 ? null : index),
    ]),
    ...buttons([
      isFirst ? null : button(nth(SETTINGS_HISTORY_PAGE, 0), 'Newest', { cursor: null }),
      cursor === null ? null : button(nth(SETTINGS_HISTORY_PAGE, 1), 'Older', { cursor }),
    ]),
    ...(items.length === 1 && isFirst && cursor === null
      ? [context(`Nothing was changed since. ${typed(`/towpath env ${layer.environment}`)} shows it.`, IMPORTANCE.note)]
      : []),
  ]);
}

function oneRevision(
  revision: SettingsRevision,
  before: SettingsRevision | null,
  { environment, workflow }: LayerValue,
  index: number | null,
): Part[] {
  const { number, changedBy, at, reason, restores } = revision;
  const sentences = describeSettingsChange(before?.settings ?? {}, revision.settings);
  const back = restores === null ? '' : `, brought back number ${restores}`;
  const carried = { environment, ...(workflow !== undefined && { workflow }), number };
  const now = index === null ? ' · now' : '';
  return [
    section(`*Number ${number}*${now}: ${mention(changedBy)} ${moment(at)}${back}`, IMPORTANCE.needed),
    ...(reason === null ? [] : [quote(reason, IMPORTANCE.reason, 300)]),
    bullets(
      before === null ? 'What was given first' : 'What changed',
      sentences.length === 0 ? ['Nothing that shows'] : sentences.slice(0, MOST_SENTENCES),
      Math.max(0, sentences.length - MOST_SENTENCES),
      IMPORTANCE.changes,
    ),
    ...(index === null ? [] : buttons([button(nth(GO_BACK, index), `Go back to number ${number}`, carried)])),
  ];
}
