import { Picker } from '../picker/picker.tsx';
import { useWorkspace } from '../workspace-context.ts';
import { Avatar } from './avatar.tsx';

/** Who one is in this tab. Always in sight: the whole point of the sandbox is to ask as one and approve as another. */
export function PersonSwitcher() {
  const { me, people, go } = useWorkspace();
  const humans = [...people.values()].filter((person) => !person.isBot);
  return (
    <Picker
      label="Person"
      className="person-switcher"
      options={humans.map(({ id, realName, title }) => ({ id, label: realName, description: title }))}
      selected={[me.id]}
      onPick={([id]) => id !== undefined && go({ as: id })}
      mark={({ id }) => <Avatar person={people.get(id)} />}
    >
      <Avatar person={me} size="small" />
      <span className="person-words">
        <span className="person-name">
          <bdi>{me.realName}</bdi>
        </span>
        <span className="person-title">{me.title}</span>
      </span>
    </Picker>
  );
}
