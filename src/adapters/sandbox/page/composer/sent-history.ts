const MOST = 50;

/** What was sent from one message box, walked by the arrow keys like a terminal's. */
export interface SentHistory {
  add: (text: string) => void;
  /** One further back, keeping what is being written as the newest; null at the oldest. */
  back: (draft: string) => string | null;
  /** One further on, in the end the draft; null where there is nothing newer. */
  on: () => string | null;
  isWalking: () => boolean;
}

/** A history that a tab keeps for itself, in `storage` under `key`; a storage that refuses only loses the memory. */
export function sentHistory(storage: Pick<Storage, 'getItem' | 'setItem'>, key: string): SentHistory {
  let sent = read(storage, key);
  let at = sent.length;
  let draft = '';
  return {
    add: (text) => {
      sent = [...sent.filter((other) => other !== text), text].slice(-MOST);
      at = sent.length;
      write(storage, key, sent);
    },
    back: (current) => {
      if (at === 0) return null;
      if (at === sent.length) draft = current;
      at -= 1;
      return sent[at] ?? null;
    },
    on: () => {
      if (at >= sent.length) return null;
      at += 1;
      return at === sent.length ? draft : (sent[at] ?? null);
    },
    isWalking: () => at < sent.length,
  };
}

function read(storage: Pick<Storage, 'getItem'>, key: string): string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((text) => typeof text === 'string').slice(-MOST) : [];
  } catch {
    return [];
  }
}

function write(storage: Pick<Storage, 'setItem'>, key: string, sent: readonly string[]): void {
  try {
    storage.setItem(key, JSON.stringify(sent));
  } catch {
    // A full or forbidden storage: the history lives until the reload.
  }
}
