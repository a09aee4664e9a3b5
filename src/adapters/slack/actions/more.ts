import { z } from 'zod';
import { agentsAnswer } from '../blocks/agent-answers.ts';
import { auditAnswer } from '../blocks/audit-answers.ts';
import { historyAnswer, statusAnswer, webhooksAnswer } from '../blocks/show-answers.ts';
import { tokensAnswer } from '../blocks/token-answers.ts';
import { PAGE } from '../commands/show.ts';
import { TOKENS_PAGE } from '../commands/token.ts';
import type { SlackContext } from '../slack-context.ts';
import {
  MORE_AGENTS,
  MORE_AUDIT,
  MORE_HISTORY,
  MORE_STATUS,
  MORE_TOKENS,
  MORE_WEBHOOKS,
  REDELIVER,
} from './action-ids.ts';
import { type ClickHandler, carried } from './click.ts';

const statusValue = z.object({ cursor: z.string(), workflow: z.string().optional() });
const historyValue = z.object({ cursor: z.string(), workflow: z.string(), environment: z.string().optional() });
const webhooksValue = z.object({ cursor: z.string() });
const agentsValue = z.object({ cursor: z.string(), environment: z.string().optional() });
const auditValue = z.object({
  before: z.string(),
  workflow: z.string().optional(),
  environment: z.string().optional(),
});
const tokensValue = z.object({ cursor: z.string() });
const redeliverValue = z.object({ deliveryId: z.string() });

/** The next page of a list, and sending a webhook again. */
export function makeMoreClicks({ useCases }: Pick<SlackContext, 'useCases'>): Record<string, ClickHandler> {
  return {
    [MORE_STATUS]: async (click) => {
      const { cursor, workflow } = carried(statusValue, click);
      const asked = workflow === undefined ? {} : { workflow };
      return {
        ...statusAnswer(await useCases.showStatus({ actor: click.actor, cursor, ...asked }), asked),
        replaces: true,
      };
    },
    [MORE_HISTORY]: async (click) => {
      const { cursor, workflow, environment } = carried(historyValue, click);
      const asked = { workflow, ...(environment !== undefined && { environment }) };
      return {
        ...historyAnswer(
          await useCases.showHistory({ actor: click.actor, ...asked, page: { limit: PAGE, cursor } }),
          asked,
        ),
        replaces: true,
      };
    },
    [MORE_WEBHOOKS]: async (click) => {
      const { cursor } = carried(webhooksValue, click);
      return {
        ...webhooksAnswer(
          await useCases.listWebhookDeliveries({
            actor: click.actor,
            status: 'given_up',
            page: { limit: PAGE, cursor },
          }),
        ),
        replaces: true,
      };
    },
    [MORE_AGENTS]: async (click) => {
      const { cursor, environment } = carried(agentsValue, click);
      const asked = environment === undefined ? {} : { environment };
      const { workspaceId } = click.actor;
      return {
        ...agentsAnswer(await useCases.listAgents({ workspaceId, ...asked, page: { limit: PAGE, cursor } }), asked),
        replaces: true,
      };
    },
    [MORE_AUDIT]: async (click) => {
      const { before, workflow, environment } = carried(auditValue, click);
      const asked = { ...(workflow !== undefined && { workflow }), ...(environment !== undefined && { environment }) };
      const { workspaceId } = click.actor;
      return {
        ...auditAnswer(await useCases.listAudit({ workspaceId, ...asked, before, limit: PAGE }), asked),
        replaces: true,
      };
    },
    [MORE_TOKENS]: async (click) => {
      const { cursor } = carried(tokensValue, click);
      return {
        ...tokensAnswer(await useCases.listTokens({ actor: click.actor, page: { limit: TOKENS_PAGE, cursor } })),
        replaces: true,
      };
    },
    [REDELIVER]: async (click) => {
      const { deliveryId } = carried(redeliverValue, click);
      await useCases.redeliverWebhook({ actor: click.actor, deliveryId });
      const left = await useCases.listWebhookDeliveries({
        actor: click.actor,
        status: 'given_up',
        page: { limit: PAGE },
      });
      return { ...webhooksAnswer(left), replaces: true };
    },
  };
}
