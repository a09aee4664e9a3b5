import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { SlackState } from '../state/slack-state.ts';
import { personJson } from '../web-api/user-methods.ts';
import { viewJson } from '../web-api/view-json.ts';
import type { BotLink, Retry } from './bot-link.ts';
import { VERIFICATION_TOKEN } from './payload-parts.ts';
import type { BotAnswer } from './post-to-bot.ts';

export interface SentEvent {
  eventId: string;
  /** The last answer's HTTP status; 0 where none came. */
  status: number;
  /** 1 to 4: Slack repeats an event that was not acknowledged three times. */
  attempts: number;
}

/** Scopes without which Slack does not send an event. */
const EVENT_SCOPES: Record<string, string> = { user_change: 'users:read' };

/** Sends an event, repeated as Slack repeats it, and settles when it was acknowledged or given up. */
export async function sendEvent(
  state: SlackState,
  bot: BotLink,
  event: { type: string } & Record<string, unknown>,
  signal: AbortSignal,
): Promise<SentEvent> {
  const envelope = envelopeOf(state, event);
  let answer = await bot.deliver('event', envelope);
  let attempts = 1;
  for (const delay of state.settings.eventRetryDelaysMs) {
    if (isAcknowledged(answer) || answer.headers['x-slack-no-retry'] === '1') break;
    await pause(delay, undefined, { signal, ref: false });
    const retry: Retry = { attempt: attempts, reason: reasonOf(answer) };
    answer = await bot.deliver('event', envelope, retry);
    attempts += 1;
  }
  return { eventId: envelope.event_id, status: answer.status, attempts };
}

/** Whether the app would get such an event: it subscribed to the type and has its scope. */
export function isSubscribed(state: SlackState, type: string): boolean {
  const scope = EVENT_SCOPES[type];
  return (
    state.settings.subscribedEvents.includes(type) && (scope === undefined || state.settings.scopes.includes(scope))
  );
}

export function homeOpened(state: SlackState, person: string): { type: string } & Record<string, unknown> {
  const home = state.views.home(person);
  return {
    type: 'app_home_opened',
    user: person,
    channel: state.directory.imOf(person),
    tab: 'home',
    event_ts: state.nextTs(),
    ...(home ? { view: viewJson(state, home) } : {}),
  };
}

export function userChanged(state: SlackState, personId: string): { type: string } & Record<string, unknown> {
  const person = state.directory.people.get(personId);
  const user = person ? personJson(state, person) : {};
  return { type: 'user_change', user, cache_ts: Math.floor(state.settings.clock() / 1_000), event_ts: state.nextTs() };
}

function envelopeOf(state: SlackState, event: Record<string, unknown>) {
  const { team, bot } = state.settings;
  return {
    token: VERIFICATION_TOKEN,
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
    event_time: Math.floor(state.settings.clock() / 1_000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: bot.userId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${randomBytes(12).toString('base64url')}`,
  };
}

function isAcknowledged(answer: BotAnswer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

function reasonOf(answer: BotAnswer): string {
  if (answer.failure === 'timeout') return 'http_timeout';
  return answer.failure === 'unreachable' ? 'connection_failed' : 'http_error';
}
