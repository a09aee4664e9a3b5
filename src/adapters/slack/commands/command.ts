import type { Actor } from '../../../domain/actor.ts';
import type { Answer } from '../answers/answer.ts';

/** A slash command as its handler sees it. */
export interface CommandRequest {
  /** What follows the command, as Slack sent it. */
  text: string;
  actor: Actor;
  channelId: string;
}

/** Does what was typed. Refusals are thrown. */
export type CommandHandler = (request: CommandRequest) => Promise<Answer | null>;
