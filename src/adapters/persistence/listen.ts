import { Client } from 'pg';
import type { BaseLogger } from 'pino';

/** What is told by NOTIFY, heard over one connection of the process. A notice may be lost: whoever listens heals by looking. */
export interface Notices {
  /**
   * Hears a channel from the next connection on, the one that stands included.
   *
   * @param onConnected called whenever hearing begins, the first time too: what was told before may have been missed
   */
  on(channel: string, hear: (payload: string) => void, onConnected: () => void): void;
  /** Whether notices are heard now. */
  hears(): boolean;
  end(): Promise<void>;
}

export interface ListenOptions {
  connectionString: string;
  log: Pick<BaseLogger, 'warn' | 'info'>;
  /** Milliseconds between looks whether the connection still answers; 5,000 unless told. */
  lookEvery?: number;
}

interface Hearer {
  hear: (payload: string) => void;
  onConnected: () => void;
}

const RECONNECT_AFTER = 300;
const TIMEOUT = 5_000;
const LOOK_EVERY = 5_000;
const CHANNEL = /^[a-z_]{1,60}$/;

/** Connects when made, and again whenever the connection is lost. */
export function openNotices({ connectionString, log, lookEvery = LOOK_EVERY }: ListenOptions): Notices {
  const hearers = new Map<string, Hearer[]>();
  let client: Client | null = null;
  let heard = false;
  let ended = false;
  let told = false;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const fresh = new Client({
      connectionString,
      application_name: 'towpath notices',
      keepAlive: true,
      connectionTimeoutMillis: TIMEOUT,
      query_timeout: TIMEOUT,
    });
    client = fresh;
    fresh.on('error', (error) => lose(fresh, error));
    fresh.on('end', () => lose(fresh, new Error('The connection was ended.')));
    fresh.on('notification', ({ channel, payload }) => tell(channel, payload ?? ''));
    try {
      await fresh.connect();
      for (const channel of hearers.keys()) await fresh.query(`LISTEN ${channel}`);
    } catch (error) {
      lose(fresh, error);
    }
    if (client !== fresh) return;
    heard = true;
    if (told) log.info('notices of the database are heard again');
    told = false;
    for (const { onConnected } of [...hearers.values()].flat()) safely(onConnected);
    timer = setTimeout(() => void look(fresh), lookEvery);
  }

  /** A connection whose other end is gone without a word would be silent for ever. */
  async function look(looked: Client): Promise<void> {
    try {
      await looked.query('SELECT 1');
      if (client === looked) timer = setTimeout(() => void look(looked), lookEvery);
    } catch (error) {
      lose(looked, error);
    }
  }

  function lose(lost: Client, error: unknown): void {
    if (client !== lost) return;
    client = null;
    heard = false;
    clearTimeout(timer);
    lost.end().catch(() => undefined);
    if (ended) return;
    if (!told) log.warn({ err: error }, 'notices of the database are not heard; trying again');
    told = true;
    // Not all processes at once.
    timer = setTimeout(() => void connect(), RECONNECT_AFTER * (0.5 + Math.random()));
  }

  function tell(channel: string, payload: string): void {
    for (const { hear } of hearers.get(channel) ?? []) safely(() => hear(payload));
  }

  function safely(work: () => void): void {
    try {
      work();
    } catch (error) {
      log.warn({ err: error }, 'a notice of the database could not be taken');
    }
  }

  void connect();
  return {
    on(channel, hear, onConnected) {
      if (!CHANNEL.test(channel)) throw new Error(`A channel can't be called ${channel}.`);
      const others = hearers.get(channel) ?? [];
      hearers.set(channel, [...others, { hear, onConnected }]);
      const standing = heard ? client : null;
      standing?.query(`LISTEN ${channel}`).then(
        () => safely(onConnected),
        (error: unknown) => lose(standing, error),
      );
    },
    hears: () => heard,
    async end() {
      ended = true;
      clearTimeout(timer);
      const last = client;
      client = null;
      heard = false;
      await last?.end().catch(() => undefined);
    },
  };
}
