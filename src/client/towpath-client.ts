import { type Work, type WorkAnswer, type WorkHandler, type WorkOptions, workOn } from './agent-work.ts';
import { Audience, type ClientNotice, type ClientWarning } from './audience.ts';
import { TowpathClientError, type TowpathClientErrorCode } from './client-error.ts';
import { connectionFrom, isSegment, type TowpathClientOptions } from './client-options.ts';
import { ConfirmAnswers } from './confirm-answers.ts';
import { type Following, followEnvironment } from './follow-environment.ts';
import { inTurns } from './in-turns.ts';
import { type KeptAnswers, openKeptAnswers } from './kept-answers.ts';
import type { KnownWorkflow } from './known-workflow.ts';
import { KnownWorkflows } from './known-workflows.ts';
import { messageOf } from './message-of.ts';
import type {
  Answer,
  JsonObject,
  JsonValue,
  Limits,
  ModelOverride,
  Overrides,
  ResolvedWorkflow,
} from './resolved-workflow.ts';

export type {
  Answer,
  ClientNotice,
  ClientWarning,
  JsonObject,
  JsonValue,
  Limits,
  ModelOverride,
  Overrides,
  ResolvedWorkflow,
  TowpathClientErrorCode,
  TowpathClientOptions,
  Work,
  WorkAnswer,
  WorkHandler,
  WorkOptions,
};
export { TowpathClientError };

/** How long whoever has a last known answer waits for a newer one. */
const PATIENCE_MS = 1_000;
const AT_A_TIME = 4;
const MOST_AT_ONCE = 100;
/** Characters, as Towpath takes them. */
const LONGEST_KEY = 500;

/**
 * Reads what runs in one environment, and goes on with what it last knew while Towpath is away.
 *
 * ```ts
 * const towpath = new TowpathClient({ url, token, environment: 'production', cacheDirectory: '/var/cache/agent' });
 * const { definition, version, stale } = await towpath.resolve('summarize-flow');
 * ```
 *
 * An answer in memory is given at once as long as Towpath's stream is there to tell of changes, and is asked for again
 * (`If-None-Match`) when it told of one. Without the stream, it counts for `pollInterval`. Up to 1,000 workflows are kept,
 * those used last. Nothing of it keeps a process from ending by itself.
 */
export class TowpathClient {
  readonly environment: string;
  readonly #connection: ReturnType<typeof connectionFrom>;
  readonly #workflows: KnownWorkflows;
  readonly #audience: Audience;
  readonly #answers: ConfirmAnswers;
  readonly #closing = new AbortController();
  #following: Following | null = null;
  #polling: NodeJS.Timeout | null = null;
  #streamMissed = false;

