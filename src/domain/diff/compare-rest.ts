import type { Definition } from '../workflow/definition.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import type { TextBudget } from './compare-text.ts';
import { compareValues, type Difference } from './compare-values.ts';
import type { DiffContext } from './diff-context.ts';
import { withValues } from './draft.ts';
import { classOfGeneric } from './generic-classes.ts';
import { type ItemNames, NO_NAMES, nameItems, subjectOf } from './generic-subject.ts';
import { quoteName, quoteValue } from './quote.ts';
import { type Said, say } from './wording.ts';

/** Compares what no format names, by key: all of a document that nobody reads, or what is left of one that somebody does. */
export function compareRest(
  before: Definition,
  after: Definition,
  { collector, likeness, effort, budget }: DiffContext,
): void {
  const names = nameItems([before.rest, after.rest]);
  compareValues(before.rest, after.rest, { likeness, effort }, (found) => {
    const changeClass = classOfGeneric(found.parts);
    if (collector.isFull(changeClass)) {
      collector.countOnly(changeClass);
      return;
    }
    const difference = { ...found, parts: [...found.parts] };
    collector.add({
      class: changeClass,
      kind: isRename(difference) ? 'renamed' : difference.kind,
      path: pathText(difference.parts.map(({ segment }) => segment)),
      ...withValues(difference.before, difference.after),
      say: () => sentenceOf(difference, names, budget),
    });
  });
}

/** The name of a thing that was found again by its id. */
function isRename({ kind, parts, before, after }: Difference): boolean {
  const [owner, last] = parts.slice(-2);
  return (
    kind === 'changed' &&
    last?.segment === 'name' &&
    owner?.item !== undefined &&
    typeof before === 'string' &&
    typeof after === 'string'
  );
}

function sentenceOf(difference: Difference, names: ItemNames, budget: TextBudget): Said {
  const { kind, parts, before, after } = difference;
  if (isRename(difference)) {
    const { text } = subjectOf(parts.slice(0, -1), NO_NAMES);
    const list = text.slice(0, text.lastIndexOf(' ‘'));
    return { sentence: `${list} ${quoteName(String(before))} renamed to ${quoteName(String(after))}` };
  }
  const { text, owner, rest } = subjectOf(parts, names);
  if (kind === 'moved') return { sentence: `${text} put in another order` };
  if (kind === 'changed') return say(text, before, after, budget);
  const value = after ?? before ?? null;
  if (typeof value === 'object' && value !== null) return { sentence: `${text} ${kind}` };
  // An item of a plain list has no name but itself.
  if (typeof parts.at(-1)?.segment === 'number')
    return { sentence: `${subjectOf(parts.slice(0, -1), names).text}: ${quoteValue(value)} ${kind}` };
  return owner !== null && rest === '' ? { sentence: `${text} ${kind}` } : say(text, before, after, budget);
}
