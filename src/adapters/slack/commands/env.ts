import { changeAnswer } from '../blocks/change-answer.ts';
import { proposalsAnswer } from '../blocks/proposal-answers.ts';
import { settingsAnswer, settingsComparisonAnswer } from '../blocks/settings-answers.ts';
import { sharedOrOwnAnswer } from '../blocks/shared-or-own.ts';
import { workflowSettingsAnswer } from '../blocks/workflow-settings-answer.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { parseEnv } from './parse-env.ts';

/** `/towpath env …` */
export function makeEnvCommand({ useCases, ports }: Pick<SlackContext, 'useCases' | 'ports'>): CommandHandler {
  return async ({ text, actor, channelId }) => {
    const asked = parseEnv(text);
    switch (asked.act) {
      case 'overview': {
        const pipeline = await ports.glance(actor.workspaceId, (tx) => tx.environments.pipeline());
        return sharedOrOwnAnswer(pipeline.map(({ name }) => name));
      }
      case 'compare':
        return settingsComparisonAnswer(await useCases.compareSettings({ actor, from: asked.from, to: asked.to }));
      case 'proposals':
        return proposalsAnswer(await useCases.listSettingsProposals({ actor, environment: asked.environment }));
      case 'show': {
        const { environment, workflow } = asked;
        return workflow === undefined
          ? settingsAnswer(await useCases.showSettings({ actor, environment }))
          : workflowSettingsAnswer(await useCases.showWorkflowSettings({ actor, environment, workflow }));
      }
      case 'set': {
        const { act: _, name, value, ...layer } = asked;
        const set = { name, value };
        return changeAnswer(await useCases.changeVariables({ actor, ...layer, set, originChannel: channelId }));
      }
      case 'unset': {
        const { act: _, names: unset, ...layer } = asked;
        return changeAnswer(await useCases.changeVariables({ actor, ...layer, unset, originChannel: channelId }));
      }
    }
  };
}
