import type { z } from 'zod';
import type { Actor } from '../../../domain/actor.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Answer } from '../answers/answer.ts';
import type { SlackView } from '../requests.ts';

/** A click on a button as its handler sees it. */
export interface Click {
  /** What the button carries, parsed from JSON; checked by the handler. */
  value: unknown;
  actor: Actor;
  /** Absent in App Home and modals. */
  channelId: string | null;
  /** Good for three seconds, once. */
  triggerId: string | null;
  /** The modal or Home tab it was in. */
  view: SlackView | null;
}

/** Does what was clicked. Refusals are thrown. Null: what was clicked changes by itself. */
export type ClickHandler = (click: Click) => Promise<Answer | null>;

/** What a button carries. @throws Refusal invalid_input for a button of another release */
export function carried<T>(schema: z.ZodType<T>, click: Click): T {
  const parsed = schema.safeParse(click.value);
  if (!parsed.success)
    throw new Refusal(
      'invalid_input',
      'This button is from another version of Towpath. Use the command instead, or `/towpath status` to see what is open.',
    );
  return parsed.data;
}
