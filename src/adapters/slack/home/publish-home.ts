import type { Actor } from '../../../domain/actor.ts';
import { permalink } from '../identify-workspace.ts';
import type { SlackContext } from '../slack-context.ts';
import { homeView } from './home-view.ts';

/** Shows a person's Home tab as things stand now. */
export async function publishHome(
  { useCases, web, workspace }: Pick<SlackContext, 'useCases' | 'web' | 'workspace'>,
  actor: Actor,
): Promise<void> {
  const view = homeView(await useCases.showHome({ actor }), (card) => permalink(workspace, card));
  await web.views.publish({ user_id: actor.userId, view });
}
