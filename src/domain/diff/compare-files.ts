import { lookUp } from '../look-up.ts';
import { isDocumentation } from '../workflow/bundle/documentation.ts';
import { compareText } from '../workflow/compare-text.ts';
import type { Definition } from '../workflow/definition.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import type { Change } from './change.ts';
import { compareTexts } from './compare-text.ts';
import type { DiffContext } from './diff-context.ts';
import { kindOf, withValues } from './draft.ts';
import { count, quoteName } from './quote.ts';

/** Compares the files of two bundles that belong to no step, as texts: “File ‘tools/search.py’ changed (+2 −1 lines)”. */
export function compareFiles(before: Definition, after: Definition, { collector, budget }: DiffContext): void {
  const [old, now] = [before.files ?? {}, after.files ?? {}];
  const paths = new Set([...Object.keys(old), ...Object.keys(now)]);
  for (const path of [...paths].sort(compareText)) {
    const values = withValues(lookUp(old, path), lookUp(now, path));
    if (values.before === values.after) continue;
    collector.add({
      class: isDocumentation(path) ? 'cosmetic' : 'logic',
      kind: kindOf(values.before, values.after),
      path: pathText(['files', path]),
      ...values,
      say: () => sayOf(path, lookUp(old, path), lookUp(now, path), budget),
    });
  }
}

function sayOf(
  path: string,
  before: string | undefined,
  after: string | undefined,
  budget: DiffContext['budget'],
): Pick<Change, 'sentence' | 'lines'> {
  const subject = `File ${quoteName(path)}`;
  const [old, now] = [linesOf(before), linesOf(after)];
  if (before === undefined || after === undefined) {
    const lines = { added: now.length, removed: old.length };
    const kind = before === undefined ? 'added' : 'removed';
    return { sentence: `${subject} ${kind} (${count(lines.added + lines.removed, 'line')})`, lines };
  }
  const comparison = compareTexts(old.join('\n'), now.join('\n'), budget);
  if (comparison === 'rewritten')
    return { sentence: `${subject} rewritten (${old.length.toLocaleString('en')} → ${count(now.length, 'line')})` };
  const { added, removed } = comparison;
  const how = added + removed === 0 ? 'line ends only' : `+${added} −${removed} lines`;
  return { sentence: `${subject} changed (${how})`, lines: { added, removed } };
}

/** The end of the last line begins no other one. */
function linesOf(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r\n|\n|\r/);
}
