import { agentsAnswer } from '../blocks/agent-answers.ts';
import { auditAnswer } from '../blocks/audit-answers.ts';
import { runsAnswer } from '../blocks/run-answers.ts';
import { diffAnswer, historyAnswer, rolesAnswer, statusAnswer, webhooksAnswer } from '../blocks/show-answers.ts';
import { versionsAddress } from '../diff-address.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { parseAgents, parseAudit, parseDiff, parseHistory, parseRuns, parseStatus } from './parse-towpath.ts';

/** Lines of history, and deliveries, on one page. */
export const PAGE = 10;

/** The words after `/towpath` that only show something. */
export function makeShowCommands({
  useCases,
  diffAddress,
}: Pick<SlackContext, 'useCases' | 'diffAddress'>): Record<
  'status' | 'history' | 'diff' | 'runs' | 'roles' | 'webhooks' | 'agents' | 'audit',
  CommandHandler
> {
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
      const view = await useCases.compareVersions({ actor, ...asked });
      return diffAnswer(view, asked, versionsAddress(diffAddress, view, new Date()));
    },
    runs: async ({ text, actor: { workspaceId } }) => {
      const asked = { workspaceId, within: null, ...parseRuns(text) };
      const [summary, last] = [
        await useCases.summarizeRuns(asked),
        await useCases.listRuns({ ...asked, page: { limit: PAGE } }),
      ];
      return runsAnswer(summary, last.items, asked);
    },
    agents: async ({ text, actor: { workspaceId } }) => {
      const asked = parseAgents(text);
      return agentsAnswer(await useCases.listAgents({ workspaceId, ...asked, page: { limit: PAGE } }), asked);
    },
    audit: async ({ text, actor: { workspaceId } }) => {
      const asked = parseAudit(text);
      return auditAnswer(await useCases.listAudit({ workspaceId, ...asked, limit: PAGE }), asked);
    },
    roles: async ({ actor }) => rolesAnswer(await useCases.listRoles({ actor })),
    webhooks: async ({ actor }) =>
      webhooksAnswer(await useCases.listWebhookDeliveries({ actor, status: 'given_up', page: { limit: PAGE } })),
  };
}