  /** @throws TypeError when an option is not usable */
  constructor(options: TowpathClientOptions) {
    const connection = connectionFrom(options);
    this.#connection = connection;
    this.environment = connection.environment;
    this.#audience = new Audience(options.onWarning ?? (() => undefined));
    const kept = this.#openKept(options.cacheDirectory);
    this.#workflows = new KnownWorkflows(kept);
    this.#answers = new ConfirmAnswers({
      connection,
      kept,
      workflows: this.#workflows,
      audience: this.#audience,
      closing: this.#closing.signal,
      trust: () => ({
        live: this.#following?.isLive() ?? false,
        heardAt: this.#following?.heardAt() ?? Number.NEGATIVE_INFINITY,
        pollInterval: connection.pollInterval,
      }),
    });
  }

  /**
   * What a workflow is in this environment. `key` (a user, a session; at most 500 characters) decides between the active version
   * and a candidate while a canary runs: the same key gets the same one, also when its share grows. One that was never seen gets
   * the active version while Towpath is away.
   *
   * Once there has been a good answer for a workflow, from Towpath or from disk, it always answers: with `stale: true` when
   * that answer could not be confirmed, after a second at most.
   * @throws TowpathClientError as long as there has been none
   */
  async resolve(workflow: string, { key = null }: { key?: string | null } = {}): Promise<Answer> {
    if (!isSegment(workflow)) throw new TowpathClientError('not_found', 'Give the name of a workflow.');
    if (key !== null && key.length > LONGEST_KEY && [...key].length > LONGEST_KEY)
      throw new TowpathClientError('refused', `Give a key of at most ${LONGEST_KEY} characters, such as a user’s id.`);
    this.#follow();
    // Names of workflows are in small letters, and Towpath takes them as they come.
    return this.#workflows.with(workflow.toLowerCase(), (known) =>
      this.#answer(known, key === '' ? null : (key?.toWellFormed() ?? null)),
    );
  }

  /**
   * Calls `listener` with what a workflow is now, as soon as it is known, and each time it becomes another (as it is for
   * those without a key). Returns what ends it.
   */
  subscribe(workflow: string, listener: (answer: Answer) => void): () => void {
    const end = this.#audience.listen(workflow.toLowerCase(), listener);
    this.resolve(workflow).then(
      (answer) => this.#audience.tell(this.#workflows.find(answer.workflow)?.etag ?? '', answer),
      (error: unknown) => this.#audience.warn({ code: 'stale', workflow, message: messageOf(error) }),
    );
    this.#poll();
    return end;
  }

  /** Tells of changes of any workflow asked for, and of the client losing and regaining Towpath. Returns what ends it. */
  watch(watcher: (notice: ClientNotice) => void): () => void {
    return this.#audience.watch(watcher);
  }

  /**
   * Takes the runs of this environment, as its agent: each is given to `handler`, and answered with what that makes of it. The token
   * needs the scope `agents`. Failures on the way are told as warnings, and tried again. `stop` takes no more and finishes what it has.
   */
  work(options: WorkOptions): { stop(): Promise<void> } {
    const { agent, atOnce = 1 } = options;
    if (!isSegment(agent)) throw new TypeError('Give `agent` a name, unique in its environment, such as the host’s.');
    if (!(Number.isInteger(atOnce) && atOnce >= 1 && atOnce <= MOST_AT_ONCE))
      throw new TypeError(`Give \`atOnce\` a number of runs from 1 to ${MOST_AT_ONCE}.`);
    const stopping = new AbortController();
    const signals = { stopping: stopping.signal, closing: this.#closing.signal };
    const warn = (message: string) => this.#audience.warn({ code: 'work', message });
    const loops = Array.from({ length: atOnce }, () => workOn(this.#connection, options, signals, warn));
    return {
      async stop() {
        stopping.abort();
        await Promise.all(loops);
      },
    };
  }

  /** Ends the stream, all timers and requests; waits for what is being written to disk. Last known answers stay readable. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#following?.close();
    if (this.#polling !== null) clearTimeout(this.#polling);
    await Promise.all(this.#workflows.all().map(({ writing }) => writing));
  }

  async #answer(known: KnownWorkflow, key: string | null): Promise<Answer> {
    if (this.#answers.isFresh(known, key)) return answerOf(known, key, false);
    if (known.answerFor(key) === null) return answerOf(known, key, !(await this.#answers.confirm(known, key)));
    if (this.#closing.signal.aborted || known.isResting(performance.now())) return answerOf(known, key, true);
    const confirmed = await withPatience(this.#answers.confirm(known, key));
    return answerOf(known, key, !confirmed);
  }

  #openKept(directory: string | undefined): Promise<KeptAnswers | null> {
    if (directory === undefined) return Promise.resolve(null);
    const { url, environment } = this.#connection;
    return openKeptAnswers({ directory, url, environment }).catch((error: unknown) => {
      this.#audience.warn({ code: 'cache', message: `Nothing can be kept on disk: ${messageOf(error)}` });
      return null;
    });
  }

  #follow(): void {
    if (this.#following !== null || this.#closing.signal.aborted) return;
    this.#following = followEnvironment(this.#connection, {
      opened: (whole) => {
        this.#streamMissed = false;
        this.#audience.becomes('fresh');
        if (!whole) this.#doubtAll();
      },
      changed: (workflow) => this.#changed(workflow),
      reset: () => this.#doubtAll(),
      failed: (reason) => this.#streamFailed(reason),
    });
  }

  /** The stream may be all that is missing: whether Towpath is there shows when it is asked for something. */
  #streamFailed({ forbidden, message }: { forbidden: boolean; message: string }): void {
    const newest = this.#workflows.all().at(-1);
    if (!forbidden && newest !== undefined && !newest.isResting(performance.now()))
      this.#answers.confirm(newest, null).catch(() => undefined);
    if (this.#streamMissed) return;
    this.#streamMissed = true;
    this.#audience.warn({ code: 'stream', message: `${message} Changes are asked for instead.` });
  }

  /** Anything may have changed: asks for all of it again, a few at a time. */
  #doubtAll(): void {
    const all = this.#workflows.all();
    for (const known of [...all, ...this.#workflows.newcomers()]) known.doubt();
    inTurns(all, AT_A_TIME, (known) => this.#answers.confirm(known, null)).catch(() => undefined);
  }

  #changed(workflow: string): void {
    // What its first question brings may be of before the change: it notices, and asks again.
    for (const newcomer of this.#workflows.newcomers())
      if (newcomer.name === workflow) newcomer.change(performance.now());
    const known = this.#workflows.find(workflow);
    if (known === undefined) return;
    known.change(performance.now());
    this.#answers.confirmChange(known).then(
      (seen) => {
        // A rollout that begins or ends changes nothing for those without a key.
        if (!seen) this.#audience.changed(workflow);
      },
      () => undefined,
    );
  }

  /** Asks now and then for what is listened to, as long as it is and no stream tells. */
  #poll(): void {
    if (this.#polling !== null || this.#closing.signal.aborted) return;
    const poll = async () => {
      await inTurns(this.#audience.listenedTo(), AT_A_TIME, (name) =>
        this.#workflows.with(name, (known) => this.#answer(known, null)),
      );
      this.#polling = null;
      if (this.#audience.listenedTo().length > 0) this.#poll();
    };
    this.#polling = setTimeout(poll, this.#connection.pollInterval * (0.9 + Math.random() / 5)).unref();
  }
}

function answerOf(known: KnownWorkflow, key: string | null, stale: boolean): Answer {
  const resolved = known.answerFor(key);
  if (resolved === null) throw new TowpathClientError('unavailable', `Nothing is known of ${known.name}.`);
  return Object.freeze({ ...resolved, stale });
}

/** False when it fails, or takes longer than whoever has a last known answer should wait. */
async function withPatience(confirming: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  try {
    return await Promise.race([confirming.catch(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
