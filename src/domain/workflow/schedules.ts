import type { Environment } from '../environment.ts';
import type { Definition } from './definition.ts';

/** Kinds of steps by which other systems start a workflow at times. */
const STARTERS: Record<string, readonly string[]> = {
  n8n: ['scheduleTrigger', 'cron', 'interval'],
  dify: ['trigger-schedule'],
};

/** One schedule that starts a workflow: in these environments, as they are called there, or (null) in all. */
export type Schedule = readonly string[] | null;

/** The schedules that start a workflow. */
export function schedulesOf({ format, triggers, steps }: Definition): Schedule[] {
  const starters = STARTERS[format] ?? [];
  return [
    ...triggers.filter(({ type }) => type === 'schedule').map(({ environments }) => environments ?? null),
    ...steps.filter(({ kind }) => starters.includes(kind)).map(() => null),
  ];
}

/** Whether one of the schedules starts it in this environment. */
export function startsIn(
  schedules: readonly Schedule[],
  { name, aliases }: Pick<Environment, 'name' | 'aliases'>,
): boolean {
  const words = [name, ...aliases].map((word) => word.toLowerCase());
  return schedules.some((schedule) => schedule?.some((word) => words.includes(word.toLowerCase())) ?? true);
}
