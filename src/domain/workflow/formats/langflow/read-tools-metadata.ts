import { isList, isObject, type Json } from '../../json.ts';
import { byName, textAt, withoutEmpty } from '../lenient.ts';
import type { PropertyDraft } from '../property-draft.ts';

/** Which of a component's actions an agent may use as tools: those that are switched on. Also what each is said to do. */
export function readToolsMetadata(value: Json, draft: PropertyDraft): void {
  const tools = isList(value) ? value.filter(isObject) : [];
  const named = tools.map(
    (tool, index) => [textAt(tool, 'name') ?? textAt(tool, 'display_name') ?? `#${index + 1}`, tool] as const,
  );
  // Before there were switches, what was listed was on.
  const on = named.filter(([, tool]) => tool['status'] !== false).map(([name]) => name);
  draft.set('tools', withoutEmpty(on));
  const descriptions = named.map(([name, tool]) => [name, textAt(tool, 'description') ?? ''] as const);
  draft.set('toolDescriptions', withoutEmpty(byName(descriptions)));
}
