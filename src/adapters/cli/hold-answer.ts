import { z } from 'zod';
import { moment, who } from './describe.ts';
import type { Line } from './terminal.ts';

/** What the API says of locks and freezes, as far as the command line reads it. */
const held = { reason: z.string(), by: z.string(), at: z.string(), until: z.string().nullable() };
export const lockSchema = z.object({ workflow: z.string().nullable(), environment: z.string().nullable(), ...held });
export const freezeSchema = z.object({ environment: z.string(), ...held });
export const holdsSchema = z.object({
  locks: z.array(lockSchema),
  freezes: z.array(freezeSchema),
  windows: z.array(
    z.object({ environment: z.string(), kind: z.string(), reason: z.string(), until: z.string().nullable() }),
  ),
});

type Lock = z.infer<typeof lockSchema>;
type Freeze = z.infer<typeof freezeSchema>;

/** `summarize-flow in production`, `everything` */
export function scopeOf({ workflow, environment }: Pick<Lock, 'workflow' | 'environment'>): string {
  return [workflow, environment].filter((name) => name !== null).join(' in ') || 'everything';
}

export function untilText(until: string | null): string {
  return until === null ? 'until somebody ends it' : `until ${moment(until)}`;
}

/** Everything that keeps versions from going live now. */
export function holdLines({ locks, freezes, windows }: z.infer<typeof holdsSchema>): Line[] {
  if (locks.length + freezes.length + windows.length === 0) return ['Nothing is locked or frozen.'];
  return [
    ...locks.flatMap((lock) => heldLines(`${scopeOf(lock)}: locked`, lock)),
    ...freezes.flatMap((freeze) => heldLines(`${freeze.environment}: frozen`, freeze)),
    ...windows.flatMap(({ environment, kind, reason, until }): Line[] => [
      ['bold', `${environment}: ${kind === 'deny' ? 'frozen by its calendar' : 'outside of when it may be changed'}`],
      `  ${untilText(until)}, “${reason}”`,
    ]),
  ];
}

function heldLines(what: string, { by, at, until, reason }: Pick<Freeze, 'by' | 'at' | 'until' | 'reason'>): Line[] {
  return [['bold', what], `  by ${who(by)} since ${moment(at)}, ${untilText(until)}, “${reason}”`];
}
