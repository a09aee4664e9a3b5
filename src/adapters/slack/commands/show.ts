import { diffAnswer, historyAnswer, rolesAnswer, statusAnswer, webhooksAnswer } from '../blocks/show-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { parseDiff, parseHistory, parseStatus } from './parse-towpath.ts';

/** Lines of history, and deliveries, on one page. */
export const PAGE = 10;

/** The words after `/towpath` that only show something. */
export function makeShowCommands({
  useCases,
}: Pick<SlackContext, 'useCases'>): Record<'status' | 'history' | 'diff' | 'roles' | 'webhooks', CommandHandler> {
  return {
    status: async ({ text, actor }) => {
      const asked = parseStatus(text);
      return statusAnswer(await useCases.showStatus({ actor, ...asked }), asked);
    },
    history: async ({ text, actor }) => {
      const asked = parseHistory(text);
      return historyAnswer(await useCases.showHistory({ actor, ...asked, page: { limit: PAGE } }), asked);
    },
    diff: async ({ text, actor }) => {
      const asked = parseDiff(text);
      return diffAnswer(await useCases.compareVersions({ actor, ...asked }), asked);
    },
    roles: async ({ actor }) => rolesAnswer(await useCases.listRoles({ actor })),
    webhooks: async ({ actor }) =>
      webhooksAnswer(await useCases.listWebhookDeliveries({ actor, status: 'given_up', page: { limit: PAGE } })),
  };
}
