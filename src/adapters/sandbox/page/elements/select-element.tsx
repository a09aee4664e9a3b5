import type { MultiSelect, Select } from '@slack/types';
import { Avatar } from '../people/avatar.tsx';
import { Picker } from '../picker/picker.tsx';
import { useWorkspace } from '../workspace-context.ts';
import { type ElementProps, useElement } from './block-form-context.ts';
import type { Interactive } from './element-values.ts';
import { selectChoices } from './select-choices.ts';

/** True for every kind of select, of one or of many. */
export function isSelect(element: Interactive): element is Select | MultiSelect {
  return element.type.endsWith('_select');
}

/** A select of options, people, channels or conversations. */
export function SelectElement(props: ElementProps<Select | MultiSelect>) {
  const { element, labelledBy, describedBy, invalid } = props;
  const workspace = useWorkspace();
  const { chosen, choose, busy } = useElement(props);
  const { options, selected, chosenFrom } = selectChoices(element, chosen, workspace);
  const names = options.filter(({ id }) => selected.includes(id)).map(({ label }) => label);
  const placeholder = element.placeholder?.text ?? 'Choose…';
  return (
    <Picker
      options={options}
      selected={selected}
      multiple={element.type.startsWith('multi_')}
      most={'max_selected_items' in element ? element.max_selected_items : undefined}
      onPick={(ids) => void choose(chosenFrom(ids))}
      label={labelledBy === undefined ? placeholder : undefined}
      labelledBy={labelledBy}
      describedBy={describedBy}
      invalid={invalid}
      busy={busy}
      {...(element.type.includes('users')
        ? { mark: ({ id }) => <Avatar person={workspace.people.get(id)} size="small" /> }
        : {})}
    >
      {names.length === 0 ? (
        <span className="placeholder">{placeholder}</span>
      ) : (
        <span className="select-value" dir="auto">
          {names.join(', ')}
        </span>
      )}
    </Picker>
  );
}
