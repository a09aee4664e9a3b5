import { Refusal } from '../../domain/refusal.ts';

/**
 * Runs work, so many pieces at once; the others wait for their turn. However much is asked for at once, it leaves connections to the
 * database for everybody else.
 */
export function inTurns({
  atOnce,
  waiting,
}: {
  atOnce: number;
  waiting: number;
}): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw tooMany();
      await new Promise<void>((resolve) => queue.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

function tooMany(): Refusal {
  return new Refusal(
    'unavailable',
    'Too many workflows are being resolved for the first time just now. Try again in a few seconds.',
  );
}
