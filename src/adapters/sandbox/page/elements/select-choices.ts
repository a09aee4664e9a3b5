import type { MultiSelect, PlainTextOption, Select } from '@slack/types';
import type { PickerOption } from '../picker/picker-options.ts';
import type { Workspace } from '../workspace-context.ts';
import type { Chosen } from './element-values.ts';

/** What a select offers, what is selected of it, and how a pick is said in Slack's words. */
export interface SelectChoices {
  options: PickerOption[];
  selected: string[];
  chosenFrom: (ids: readonly string[]) => Chosen;
}

/** Reads a select of any kind; people and channels come from the workspace, options from the element itself. */
export function selectChoices(element: Select | MultiSelect, chosen: Chosen, workspace: Workspace): SelectChoices {
  const noun = element.type.replace(/^multi_|_select$/g, '');
  const multiple = element.type.startsWith('multi_');
  if (noun === 'static' || noun === 'external') return optionChoices(element, chosen, multiple);
  const field = `selected_${multiple ? noun : noun.slice(0, -1)}`;
  const held = chosen[field];
  return {
    options: noun === 'users' ? peopleOptions(workspace) : channelOptions(workspace, noun === 'conversations'),
    selected: multiple ? ((held as string[] | undefined) ?? []) : typeof held === 'string' ? [held] : [],
    chosenFrom: (ids) => ({ [field]: multiple ? ids : (ids[0] ?? null) }),
  };
}

function optionChoices(element: Select | MultiSelect, chosen: Chosen, multiple: boolean): SelectChoices {
  const groups = groupsOf(element);
  const all = groups.flatMap((group) => group.options);
  const field = multiple ? 'selected_options' : 'selected_option';
  const held = multiple ? chosen[field] : [chosen[field]];
  return {
    options: groups.flatMap(({ label, options }) =>
      options.map(({ value = '', text, description }) => ({
        id: value,
        label: text.text,
        description: description?.text,
        group: label,
      })),
    ),
    selected: (held as (PlainTextOption | null | undefined)[]).flatMap((option) => option?.value ?? []),
    chosenFrom: (ids) => {
      const picked = all.filter((option) => ids.includes(option.value ?? ''));
      return { [field]: multiple ? picked : (picked[0] ?? null) };
    },
  };
}

function groupsOf(element: Select | MultiSelect): { label: string | undefined; options: PlainTextOption[] }[] {
  if ('option_groups' in element && element.option_groups !== undefined) {
    return element.option_groups.map(({ label, options }) => ({ label: label.text, options }));
  }
  return [{ label: undefined, options: 'options' in element ? (element.options ?? []) : [] }];
}

function peopleOptions({ people }: Workspace): PickerOption[] {
  return [...people.values()].map(({ id, realName, title }) => ({ id, label: realName, description: title }));
}

function channelOptions({ channels }: Workspace, withDirect: boolean): PickerOption[] {
  return [...channels.values()]
    .filter((channel) => withDirect || channel.kind === 'channel')
    .map(({ id, name, kind }) => ({ id, label: kind === 'channel' ? `#${name}` : name }));
}
