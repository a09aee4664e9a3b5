import { z } from 'zod';
import { answerToError } from '../answers/answering.ts';
import type { Listening } from '../listen.ts';
import { sorryHome } from './home-view.ts';
import { publishHome } from './publish-home.ts';

const opened = z.object({ event: z.object({ user: z.string().regex(/^[UW][A-Z0-9]+$/), tab: z.string().optional() }) });

/** Publishes the Home tab whenever its person opens it. Slack's repeats show the same once more. */
export function makeHomeOpened(listening: Listening): (body: unknown) => Promise<void> {
  return async (body) => {
    const { user, tab } = opened.parse(body).event;
    if (tab !== undefined && tab !== 'home') return;
    try {
      await listening.ensureKnown(user);
      await publishHome(listening, { workspaceId: listening.workspace.id, userId: user, via: 'slack' });
    } catch (error) {
      const { text } = answerToError(listening, error, { what: 'app_home_opened', user });
      await listening.web.views
        .publish({ user_id: user, view: sorryHome(text) })
        .catch((failure: unknown) => listening.log.warn({ err: failure, user }, 'The Home tab could not be shown'));
    }
  };
}
