import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

const NEAR_PX = 60;

/**
 * Keeps a scrolling box at its end, whatever grows in it (a new message, a card that changes, a picture that
 * arrives), for as long as the person has not scrolled up.
 */
export function useStickToEnd(newest: string | undefined): {
  box: RefObject<HTMLDivElement | null>;
  atEnd: boolean;
  toEnd: () => void;
} {
  const box = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    stuck.current = true;
    setAtEnd(true);
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, []);

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const note = () => {
      stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
      setAtEnd(stuck.current);
    };
    const grown = new ResizeObserver(() => {
      if (stuck.current) element.scrollTop = element.scrollHeight;
      else note();
    });
    if (element.firstElementChild !== null) grown.observe(element.firstElementChild);
    grown.observe(element);
    element.addEventListener('scroll', note, { passive: true });
    return () => {
      grown.disconnect();
      element.removeEventListener('scroll', note);
    };
  }, []);

  useEffect(() => {
    if (newest !== undefined && stuck.current) toEnd();
  }, [newest, toEnd]);
  return { box, atEnd, toEnd };
}
