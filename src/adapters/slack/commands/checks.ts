import { Refusal } from '../../../domain/refusal.ts';
import { checksAnswer } from '../blocks/checks-answer.ts';
import { noSuiteAnswer, suiteAnswer } from '../blocks/suite-answer.ts';
import { testedAnswer } from '../blocks/suite-run-message.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { parseSubject, parseSuite } from './parse-checks.ts';

/** The words after `/towpath` about what was found out about versions. */
export function makeCheckCommands({
  useCases,
  ports,
}: Pick<SlackContext, 'useCases' | 'ports'>): Record<'checks' | 'test' | 'suite', CommandHandler> {
  return {
    test: async ({ text, actor, channelId: channel }) => {
      const pipeline = await ports.glance(actor.workspaceId, (tx) => tx.environments.pipeline());
      const run = await useCases.testVersion({ actor, ...parseSubject('test', text, pipeline) });
      await useCases.postSuiteRun({ actor, id: run.id, channel });
      return testedAnswer(run);
    },
    suite: async ({ text, actor: { workspaceId } }) => {
      const { workflow } = parseSuite(text);
      try {
        return suiteAnswer(await useCases.showSuite({ workspaceId, workflow }));
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'no_suite') throw error;
        return noSuiteAnswer(workflow);
      }
    },
    checks: async ({ text, actor: { workspaceId } }) => {
      const pipeline = await ports.glance(workspaceId, (tx) => tx.environments.pipeline());
      return checksAnswer(await useCases.listChecks({ workspaceId, ...parseSubject('checks', text, pipeline) }));
    },
  };
}
