import { z } from 'zod';
import type { SettingsDecision } from '../../../use-cases/use-cases.ts';
import type { Answer } from '../answers/answer.ts';
import { decidedWords, proposalsAnswer } from '../blocks/proposal-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import { APPROVE_SETTINGS, CANCEL_SETTINGS, SHOW_PROPOSALS } from './action-ids.ts';
import { type Click, type ClickHandler, carried } from './click.ts';

/** A card changes by itself; a private list then shows what is left. */
const on = z.enum(['card', 'list']).default('list');
const approveValue = z.object({ proposalId: z.string(), fingerprint: z.string(), on });
const cancelValue = z.object({ proposalId: z.string(), on });
const showValue = z.object({ environment: z.string() });

/** Approve and Cancel on the card of a proposed change and in the list of them. */
export function makeSettingsClicks({ useCases }: Pick<SlackContext, 'useCases'>): Record<string, ClickHandler> {
  const told = async (
    { actor }: Click,
    where: 'card' | 'list',
    act: 'approve' | 'cancel',
    decision: SettingsDecision,
  ): Promise<Answer | null> => {
    const words = decidedWords(act, decision);
    const showsByItself = decision.changed && decision.proposal.status !== 'stale';
    if (where === 'card') return showsByItself ? null : { text: words };
    const { name } = decision.proposal.environment;
    return {
      ...proposalsAnswer(await useCases.listSettingsProposals({ actor, environment: name }), words),
      replaces: true,
    };
  };
  return {
    [APPROVE_SETTINGS]: async (click) => {
      const { proposalId, fingerprint, on: where } = carried(approveValue, click);
      const asked = { actor: click.actor, proposalId, reviewed: fingerprint };
      return told(click, where, 'approve', await useCases.approveSettings(asked));
    },
    [CANCEL_SETTINGS]: async (click) => {
      const { proposalId, on: where } = carried(cancelValue, click);
      return told(click, where, 'cancel', await useCases.cancelSettings({ actor: click.actor, proposalId }));
    },
    [SHOW_PROPOSALS]: async (click) => {
      const { environment } = carried(showValue, click);
      return proposalsAnswer(await useCases.listSettingsProposals({ actor: click.actor, environment }));
    },
  };
}
