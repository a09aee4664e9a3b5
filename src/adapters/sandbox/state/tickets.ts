import { randomBytes } from 'node:crypto';
import { SlackApiError } from '../web-api/slack-api-error.ts';

/** Slack forgets a trigger id after 3 seconds. */
const TRIGGER_LIFE_MS = 3_000;
/** A response url takes 5 answers within 30 minutes. */
const RESPONSE_LIFE_MS = 30 * 60_000;
const RESPONSE_USES = 5;
const KEPT = 5_000;

export interface Trigger {
  id: string;
  person: string;
  /** The modal it came from; only such a trigger may push another modal on top. */
  viewId: string | null;
  createdAt: number;
  used: boolean;
}

/** What a response url answers to. */
export interface ResponseTarget {
  person: string;
  channel: string;
  /** The message whose element was used; absent for a slash command. */
  messageTs?: string;
  threadTs?: string;
}

interface ResponseTicket extends ResponseTarget {
  createdAt: number;
  uses: number;
}

/** Trigger ids and response urls: things that are good once or a few times, and not for long. */
export class Tickets {
  readonly #triggers = new Map<string, Trigger>();
  readonly #responses = new Map<string, ResponseTicket>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  issueTrigger(person: string, viewId: string | null = null): string {
    const now = this.#clock();
    const id = `${Math.floor(now / 1_000)}.${randomBytes(6).readUIntBE(0, 6)}.${randomBytes(16).toString('hex')}`;
    remember(this.#triggers, id, { id, person, viewId, createdAt: now, used: false });
    return id;
  }

  /** Uses a trigger id up, or throws `invalid_trigger_id`, `expired_trigger_id` or `exchanged_trigger_id`. */
  redeemTrigger(id: string): Trigger {
    const trigger = this.checkTrigger(id);
    trigger.used = true;
    return trigger;
  }

  checkTrigger(id: string): Trigger {
    const trigger = this.#triggers.get(id);
    if (!trigger) throw new SlackApiError('invalid_trigger_id');
    if (trigger.used) throw new SlackApiError('exchanged_trigger_id');
    if (this.#clock() - trigger.createdAt > TRIGGER_LIFE_MS) throw new SlackApiError('expired_trigger_id');
    return trigger;
  }

  /** The last part of a new response url's path. */
  issueResponse(target: ResponseTarget): string {
    const id = randomBytes(18).toString('base64url');
    remember(this.#responses, id, { ...target, createdAt: this.#clock(), uses: 0 });
    return id;
  }

  /** Uses a response url once, or throws `expired_url` or `used_url`. */
  redeemResponse(id: string): ResponseTarget {
    const ticket = this.#responses.get(id);
    if (!ticket || this.#clock() - ticket.createdAt > RESPONSE_LIFE_MS) throw new SlackApiError('expired_url');
    if (ticket.uses >= RESPONSE_USES) throw new SlackApiError('used_url');
    ticket.uses += 1;
    return ticket;
  }
}

function remember<T>(kept: Map<string, T>, id: string, value: T): void {
  kept.set(id, value);
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}
