import { z } from 'zod';
import type { SettingsDecision } from '../../../use-cases/use-cases.ts';
import type { Answer } from '../answers/answer.ts';
import { decidedWords, proposalsAnswer } from '../blocks/proposal-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import { APPROVE_SETTINGS, CANCEL_SETTINGS } from './action-ids.ts';
import { type Click, type ClickHandler, carried } from './click.ts';

const approveValue = z.object({ proposalId: z.string(), fingerprint: z.string() });
const cancelValue = z.object({ proposalId: z.string() });

/** Approve and Cancel in the list of proposed changes, which then shows what is left. */
export function makeSettingsClicks({ useCases }: Pick<SlackContext, 'useCases'>): Record<string, ClickHandler> {
  const whatIsLeft = async (
    { actor }: Click,
    act: 'approve' | 'cancel',
    decision: SettingsDecision,
  ): Promise<Answer> => {
    const { name } = decision.proposal.environment;
    const left = await useCases.listSettingsProposals({ actor, environment: name });
    return { ...proposalsAnswer(left, decidedWords(act, decision)), replaces: true };
  };
  return {
    [APPROVE_SETTINGS]: async (click) => {
      const { proposalId, fingerprint } = carried(approveValue, click);
      const asked = { actor: click.actor, proposalId, reviewed: fingerprint };
      return whatIsLeft(click, 'approve', await useCases.approveSettings(asked));
    },
    [CANCEL_SETTINGS]: async (click) => {
      const { proposalId } = carried(cancelValue, click);
      return whatIsLeft(click, 'cancel', await useCases.cancelSettings({ actor: click.actor, proposalId }));
    },
  };
}
