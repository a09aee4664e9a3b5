import type { DiffSubject } from '../../domain/diff-link.ts';
import type { PromotionView } from '../../use-cases/views.ts';

/** The signed address of a comparison's page; null where nobody said under which address this Towpath is reached. */
export type DiffAddress = (subject: DiffSubject, expiresAt: Date) => string | null;

const DAY = 86_400_000;
/** An answer that one person got is looked at now. */
const ANSWER_LIVES = DAY;
/** An ended promotion's page can be looked at for so long. */
const ENDED_LIVES = 7 * DAY;

/**
 * The page of what a promotion changes. Open ones lead there as long as they can be decided. The end depends on the promotion
 * alone: an address that changed at each look would have the card updated for nothing.
 */
export function promotionAddress(address: DiffAddress, view: PromotionView): string | null {
  const { id, status, expiresAt, closedAt, requestedAt } = view;
  const end = status === 'open' ? expiresAt : new Date((closedAt ?? requestedAt).getTime() + ENDED_LIVES);
  return address({ promotionId: id }, end);
}

/** The page of two versions by id, for an answer given at `now`. */
export function versionsAddress(
  address: DiffAddress,
  { from, to }: { from: { id: string } | null; to: { id: string } },
  now: Date,
): string | null {
  return address({ from: from?.id ?? null, to: to.id }, new Date(now.getTime() + ANSWER_LIVES));
}
