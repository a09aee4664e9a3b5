import type { z } from 'zod';
import type { FoundProblem } from './cross-checks.ts';

type Issue = z.core.$ZodIssue;

/** What zod found wrong, one problem a place, in words for the person who wrote the file. */
export function issuesOf(error: z.ZodError): FoundProblem[] {
  return error.issues.flatMap((issue) => flatten(issue, []));
}

function flatten(issue: Issue, above: readonly PropertyKey[]): FoundProblem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const branch = branchThatWasMeant(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => flatten(inner, path));
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.message.split('\n').map((message, i) => ({ path: segments([...path, issue.keys[i] ?? '']), message }));
  }
  return [{ path: segments(path), message: describe(issue) }];
}

function segments(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

/** The one alternative that got as far as the value's insides: its problems say more than "none of these". */
function branchThatWasMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const reached = branches.filter(
    (issues) =>
      issues.length > 0 && !issues.some((issue) => issue.path.length === 0 && issue.code !== 'unrecognized_keys'),
  );
  return reached.length === 1 ? reached[0] : undefined;
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list ([…])',
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
};

function describe(issue: Issue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) {
    if (issue.message.endsWith('received undefined')) return 'is missing';
    return `has to be ${KINDS[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input')
    return 'has to be a role, or a mapping such as { role: lead, departments: [support] }';
  if (issue.code === 'too_big') return `is more than the most allowed, ${issue.maximum}`;
  if (issue.code === 'too_small' && issue.origin === 'number')
    return `is less than the least allowed, ${issue.minimum}`;
  return issue.message;
}
