import type { VersionPair } from '../../../use-cases/ports.ts';
import type { PromotionView } from '../../../use-cases/views.ts';
import type { ShownPicture } from '../blocks/picture.ts';
import type { SlackContext } from '../slack-context.ts';

type Delivery = Pick<SlackContext, 'useCases' | 'ports'>;

/** What a promotion's picture shows: from what is live in the target to what is proposed. */
export function pairOf({ replaces, version }: Pick<PromotionView, 'replaces' | 'version'>): VersionPair {
  return { from: replaces?.id ?? null, to: version.id };
}

/** The picture that a posted card shows by now. Where another pair of versions is under review than before, its picture is asked for. */
export function findCardPicture(
  { ports }: Delivery,
  workspaceId: string,
): (view: PromotionView) => Promise<ShownPicture | null> {
  return async (view) => {
    const found = await ports.reading(workspaceId, (tx) => tx.pictures.find(pairOf(view)));
    if (found === null && view.status === 'open')
      await ports.inTransaction(workspaceId, (tx) => tx.pictures.ask(view.id));
    return found?.state === 'ready' ? { fileId: found.fileId, alt: found.alt } : null;
  };
}

/** Slack refused to show the picture (somebody deleted its file): the card does without from now on. */
export async function dropCardPicture(
  { useCases, ports }: Delivery,
  workspaceId: string,
  promotionId: string,
  why: string,
): Promise<void> {
  const view = await useCases.showPromotion({ workspaceId, promotionId });
  await ports.inTransaction(workspaceId, (tx) => tx.pictures.save(pairOf(view), { state: 'failed', error: why }));
}
