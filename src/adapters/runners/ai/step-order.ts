import { allSteps, type Step } from '../../../domain/workflow/definition.ts';
import type { Json } from '../../../domain/workflow/json.ts';
import { RunnerFailure } from '../../../use-cases/ports/runners.ts';

/** One after the other; gives what the last one gave. */
export async function inTurn(steps: readonly Step[], run: (step: Step) => Promise<Json>): Promise<Json> {
  let last: Json = null;
  for (const step of steps) last = await run(step);
  return last;
}

/**
 * Each step once all that it depends on has ended, so many at a time. A step waits for those of its own list that it, or anything
 * inside it, depends on.
 * @returns what the one step gave that no other waits for, or a mapping of them by id
 */
export async function inDependencyOrder(
  steps: readonly Step[],
  run: (step: Step) => Promise<Json>,
  atATime: number,
): Promise<Json> {
  const waitsFor = dependenciesOf(steps);
  const results = new Map<Step, Json>();
  const running = new Map<Step, Promise<void>>();
  const isReady = (step: Step) =>
    !results.has(step) && !running.has(step) && [...(waitsFor.get(step) ?? [])].every((one) => results.has(one));
  while (results.size < steps.length) {
    for (const step of steps.filter(isReady).slice(0, Math.max(0, atATime - running.size))) {
      const work = run(step).then((output) => {
        results.set(step, output);
        running.delete(step);
      });
      running.set(step, work);
    }
    if (running.size === 0)
      throw new RunnerFailure(
        'unsupported',
        'Steps inside of others wait for each other in a circle. Put them on one level.',
      );
    // One that fails ends all: what else runs is given up by whoever asked for it.
    await Promise.race(running.values());
  }
  const awaited = new Set([...waitsFor.values()].flatMap((some) => [...some]));
  const ends = steps.filter((step) => !awaited.has(step));
  if (ends.length === 1) return results.get(ends[0] as Step) ?? null;
  return Object.fromEntries(ends.map((step) => [step.id, results.get(step) ?? null]));
}

function dependenciesOf(steps: readonly Step[]): Map<Step, Set<Step>> {
  const homes = new Map<string, Step>();
  for (const step of steps) for (const { id } of allSteps({ steps: [step] })) homes.set(id, step);
  return new Map(
    steps.map((step) => {
      const needed = allSteps({ steps: [step] }).flatMap(({ dependsOn }) => dependsOn);
      const others = needed.flatMap((id) => homes.get(id) ?? []).filter((other) => other !== step);
      return [step, new Set(others)];
    }),
  );
}
