import { z } from 'zod';
import type { Announcement } from '../../../use-cases/ports.ts';
import type { PromotionView } from '../../../use-cases/views.ts';
import { deploymentReceipt } from '../blocks/deployment-receipt.ts';
import { fitMessage, type SlackMessage } from '../blocks/fit-message.ts';
import { channel, typed } from '../blocks/mrkdwn.ts';
import { IMPORTANCE, type Part, section } from '../blocks/parts.ts';
import type { ShownPicture } from '../blocks/picture.ts';
import { promotionCard } from '../blocks/promotion-card.ts';
import { rollbackReceipt } from '../blocks/rollback-receipt.ts';
import { safeMrkdwn } from '../blocks/safe-mrkdwn.ts';
import { settingsCard } from '../blocks/settings-card.ts';
import { storyMessage } from '../blocks/story.ts';
import { suiteRunMessage } from '../blocks/suite-run-message.ts';
import { promotionAddress } from '../diff-address.ts';
import type { SlackContext } from '../slack-context.ts';

/** What a message's own payload may hold. */
const fallbackPayload = z.object({ fallbackFrom: z.string() });
const noticePayload = z.object({ text: z.string() });

/** How a card comes to its picture. */
export type FindPicture = (view: PromotionView) => Promise<ShownPicture | null>;

/** The message as things stand now, not as they stood when it was decided to post it. Without `findPicture` a card has none. */
export async function renderAnnouncement(
  { useCases, diffAddress }: Pick<SlackContext, 'useCases' | 'diffAddress'>,
  announcement: Announcement,
  findPicture: FindPicture = async () => null,
): Promise<SlackMessage> {
  const { kind, subjectId, workspaceId, payload } = announcement;
  const note = whyHere(payload);
  switch (kind) {
    case 'promotion-card': {
      const view = await useCases.showPromotion({ workspaceId, promotionId: subjectId });
      return promotionCard(view, note, promotionAddress(diffAddress, view), await findPicture(view));
    }
    case 'deployment-receipt':
      return deploymentReceipt(await useCases.showDeploymentReceipt({ workspaceId, deploymentId: subjectId }), note);
    case 'rollback-receipt':
      return rollbackReceipt(await useCases.showRollbackReceipt({ workspaceId, rollbackId: subjectId }), note);
    case 'settings-card':
      return settingsCard(await useCases.showSettingsProposal({ workspaceId, proposalId: subjectId }), note);
    case 'suite-run':
      return suiteRunMessage(await useCases.showSuiteRun({ workspaceId, id: subjectId }), note);
    case 'promotion-story':
      return storyMessage(payload);
    case 'notice':
      return notice(noticePayload.parse(payload).text);
  }
}

function notice(text: string): SlackMessage {
  const shown = safeMrkdwn(text, 2_900);
  return fitMessage(shown, [section(shown, IMPORTANCE.essential)]);
}

/** Where a card or receipt goes to people because its channel does not take it: which one, and the cure. */
function whyHere(payload: Record<string, unknown>): Part | undefined {
  const fallback = fallbackPayload.safeParse(payload);
  if (!fallback.success) return undefined;
  return section(
    `This comes to you directly because Towpath may not post in ${channel(fallback.data.fallbackFrom)}. ${typed('/invite @Towpath')} there cures it.`,
    IMPORTANCE.needed,
  );
}
