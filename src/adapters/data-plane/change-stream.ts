import type { BaseLogger } from 'pino';
import type { ChangedTo, ChangeStream, ResolvedChange, ResolvedChanges, StreamRequest } from '../../use-cases/ports.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { EnvironmentDirectory } from './environment-directory.ts';
import { HEARTBEAT, opening, reset, resolvedChanged } from './stream-events.ts';
import { Subscriber } from './subscriber.ts';

export interface ChangeStreamOptions {
  workspaceId: string;
  changes: Pick<ResolvedChanges, 'missedAfter' | 'newest' | 'describe'>;
  environment: EnvironmentDirectory['find'];
  feed: Pick<ChangeFeed, 'tell'>;
  log: Pick<BaseLogger, 'warn'>;
  /** Streams that one token may have open; 100 unless told. */
  perHolder?: number;
  /** Streams of this process; 5,000 unless told. */
  inAll?: number;
  /** Milliseconds between comments; 15,000 unless told. */
  heartbeatEvery?: number;
}

const PER_HOLDER = 100;
const IN_ALL = 5_000;
const HEARTBEAT_EVERY = 15_000;
/** Changes that are described by one question. */
const AT_ONCE = 200;
/** Changes that wait to be described, and those that are told one by one to whoever resumes. */
const MOST_PENDING = 5_000;
const MOST_MISSED = 1_000;
const AGAIN_AFTER = 500;

/** Tells every open stream what has changed in its environment. Each change is described once, however many listen. */
export function makeChangeStream(options: ChangeStreamOptions): ChangeStream & {
  /** Ends the streams of those who are not let in any more. */
  recheck(): void;
  /** How many are open. */
  size(): number;
} {
  const { workspaceId, changes, environment, feed, log } = options;
  const { perHolder = PER_HOLDER, inAll = IN_ALL, heartbeatEvery = HEARTBEAT_EVERY } = options;
  const open = new Set<Subscriber>();
  /** What is still to be told, each workflow once. */
  let pending = new Map<string, ResolvedChange>();
  let isTelling = false;
  let highest = 0;
  let isClosed = false;

  const inEnvironment = (id: string) => [...open].filter((subscriber) => subscriber.environmentId === id);

  function changed(change: ResolvedChange): void {
    if (change.workspaceId !== workspaceId) return;
    highest = Math.max(highest, change.seq);
    if (inEnvironment(change.environmentId).length === 0) return;
    add(pending, change);
    if (pending.size > MOST_PENDING) lostTrack();
    else void tellAll();
  }

  function lostTrack(): void {
    pending = new Map();
    for (const subscriber of open) subscriber.send(reset(highest));
  }

  async function tellAll(): Promise<void> {
    if (isTelling) return;
    isTelling = true;
    while (pending.size > 0) await tellSome();
    isTelling = false;
  }

  async function tellSome(): Promise<void> {
    const some = [...pending.entries()].slice(0, AT_ONCE);
    for (const [key] of some) pending.delete(key);
    const told = some.map(([, change]) => change);
    try {
      for (const [{ environmentId }, chunk] of await described(told))
        for (const subscriber of inEnvironment(environmentId)) subscriber.send(chunk);
    } catch (error) {
      log.warn({ err: error }, 'changes could not be told of; trying again');
      for (const change of told) add(pending, change);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER).unref());
    }
  }

  /** In the order of their numbers. What is live nowhere any more is left out. */
  async function described(some: readonly ResolvedChange[]): Promise<[ResolvedChange, Buffer][]> {
    const found = new Map<string, ChangedTo>();
    for (const to of await changes.describe(some)) found.set(keyOf(to), to);
    return [...some]
      .sort((a, b) => a.seq - b.seq)
      .flatMap((change): [ResolvedChange, Buffer][] => {
        const to = found.get(keyOf(change));
        return to === undefined ? [] : [[change, resolvedChanged(change.seq, to)]];
      });
  }

  /** What a stream begins with: what was missed, and from where on to resume. */
  async function beginning(environmentId: string, lastSeen: number | null): Promise<Buffer[]> {
    const newest = await changes.newest(workspaceId);
    highest = Math.max(highest, newest);
    if (lastSeen === null) return [opening(newest)];
    const missed = await changes.missedAfter(workspaceId, environmentId, lastSeen, MOST_MISSED + 1);
    if (missed === null || missed.length > MOST_MISSED) return [reset(newest), opening(newest)];
    const each = new Map<string, ResolvedChange>();
    for (const change of missed) add(each, change);
    const chunks: Buffer[] = [];
    const all = [...each.values()];
    for (let from = 0; from < all.length; from += AT_ONCE)
      for (const [, chunk] of await described(all.slice(from, from + AT_ONCE))) chunks.push(chunk);
    return [...chunks, opening(newest)];
  }

  function hasRoomFor(holder: string): boolean {
    return open.size < inAll && [...open].filter((other) => other.holder === holder).length < perHolder;
  }

  async function judge(subscriber: Subscriber): Promise<void> {
    if (!(await subscriber.stillGood())) subscriber.end('not_permitted');
  }

  feed.tell({ changed, doubtAll: () => undefined, lostTrack });
  const heartbeat = setInterval(() => {
    for (const subscriber of open) {
      subscriber.send(HEARTBEAT);
      void judge(subscriber);
    }
  }, heartbeatEvery).unref();

  return {
    async open(request: StreamRequest) {
      const { id } = await environment(request.environment);
      if (!hasRoomFor(request.holder)) return null;
      const subscriber = new Subscriber(request, id, (left) => open.delete(left));
      open.add(subscriber);
      if (isClosed) subscriber.end('shutting_down');
      try {
        subscriber.begin(await beginning(id, request.lastSeen));
      } catch (error) {
        subscriber.leave();
        throw error;
      }
      return () => subscriber.leave();
    },
    recheck() {
      for (const subscriber of open) void judge(subscriber);
    },
    size: () => open.size,
    close() {
      isClosed = true;
      clearInterval(heartbeat);
      for (const subscriber of open) subscriber.end('shutting_down');
    },
  };
}

type OfChange = Pick<ResolvedChange, 'environmentId' | 'workflowId'>;

function keyOf({ environmentId, workflowId }: OfChange): string {
  return `${environmentId}/${workflowId ?? '-'}`;
}

/** Of several changes of one workflow only the last is told: what is told is what is live then. */
function add(among: Map<string, ResolvedChange>, change: ResolvedChange): void {
  const key = keyOf(change);
  const other = among.get(key);
  if (other === undefined || other.seq < change.seq) among.set(key, change);
}
