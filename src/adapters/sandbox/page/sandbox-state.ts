import type { SandboxEvent, SandboxMessage, SandboxState } from '../protocol.ts';

/** The page keeps this many messages over all channels; older ones fall off. */
export const MESSAGE_LIMIT = 2000;

/** The state after one piece of news. Each piece may arrive twice: repeating it changes nothing. */
export function afterEvent(state: SandboxState, event: SandboxEvent): SandboxState {
  switch (event.type) {
    case 'message':
      return { ...state, messages: withMessage(state.messages, event.message) };
    case 'message_deleted':
      return { ...state, messages: state.messages.filter((message) => !isAt(message, event.channel, event.ts)) };
    case 'modals':
      return { ...state, modals: event.modals };
    case 'home':
      return { ...state, home: event.home };
    case 'bot_reachable':
      return { ...state, botReachable: event.reachable };
    default:
      return state;
  }
}

/** The state as it was fetched, its messages oldest first over all channels. */
export function inOrder(state: SandboxState): SandboxState {
  return { ...state, messages: state.messages.toSorted((one, other) => compareTs(one.ts, other.ts)) };
}

function withMessage(messages: readonly SandboxMessage[], message: SandboxMessage): SandboxMessage[] {
  const known = messages.findIndex((other) => isAt(other, message.channel, message.ts));
  if (known !== -1) return messages.with(known, message);
  // News nearly always belongs at the end; the search from there is short.
  const after = messages.findLastIndex((other) => compareTs(other.ts, message.ts) <= 0);
  return messages.toSpliced(after + 1, 0, message).slice(-MESSAGE_LIMIT);
}

function isAt(message: SandboxMessage, channel: string, ts: string): boolean {
  return message.channel === channel && message.ts === ts;
}

/** Orders Slack's timestamps ("1700000000.000100"), which carry more digits than a JavaScript number keeps. */
export function compareTs(one: string, other: string): number {
  const [seconds = '', fraction = ''] = one.split('.');
  const [otherSeconds = '', otherFraction = ''] = other.split('.');
  return Number(seconds) - Number(otherSeconds) || fraction.localeCompare(otherFraction);
}

/** The moment of a Slack timestamp. */
export function dateOfTs(ts: string): Date {
  return new Date(Number(ts) * 1000);
}
