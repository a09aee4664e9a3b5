import { checksAnswer } from '../blocks/checks-answer.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { parseSubject } from './parse-checks.ts';

/** The words after `/towpath` about what was found out about versions. */
export function makeCheckCommands({
  useCases,
  ports,
}: Pick<SlackContext, 'useCases' | 'ports'>): Record<'checks', CommandHandler> {
  return {
    checks: async ({ text, actor: { workspaceId } }) => {
      const pipeline = await ports.glance(workspaceId, (tx) => tx.environments.pipeline());
      return checksAnswer(await useCases.listChecks({ workspaceId, ...parseSubject('checks', text, pipeline) }));
    },
  };
}
