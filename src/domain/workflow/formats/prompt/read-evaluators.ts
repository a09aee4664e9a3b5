import { lookUp } from '../../../look-up.ts';
import type { Criterion, StepProperties } from '../../definition.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { byName, listAt, textAt } from '../lenient.ts';

/** `evaluators` as the criteria of an evaluation, and `testData` as what it is tried on. Empty where there are none. */
export function evaluationOf(front: JsonObject): Pick<StepProperties, 'evaluation'> {
  const evaluators = listAt(front, 'evaluators').filter(isObject);
  const testData = listAt(front, 'testData');
  if (evaluators.length === 0 && testData.length === 0) return {};
  const criteria = Object.entries(
    byName(evaluators.map((evaluator) => [textAt(evaluator, 'name') ?? typeOf(evaluator), evaluator])),
  ).map(([id, evaluator]) => criterionOf(id, evaluator));
  const evaluation = { ...(criteria.length > 0 && { criteria }), ...(testData.length > 0 && { testData }) };
  return { evaluation };
}

/** `uses: github/similarity`, or the one key beside the name, such as `string` or `llm`. */
function typeOf(evaluator: JsonObject): string {
  return textAt(evaluator, 'uses') ?? Object.keys(evaluator).find((key) => key !== 'name') ?? 'evaluator';
}

function criterionOf(id: string, evaluator: Json): Criterion {
  const { name: _name, ...settings } = evaluator as JsonObject;
  const type = typeOf(settings);
  const own = lookUp(settings, type);
  const { [type]: _own, uses: _uses, ...others } = settings;
  return { id, type, ...(own !== undefined && { value: own }), ...others };
}
