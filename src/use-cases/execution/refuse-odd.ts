import { Refusal } from '../../domain/refusal.ts';
import type { Json } from '../../domain/workflow/json.ts';
import { checkValues } from '../../domain/workflow/source/check-values.ts';
import { pathText } from '../../domain/workflow/source/source-scan.ts';

/**
 * What no workflow is given, and nothing here keeps.
 * @param what such as `The inputs`
 * @throws Refusal invalid_input
 */
export function refuseOdd(what: string, value: Json): void {
  const [problem] = checkValues(value);
  if (problem === undefined) return;
  const where = pathText(problem.path).slice(0, 100);
  throw new Refusal('invalid_input', `${what} can’t be used: ${where === '' ? '' : `${where}: `}${problem.message}.`);
}
