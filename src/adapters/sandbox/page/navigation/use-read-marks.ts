import { useEffect, useState } from 'react';
import type { SandboxMessage } from '../../protocol.ts';
import { compareTs } from '../sandbox-state.ts';

/** The newest timestamp that a person saw, by channel. */
export type ReadMarks = Readonly<Record<string, string>>;

/** Remembers, for each person, what was read where; what the open channel shows counts as read at once. */
export function useReadMarks(me: string, openChannel: string | null, messages: readonly SandboxMessage[]): ReadMarks {
  const [marks, setMarks] = useState<{ of: string; read: ReadMarks }>(() => ({ of: me, read: load(me) }));
  const read = marks.of === me ? marks.read : load(me);
  const newest = openChannel === null ? undefined : messages.findLast(({ channel }) => channel === openChannel)?.ts;

  useEffect(() => {
    if (openChannel === null || newest === undefined || document.hidden) return;
    const kept = load(me);
    const before = kept[openChannel];
    if (before !== undefined && compareTs(before, newest) >= 0) {
      setMarks((current) => (current.of === me ? current : { of: me, read: kept }));
      return;
    }
    const next = { ...kept, [openChannel]: newest };
    save(me, next);
    setMarks({ of: me, read: next });
  }, [me, openChannel, newest]);
  return read;
}

const keyOf = (me: string) => `sandbox-read:${me}`;

function load(me: string): ReadMarks {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(me)) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as ReadMarks) : {};
  } catch {
    return {};
  }
}

function save(me: string, marks: ReadMarks): void {
  try {
    localStorage.setItem(keyOf(me), JSON.stringify(marks));
  } catch {
    // Without storage everything is unread again after a reload, which harms nobody.
  }
}
