import { textOf } from '../suite/look-at.ts';
import { ExpressionError, evaluateExpression, type Scope } from './expression.ts';

/** Characters that a prompt may come to once it is filled. */
const LONGEST = 4_000_000;
const MOST_PLACES = 1_000;

/**
 * A prompt with each `{{ … }}` replaced by what its expression means: text as it is, everything else as JSON. What is filled in is
 * not looked at again, so that no input can be a template.
 * @throws ExpressionError where an expression can't be read, or names what there is not: a prompt with a hole is no prompt
 */
export function fillPrompt(prompt: string, scope: Scope): string {
  const parts: string[] = [];
  let length = 0;
  let from = 0;
  const add = (text: string): void => {
    length += text.length;
    if (length > LONGEST)
      throw new ExpressionError('The prompt is longer than 4 million characters once it is filled.');
    parts.push(text);
  };
  for (let places = 0; ; places++) {
    const open = prompt.indexOf('{{', from);
    const close = open < 0 ? -1 : prompt.indexOf('}}', open);
    if (close < 0) break;
    if (places >= MOST_PLACES) throw new ExpressionError(`The prompt has more than ${MOST_PLACES} places to fill.`);
    const expression = prompt.slice(open + 2, close).trim();
    const value = evaluateExpression(expression, scope);
    if (value === undefined && /^secrets\b/.test(expression))
      throw new ExpressionError(
        `‘{{ ${expression.slice(0, 100)} }}’ is a secret, and no secret is ever put into a prompt.`,
      );
    if (value === undefined)
      throw new ExpressionError(`‘{{ ${expression.slice(0, 100)} }}’ names nothing that there is.`);
    add(prompt.slice(from, open));
    add(textOf(value));
    from = close + 2;
  }
  add(prompt.slice(from));
  return parts.join('');
}
