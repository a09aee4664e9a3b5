import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';

/** An object that takes no other keys. A refused key is answered with the known one it was probably meant to be. */
export function closedObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? describeUnknown(issue.keys, known) : undefined),
  });
}

/** One line a key, in the order of the keys. */
function describeUnknown(keys: readonly string[], known: readonly string[]): string {
  return keys
    .slice(0, 20)
    .map((key) => `there is no “${key.slice(0, 80)}” here; ${nearest(key, known)}`)
    .join('\n');
}

function nearest(key: string, known: readonly string[]): string {
  const candidate = closest(key.slice(0, 80).toLowerCase(), [...known]);
  const near =
    distance(key.toLowerCase().slice(0, 80), candidate.toLowerCase()) <= Math.max(2, Math.floor(candidate.length / 2));
  return near ? `did you mean “${candidate}”?` : `there are: ${known.join(', ')}`;
}
