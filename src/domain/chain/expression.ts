import type { Json } from '../workflow/json.ts';
import { evaluateNode, isTrue, type Scope } from './evaluate-expression.ts';
import { parseExpression } from './parse-expression.ts';

export { isTrue, type Scope } from './evaluate-expression.ts';
export { ExpressionError } from './expression-error.ts';

/**
 * Works out an expression such as `steps.rate.output.score > 0.9 and not inputs.draft`. It knows names, texts, numbers, lists by
 * index, comparisons, `and`, `or`, `not`, `contains`, `in`, arithmetic and `length(…)`, and nothing that runs code or goes on for
 * long: it is read by a parser of its own and walked once.
 * @returns undefined where it is a name that means nothing
 * @throws ExpressionError where it can't be read
 */
export function evaluateExpression(text: string, scope: Scope): Json | undefined {
  return evaluateNode(parseExpression(text), scope);
}

/** Whether an expression holds. What models write for no, such as the text “false”, is no. @throws ExpressionError */
export function holds(text: string, scope: Scope): boolean {
  return isTrue(evaluateExpression(text, scope));
}
