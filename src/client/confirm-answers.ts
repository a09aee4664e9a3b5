import type { Audience } from './audience.ts';
import { TowpathClientError } from './client-error.ts';
import type { KeptAnswers } from './kept-answers.ts';
import { type Generation, type KnownWorkflow, SETTLING_MS, type Trust } from './known-workflow.ts';
import type { KnownWorkflows } from './known-workflows.ts';
import { messageOf } from './message-of.ts';
import { type Connection, type Reply, requestResolved } from './request-resolved.ts';
import type { Answer } from './resolved-workflow.ts';

/** What asking needs to know, and whom it tells. */
export interface Parts {
  readonly connection: Connection;
  readonly workflows: KnownWorkflows;
  readonly kept: Promise<KeptAnswers | null>;
  readonly audience: Audience;
  readonly closing: AbortSignal;
  trust(): Trust;
}

/** Asks Towpath what is live, and sees to it that everybody who should know learns it: memory, disk, listeners. */
export class ConfirmAnswers {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  isFresh(known: KnownWorkflow, key: string | null): boolean {
    return known.isFresh(key, performance.now(), this.#parts.trust());
  }

  /**
   * Asks, together with everybody who asks the same. Whether a canary runs is asked first, once for all keys: without one there is
   * nothing else to ask, and with one it is what a key never seen gets while Towpath is away. False: Towpath itself could only say
   * what it last knew.
   * @throws TowpathClientError
   */
  async confirm(known: KnownWorkflow, key: string | null): Promise<boolean> {
    const confirmed = (key !== null && this.isFresh(known, null)) || (await this.#askOnce(known, null));
    return key !== null && known.isRolledOut ? this.#askOnce(known, key) : confirmed;
  }

  #askOnce(known: KnownWorkflow, key: string | null): Promise<boolean> {
    const slot = key ?? '';
    const asking = known.asking.get(slot) ?? this.#ask(known, key).finally(() => known.asking.delete(slot));
    known.asking.set(slot, asking);
    return asking;
  }

  /** After a change: now, and once more when it has settled, or as often as it takes. True: those without a key saw it. */
  async confirmChange(known: KnownWorkflow): Promise<boolean> {
    const before = known.etag;
    const { generation } = known;
    const confirmed = await this.confirm(known, null).catch(() => false);
    this.#confirmLater(known, generation, confirmed ? SETTLING_MS : known.restFor(performance.now()));
    return before !== known.etag;
  }

  /** Again, if it was said to have changed while the question was on its way; but not for ever. */
  async #ask(known: KnownWorkflow, key: string | null): Promise<boolean> {
    const { connection, closing, workflows } = this.#parts;
    for (let round = 1; ; round += 1) {
      const sent = { generation: known.generation, at: performance.now() };
      const before = known.etag;
      const question = { workflow: known.name, key, known: known.answers(), signal: closing };
      const reply = await requestResolved(connection, question).catch((error: unknown) => this.#failed(known, error));
      known.accept(key, reply, sent);
      workflows.settle(known);
      this.#accepted(known, reply);
      if (key === null) this.#unkeyed(known, reply, before);
      if (known.generation === sent.generation || round === 3) return !reply.stale;
    }
  }

  /** Nobody may ask for it again until Towpath is gone, and then it should be what was live. */
  #confirmLater(known: KnownWorkflow, generation: Generation, delay: number): void {
    const again = async () => {
      if (this.#parts.closing.aborted || known.generation !== generation) return;
      const confirmed = await this.confirm(known, null).catch(() => false);
      if (!confirmed) this.#confirmLater(known, generation, known.restFor(performance.now()));
    };
    setTimeout(again, delay).unref();
  }

  #accepted(known: KnownWorkflow, { stale }: Reply): void {
    if (stale) this.#warn(known, 'Towpath itself can only say what it last knew.');
    else known.warned = false;
    this.#parts.audience.becomes(stale ? 'stale' : 'fresh');
  }

  #unkeyed(known: KnownWorkflow, { etag, resolved, stale }: Reply, before: string | null): void {
    if (etag === before) return;
    const answer: Answer = Object.freeze({ ...resolved, stale });
    this.#keep(known);
    this.#parts.audience.tell(etag, answer);
    if (before !== null) this.#parts.audience.changed(known.name);
  }

  #failed(known: KnownWorkflow, error: unknown): never {
    if (this.#parts.closing.aborted) throw error;
    known.fail(performance.now(), error instanceof TowpathClientError ? error.retryAfter : null);
    if (known.answerFor(null) === null) throw error;
    this.#parts.audience.becomes('stale');
    this.#warn(known, messageOf(error));
    throw error;
  }

  #warn(known: KnownWorkflow, message: string): void {
    if (known.warned) return;
    known.warned = true;
    this.#parts.audience.warn({ code: 'stale', workflow: known.name, message });
  }

  /** One write after the other; of those waiting, only the newest is worth it. */
  #keep(known: KnownWorkflow): void {
    const { etag } = known;
    known.writing = known.writing.then(async () => {
      const resolved = known.answerFor(null);
      if (etag === null || etag !== known.etag || resolved === null) return;
      try {
        await (await this.#parts.kept)?.write(known.name, { etag, resolved });
      } catch (error) {
        const message = `An answer could not be kept on disk: ${messageOf(error)}`;
        this.#parts.audience.warn({ code: 'cache', workflow: known.name, message });
      }
    });
  }
}
