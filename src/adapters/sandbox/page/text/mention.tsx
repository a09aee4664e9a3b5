import { useWorkspace } from '../workspace-context.ts';

/** `<@U…>`: the person's name, marked stronger when it is the one who looks. */
export function UserMention({ id, label }: { id: string; label: string | null }) {
  const { people, me } = useWorkspace();
  const name = people.get(id)?.realName ?? label ?? id;
  return <span className={id === me.id ? 'mention mention-me' : 'mention'}>@{bare(name, '@')}</span>;
}

/** `<#C…>`: the channel's name, which leads there. */
export function ChannelMention({ id, label }: { id: string; label: string | null }) {
  const { channels, go } = useWorkspace();
  const channel = channels.get(id);
  if (channel === undefined) return <span className="mention">#{bare(label ?? id, '#')}</span>;
  return (
    <button
      type="button"
      className="mention mention-link"
      onClick={() => go({ at: { kind: 'channel', id }, threadTs: null })}
    >
      #{channel.name}
    </button>
  );
}

/** `<!here>` and user groups: everybody of a kind. */
export function GroupMention({ name }: { name: string }) {
  return <span className="mention mention-me">@{bare(name, '@')}</span>;
}

function bare(name: string, sign: string): string {
  return name.startsWith(sign) ? name.slice(1) : name;
}
