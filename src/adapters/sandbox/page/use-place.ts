import { useCallback, useEffect, useState } from 'react';
import { type Place, placeOf, searchOf } from './place.ts';

/**
 * The page's place, kept in the address: two tabs can be two people, a reload changes nothing, and "back" works.
 * `go` takes the parts that change; `replace` leaves no step to go back to.
 */
export function usePlace(): { place: Place; go: (change: Partial<Place>, replace?: boolean) => void } {
  const [place, setPlace] = useState(() => placeOf(new URL(location.href)));
  useEffect(() => {
    const follow = () => setPlace(placeOf(new URL(location.href)));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const go = useCallback((change: Partial<Place>, replace = false) => {
    const next = { ...placeOf(new URL(location.href)), ...change };
    const address = location.pathname.replace(/\/archives\/.*$/, '/') + searchOf(next);
    history[replace ? 'replaceState' : 'pushState'](null, '', address);
    setPlace(next);
  }, []);
  return { place, go };
}
