import { rolloutAnswer, rolloutDone } from '../blocks/rollout-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { optional } from './parse-act.ts';
import { parseRollout } from './parse-rollout.ts';

/** `/towpath rollout WORKFLOW ENVIRONMENT [SHARE|finish|abort [REASON]]` */
export function makeRolloutCommand({ useCases }: Pick<SlackContext, 'useCases'>): CommandHandler {
  return async ({ text, actor }) => {
    const { act, ...where } = parseRollout(text);
    const chosen = { actor, ...where };
    switch (act.kind) {
      case 'show':
        return rolloutAnswer(await useCases.showRollout({ workspaceId: actor.workspaceId, ...where }));
      case 'share':
        return rolloutDone(await useCases.changeRollout({ ...chosen, share: act.share }));
      case 'finish':
        return rolloutDone(await useCases.finishRollout(chosen));
      case 'abort':
        return rolloutDone(await useCases.abortRollout({ ...chosen, ...optional('reason', act.reason ?? null) }));
    }
  };
}
