import { PersonSwitcher } from '../people/person-switcher.tsx';
import { useWorkspace } from '../workspace-context.ts';

interface Props {
  /** On a phone, where the list of places is a screen of its own: whether that is what one sees. */
  listShown: boolean;
  onToggleList: () => void;
  /** Whether a place that one does not see has news. */
  hasNews: boolean;
}

/** The bar over everything: which workspace this is, and who one is in it. */
export function TopBar({ listShown, onToggleList, hasNews }: Props) {
  const { team } = useWorkspace();
  return (
    <header className="top-bar">
      <button
        type="button"
        className="list-toggle"
        aria-expanded={listShown}
        aria-label="Channel list"
        aria-description={hasNews ? 'unread' : undefined}
        onClick={onToggleList}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d={listShown ? 'M5 5l10 10M15 5 5 15' : 'M3 5.5h14M3 10h14M3 14.5h14'} />
        </svg>
        {hasNews && !listShown && <span className="news-dot" aria-hidden="true" />}
      </button>
      <p className="team-name">
        <bdi>{team.name}</bdi>
      </p>
      <PersonSwitcher />
    </header>
  );
}
