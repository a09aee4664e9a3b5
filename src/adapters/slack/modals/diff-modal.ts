import { z } from 'zod';
import type { Actor } from '../../../domain/actor.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { DiffView } from '../../../use-cases/views.ts';
import type { Click } from '../actions/click.ts';
import type { Addressee } from '../answers/send-privately.ts';
import { versionsAddress } from '../diff-address.ts';
import type { Listening } from '../listen.ts';
import { type DiffPlace, diffModal } from './diff-view.ts';
import type { ModalLook } from './modal.ts';
import { fill, openAndFill } from './open-modal.ts';

/** What is compared: what a promotion brings, or two versions or environments as typed. */
const compared = z.union([
  z.object({ promotionId: z.string() }),
  z.object({ workflow: z.string(), from: z.string(), to: z.string() }),
]);
const metadata = z.object({ compared });
const place = z.object({ tab: z.enum(['blocks', 'code']), page: z.int().min(0) });

const FIRST: DiffPlace = { tab: 'blocks', page: 0 };

/** Opens the full diff at once and fills it when it is computed. */
export async function openDiffModal(listening: Listening, click: Click, to: Addressee): Promise<void> {
  const what = compared.safeParse(click.value).data ?? null;
  const look = lookOf(what);
  await openAndFill(listening, click, to, look, () => show(listening, click.actor, what, FIRST));
}

/** Turns to another page or the other view. The comparison is computed again: nothing is kept in memory. */
export async function turnDiffPage(listening: Listening, click: Click): Promise<void> {
  const { view, actor, value } = click;
  if (view === null) return;
  const what = readCompared(view.private_metadata);
  const look = lookOf(what);
  const wanted = place.safeParse(value).data ?? FIRST;
  await fill(listening, { view_id: view.id }, actor.userId, look, () => show(listening, actor, what, wanted));
}

async function show(listening: Listening, actor: Actor, what: z.infer<typeof compared> | null, at: DiffPlace) {
  const view = await compare(listening, actor, what);
  return diffModal(lookOf(what), view, at, versionsAddress(listening.diffAddress, view, new Date()));
}

function lookOf(what: z.infer<typeof compared> | null): ModalLook {
  return { title: 'Full diff', callbackId: 'full_diff', metadata: { compared: what } };
}

async function compare(
  { useCases }: Listening,
  actor: Actor,
  what: z.infer<typeof compared> | null,
): Promise<DiffView> {
  if (what === null)
    throw new Refusal(
      'invalid_input',
      'This button is from another version of Towpath. `/towpath diff` compares any two versions.',
    );
  return 'promotionId' in what
    ? useCases.comparePromotion({ actor, promotionId: what.promotionId })
    : useCases.compareVersions({ actor, ...what });
}

function readCompared(text: string): z.infer<typeof compared> | null {
  try {
    return metadata.parse(JSON.parse(text)).compared;
  } catch {
    return null;
  }
}
