import { useEffect } from 'react';
import { Avatar } from '../people/avatar.tsx';
import { useWorkspace } from '../workspace-context.ts';
import type { Offer } from './completion.ts';

interface Props {
  id: string;
  offers: readonly Offer[];
  at: number;
  onTake: (offer: Offer) => void;
}

/** What can be completed, above the message box. The focus stays in the box, which names the active offer. */
export function CompletionList({ id, offers, at, onTake }: Props) {
  const { people } = useWorkspace();
  const active = offers[at]?.id;
  useEffect(() => {
    // Braces: newer browsers return a promise here, which React would take for the clean-up.
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);
  return (
    <div id={id} className="completion" role="listbox" aria-label="Suggestions">
      {offers.map((offer, position) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the message box has the focus and the keys
        <div
          key={offer.id}
          id={`${id}-${offer.id}`}
          role="option"
          className={position === at ? 'option option-active' : 'option'}
          aria-selected={position === at}
          // Pressing must not take the focus out of the message box.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(offer)}
        >
          {offer.kind === 'person' && <Avatar person={people.get(offer.id)} size="small" />}
          <span className="option-words">
            <span className="option-label">
              <b>{offer.label}</b> <span className="option-hint">{offer.hint}</span>
            </span>
            <span className="option-more">{offer.description}</span>
          </span>
        </div>
      ))}
    </div>
  );
}
