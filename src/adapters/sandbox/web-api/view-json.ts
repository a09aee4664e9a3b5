import type { SlackState } from '../state/slack-state.ts';
import type { StoredView } from '../state/views.ts';

/** A view as the Web API and interaction payloads show it. */
export function viewJson(state: SlackState, stored: StoredView): Record<string, unknown> {
  const { team, bot } = state.settings;
  const { view } = stored;
  return {
    id: stored.id,
    team_id: team.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata ?? '',
    callback_id: view.callback_id ?? '',
    external_id: view.external_id ?? '',
    state: { values: stored.values },
    hash: stored.hash,
    ...(view.type === 'modal'
      ? {
          title: view.title,
          close: view.close ?? null,
          submit: view.submit ?? null,
          clear_on_close: view.clear_on_close ?? false,
          notify_on_close: view.notify_on_close ?? false,
        }
      : {
          title: { type: 'plain_text', text: 'View Title', emoji: true },
          close: null,
          submit: null,
          clear_on_close: false,
          notify_on_close: false,
        }),
    previous_view_id: stored.previousId,
    root_view_id: stored.rootId,
    app_id: bot.appId,
    app_installed_team_id: team.id,
    bot_id: bot.botId,
  };
}
