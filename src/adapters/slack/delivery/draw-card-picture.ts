import { z } from 'zod';
import { comparePromoted } from '../../../use-cases/compare-promoted.ts';
import type { DiffPicture, PictureChange } from '../../../use-cases/ports.ts';
import { RetryAt } from '../../../use-cases/retry-at.ts';
import type { PromotionView } from '../../../use-cases/views.ts';
import type { SlackContext } from '../slack-context.ts';
import { slackFailure } from '../slack-failure.ts';
import { pairOf } from './card-picture.ts';
import { isUploaded, type PictureFile, untilUsable, uploadPicture } from './upload-picture.ts';

/** Payload of the job `draw-card-picture`. */
export const drawCardPicturePayload = z.object({ promotionId: z.string(), workspaceId: z.string() });

type Delivery = Pick<SlackContext, 'useCases' | 'ports' | 'web' | 'log' | 'pictures'>;

/** A card does without its picture when so many attempts failed: it says the same in words. */
const MOST_ATTEMPTS = 6;

/**
 * Draws what a promotion changes, uploads it once a workspace and has its cards updated, which were posted long since. Only
 * where the structure changed. Whatever fails here, the card stands as it is. Repeating it is harmless.
 *
 * @throws RetryAt where Slack asks for patience; what Slack throws where the outcome is unknown
 */
export function makeDrawCardPicture(delivery: Delivery): (payload: unknown) => Promise<void> {
  return async (payload) => {
    const { promotionId, workspaceId } = drawCardPicturePayload.parse(payload);
    const view = await delivery.useCases.showPromotion({ workspaceId, promotionId });
    const work = { delivery, workspaceId, promotionId, view, pair: pairOf(view) };
    const known = await delivery.ports.reading(workspaceId, (tx) => tx.pictures.find(work.pair));
    if (known?.state === 'none' || known?.state === 'failed') return;
    if (known?.state === 'ready') return refreshCards(work);
    await attempt(work);
  };
}

interface Work {
  readonly delivery: Delivery;
  readonly workspaceId: string;
  readonly promotionId: string;
  readonly view: PromotionView;
  readonly pair: ReturnType<typeof pairOf>;
}

async function attempt(work: Work): Promise<void> {
  const { delivery, workspaceId, pair } = work;
  const begun = await delivery.ports.inTransaction(workspaceId, (tx) => tx.pictures.begin(pair));
  if (begun.attempts > MOST_ATTEMPTS) return giveUp(work, 'too many attempts');
  try {
    const uploaded = (await uploadedEarlier(work, begun)) ?? (await upload(work));
    if (uploaded === null) return;
    await untilUsable(delivery.web, uploaded.fileId);
    await save(work, { state: 'ready', ...uploaded });
    await refreshCards(work);
  } catch (error) {
    const failure = slackFailure(error);
    if (failure?.kind === 'limited')
      throw new RetryAt(new Date(Date.now() + failure.retryAfterMs), 'Slack asked for patience.');
    if (failure?.kind !== 'refused') throw error;
    await giveUp(work, failure.code);
  }
}

interface Uploaded {
  readonly fileId: string;
  readonly alt: string;
}

/** Where an earlier attempt was interrupted after the upload, its file is there. */
async function uploadedEarlier({ delivery }: Work, begun: DiffPicture): Promise<Uploaded | null> {
  if (begun.state !== 'uploading') return null;
  const { fileId, alt } = begun;
  return (await isUploaded(delivery.web, fileId)) ? { fileId, alt } : null;
}

/** Null where there is nothing to see, or nothing could be drawn. */
async function upload(work: Work): Promise<Uploaded | null> {
  const file = await draw(work);
  if (file === null) return null;
  const { alt } = file;
  const announce = (fileId: string) => save(work, { state: 'uploading', fileId, alt });
  return { fileId: await uploadPicture(work.delivery.web, file, announce), alt };
}

/** What goes wrong in drawing is a bug, which trying again would only repeat. */
async function draw(work: Work): Promise<PictureFile | null> {
  const { delivery, workspaceId, pair, view } = work;
  const { before, after, diff } = await comparePromoted(delivery.ports, workspaceId, pair);
  try {
    const picture = await delivery.pictures.draw(before, after, diff);
    if (picture === null) {
      await save(work, { state: 'none' });
      return null;
    }
    const versions = [view.replaces, view.version].flatMap((version) => (version === null ? [] : `v${version.number}`));
    const title = `${view.workflow.slug} ${versions.join(' → ')}`;
    const name = `${view.workflow.slug}-${versions.join('-')}.png`;
    return { name, title, alt: picture.alt, content: await delivery.pictures.png(picture.svg) };
  } catch (error) {
    delivery.log.error({ err: error, pair }, 'A picture could not be drawn');
    await save(work, { state: 'failed', error: String(error) });
    return null;
  }
}

async function save({ delivery, workspaceId, pair }: Work, change: PictureChange): Promise<void> {
  await delivery.ports.inTransaction(workspaceId, (tx) => tx.pictures.save(pair, change));
}

async function refreshCards({ delivery, workspaceId, promotionId }: Work): Promise<void> {
  await delivery.ports.inTransaction(workspaceId, (tx) => tx.announcements.refresh(promotionId));
}

async function giveUp(work: Work, why: string): Promise<void> {
  await save(work, { state: 'failed', error: why });
  work.delivery.log.warn({ pair: work.pair, why }, 'Slack does not take a picture; its card does without');
}
