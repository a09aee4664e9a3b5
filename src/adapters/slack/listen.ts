import type { App } from '@slack/bolt';
import { makeClickListener } from './actions/click-listener.ts';
import type { AnswerPerson } from './answers/answering.ts';
import { makeCommandListener } from './commands/command-listener.ts';
import { makeHomeOpened } from './home/home-opened.ts';
import { makeSubmissionListener } from './modals/submission-listener.ts';
import type { EnsureKnown } from './people/ensure-known.ts';
import { makeEventListeners } from './people/event-listeners.ts';
import type { SlackContext } from './slack-context.ts';

/** What listeners work with beside the context. */
export interface Listening extends SlackContext {
  ensureKnown: EnsureKnown;
  answerPerson: AnswerPerson;
}

/**
 * Tells Bolt who listens to what. One listener a kind of request, which looks the rest up itself: Bolt would leave a command or a
 * button that nobody knows without an answer, for three seconds.
 */
export function listen(app: App, listening: Listening): void {
  const command = makeCommandListener(listening);
  const click = makeClickListener(listening);
  const submission = makeSubmissionListener(listening);
  app.command(/.*/s, ({ body, ack }) => command(body, () => ack()));
  app.action(/.*/s, ({ body, ack }) => click(body, () => ack()));
  app.view({ callback_id: /.*/s, type: 'view_submission' }, ({ body, ack }) =>
    submission(body, (response) => ack(response)),
  );
  const events = { ...makeEventListeners(listening), app_home_opened: makeHomeOpened(listening) };
  for (const [type, listener] of Object.entries(events)) app.event(type, ({ body }) => listener(body));
}
