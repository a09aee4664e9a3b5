import { z } from 'zod';
import { SUITE_RUN_KINDS } from '../../../domain/suite/suite-run.ts';
import type { SlackContext } from '../slack-context.ts';
import { RUN_TESTS, STOP_TESTS } from './action-ids.ts';
import { type ClickHandler, carried } from './click.ts';

const again = z.object({
  workflow: z.string(),
  version: z.string().optional(),
  environment: z.string().optional(),
  kind: z.enum(SUITE_RUN_KINDS).optional(),
  /** On a card, which shows by itself how it goes. */
  promotionId: z.string().optional(),
});
const stop = z.object({ runId: z.string(), promotionId: z.string().optional() });

/** Running a suite again and stopping it, on a card and on a run's own message. */
export function makeTestClicks({ useCases }: Pick<SlackContext, 'useCases'>): Record<string, ClickHandler> {
  return {
    [RUN_TESTS]: async (click) => {
      const { promotionId, ...asked } = carried(again, click);
      const { actor, channelId: channel } = click;
      const run = await useCases.testVersion({ actor, ...named(asked) });
      if (promotionId !== undefined) return run.already ? { text: 'They run already.' } : null;
      if (channel !== null) await useCases.postSuiteRun({ actor, id: run.id, channel });
      return run.already ? { text: 'They run already: the newest message about them shows how far they are.' } : null;
    },
    [STOP_TESTS]: async (click) => {
      const { runId: id } = carried(stop, click);
      const { changed } = await useCases.stopSuiteRun({ actor: click.actor, id });
      return changed ? null : { text: 'They had ended already. Nothing was changed.' };
    },
  };
}

/** Without what a button leaves to the use case. */
function named({ workflow, version, environment, kind }: Omit<z.infer<typeof again>, 'promotionId'>) {
  return {
    workflow,
    ...(version !== undefined && { version }),
    ...(environment !== undefined && { environment }),
    ...(kind !== undefined && { kind }),
  };
}
