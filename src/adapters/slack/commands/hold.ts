import { frozenAnswer, holdsAnswer, lockedAnswer, unfrozenAnswer, unlockedAnswer } from '../blocks/hold-answers.ts';
import { whyAnswer } from '../blocks/why-answer.ts';
import { permalink } from '../identify-workspace.ts';
import { clockOf } from '../people/clock-of.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { parseFreeze, parseLock, parseUnfreeze, parseUnlock, parseWhy } from './parse-holds.ts';

type Needs = Pick<SlackContext, 'useCases' | 'ports' | 'workspace'>;

/** The words after `/towpath` that keep versions from going live, and the one that asks why one does not. */
export function makeHoldCommands({
  useCases,
  ports,
  workspace,
}: Needs): Record<'lock' | 'unlock' | 'locks' | 'freeze' | 'unfreeze' | 'why', CommandHandler> {
  return {
    lock: async ({ text, actor }) => {
      const { scope, reason, lasts } = parseLock(text);
      const until = lasts === undefined ? {} : { until: { in: lasts } };
      return lockedAnswer(await useCases.lock({ actor, scope, reason, ...until }));
    },
    unlock: async ({ text, actor }) => {
      const { scope, anyway } = parseUnlock(text);
      return unlockedAnswer(await useCases.unlock({ actor, scope, others: anyway }));
    },
    locks: async ({ actor }) =>
      holdsAnswer(await useCases.listHolds({ workspaceId: actor.workspaceId }), actor.userId, new Date()),
    freeze: async ({ text, actor }) =>
      frozenAnswer(await useCases.freeze({ actor, ...parseFreeze(text, await clockOf({ ports }, actor)) })),
    unfreeze: async ({ text, actor }) => unfrozenAnswer(await useCases.unfreeze({ actor, ...parseUnfreeze(text) })),
    why: async ({ text, actor }) =>
      whyAnswer(await useCases.explainPromotion({ actor, ...parseWhy(text) }), (card) => permalink(workspace, card)),
  };
}
