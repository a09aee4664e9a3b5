import type { BaseLogger } from 'pino';
import type { ResolvedChange, ResolvedChanges } from '../../use-cases/ports.ts';

/** Who is told of changes. A change may be told twice. */
export interface ChangeListener {
  changed(change: ResolvedChange): void;
  /** Anything may have changed; what did is told next. */
  doubtAll(): void;
  /** So much has changed that it is not told one by one. */
  lostTrack(): void;
}

export interface ChangeFeed {
  tell(listener: ChangeListener): void;
  /** Whether every change is known here that was committed a few seconds ago. */
  isCurrent(): boolean;
  stop(): Promise<void>;
}

/** What the database tells every process at once, and by what it tells anew after it was lost. */
export interface HeardNotices {
  on(channel: string, hear: (payload: string) => void, onConnected: () => void): void;
}

export interface ChangeFeedOptions {
  notices: HeardNotices;
  changes: Pick<ResolvedChanges, 'since'>;
  log: Pick<BaseLogger, 'warn' | 'debug'>;
  /** Milliseconds between looks for what no notice told of; 2,000 unless told. */
  lookEvery?: number;
}

const CHANNEL = 'towpath_resolved';
const LOOK_EVERY = 2_000;
/** Milliseconds for which what was looked up last counts as current: one look may be late or fail. */
const CURRENT_FOR = 5_000;
/** More than this are not told one by one. */
const MOST_AT_ONCE = 20_000;

/** `SEQ WORKSPACE ENVIRONMENT WORKFLOW`, the last one `-` for all. */
const PAYLOAD = /^(\d{1,15}) (\S{1,200}) ([0-9a-f-]{36}) (?:([0-9a-f-]{36})|-)$/;

/** Null where a notice is none that the database's triggers write. */
function readPayload(payload: string): ResolvedChange | null {
  const [, seq, workspaceId, environmentId, workflowId = null] = PAYLOAD.exec(payload) ?? [];
  if (seq === undefined || workspaceId === undefined || environmentId === undefined) return null;
  return { seq: Number(seq), workspaceId, environmentId, workflowId };
}

/**
 * Changes as they come: by notice within milliseconds, and by looking again every two seconds, which heals what a lost connection or
 * a lost notice left out.
 */
export function startChangeFeed({ notices, changes, log, lookEvery = LOOK_EVERY }: ChangeFeedOptions): ChangeFeed {
  const listeners: ChangeListener[] = [];
  let told = new Set<number>();
  /** Told by notice since the look that is going on began. */
  let meanwhile = new Set<number>();
  let lookedAt: Moment | null = null;
  /** Before it nothing is left to be seen; it falls where this is another database than before. */
  let horizon: bigint | null = null;
  let looking: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function hear(payload: string): void {
    const change = readPayload(payload);
    if (change === null) {
      log.warn('a notice of a change could not be read; everything is read anew');
      for (const listener of listeners) listener.doubtAll();
      return void look();
    }
    meanwhile.add(change.seq);
    tellOnce(change);
  }

  function tellOnce(change: ResolvedChange): void {
    if (told.has(change.seq)) return;
    if (told.size >= MOST_AT_ONCE * 2) told.clear();
    told.add(change.seq);
    for (const listener of listeners) listener.changed(change);
  }

  async function lookOnce(): Promise<void> {
    const startedAt = thisMoment();
    meanwhile = new Set();
    const looked = await changes.since(horizon, MOST_AT_ONCE + 1);
    const isOther = horizon !== null && looked.horizon < horizon;
    if (isOther || looked.changes.length > MOST_AT_ONCE) for (const listener of listeners) listener.lostTrack();
    // What was built before anything was looked up may be older than the first look.
    else if (horizon === null) for (const listener of listeners) listener.doubtAll();
    else for (const change of looked.changes) tellOnce(change);
    told = new Set([...looked.changes.map((change) => change.seq), ...meanwhile]);
    horizon = looked.horizon;
    lookedAt = startedAt;
  }

  /** After a look that is going on already: it may have begun too early. */
  async function look(): Promise<void> {
    clearTimeout(timer);
    const turn = (looking ?? Promise.resolve()).then(lookOnce).catch((error: unknown) => {
      log.debug({ err: error }, 'changes could not be looked up; trying again');
    });
    looking = turn;
    await turn;
    if (looking !== turn) return;
    looking = null;
    if (!isStopped) timer = setTimeout(() => void look(), lookEvery);
  }

  notices.on(CHANNEL, hear, () => {
    for (const listener of listeners) listener.doubtAll();
    void look();
  });
  void look();
  return {
    tell: (listener) => void listeners.push(listener),
    isCurrent: () => lookedAt !== null && since(lookedAt) < CURRENT_FOR,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

/** By both clocks: one may be set, the other stands still while the machine sleeps. */
interface Moment {
  wall: number;
  steady: number;
}

function thisMoment(): Moment {
  return { wall: Date.now(), steady: performance.now() };
}

/** Milliseconds, the longer ones where the clocks disagree. */
function since({ wall, steady }: Moment): number {
  return Math.max(Date.now() - wall, performance.now() - steady);
}
