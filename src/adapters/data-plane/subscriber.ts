import type { StreamRequest, StreamSink } from '../../use-cases/ports.ts';
import { type EndReason, ending } from './stream-events.ts';

/** Bytes that may wait for a reader: hundreds of events. */
const MOST_WAITING = 256 * 1024;
/** Events that wait until those that were missed are written. */
const MOST_HELD = 1_000;

/** One open stream. */
export class Subscriber {
  readonly environmentId: string;
  readonly holder: string;
  readonly stillGood: StreamRequest['stillGood'];
  readonly #sink: StreamSink;
  readonly #ended: (subscriber: Subscriber) => void;
  #held: Buffer[] | null = [];
  #isOpen = true;

  constructor(
    { holder, stillGood, sink }: Omit<StreamRequest, 'environment'>,
    environmentId: string,
    ended: (subscriber: Subscriber) => void,
  ) {
    this.environmentId = environmentId;
    this.holder = holder;
    this.stillGood = stillGood;
    this.#sink = sink;
    this.#ended = ended;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What was missed goes first; what came meanwhile follows, as it is the newer. */
  begin(missed: readonly Buffer[]): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const chunk of [...missed, ...held]) this.#write(chunk);
  }

  /** Writes an event, in its turn. A reader that takes nothing is ended, not waited for. */
  send(chunk: Buffer): void {
    if (this.#held === null) this.#write(chunk);
    else if (this.#held.length < MOST_HELD) this.#held.push(chunk);
    else this.end('too_slow');
  }

  end(reason: EndReason): void {
    if (!this.#isOpen) return;
    this.#sink.write(ending(reason));
    this.leave();
    this.#sink.end();
  }

  /** The reader has gone. */
  leave(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#held = null;
    this.#ended(this);
  }

  #write(chunk: Buffer): void {
    if (!this.#isOpen) return;
    if (this.#sink.waiting() > MOST_WAITING) this.end('too_slow');
    else this.#sink.write(chunk);
  }
}
