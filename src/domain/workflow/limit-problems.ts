import type { Definition, Step } from './definition.ts';
import { LIMITS } from './limits.ts';
import type { PathProblem } from './source/check-values.ts';

/** How a definition is larger than one may be, in whatever format it came; none where it is not. */
export function limitProblems({ steps }: Pick<Definition, 'steps'>): PathProblem[] {
  const problems: PathProblem[] = [];
  let seen = 0;
  const visit = (list: readonly Step[], depth: number): void => {
    seen += list.length;
    for (const step of list) {
      const isTooDeep = depth >= LIMITS.stepNesting && step.children.some((group) => group.steps.length > 0);
      if (isTooDeep && problems.length === 0)
        problems.push({ path: [], message: `steps are nested deeper than ${LIMITS.stepNesting}, inside ‘${step.id}’` });
      else if (!isTooDeep) for (const group of step.children) visit(group.steps, depth + 1);
    }
  };
  visit(steps, 1);
  if (seen <= LIMITS.steps) return problems;
  const [most, there] = [LIMITS.steps, seen].map((count) => count.toLocaleString('en'));
  return [{ path: [], message: `there are ${there} steps, and ${most} may be` }, ...problems];
}
