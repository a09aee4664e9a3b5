import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

const NEAR_PX = 60;

/** What arrived last in a conversation. */
export interface Newest {
  ts: string;
  /** Written by the person who looks, or said to them alone: it is shown wherever they had scrolled to. */
  isForMe: boolean;
}

/**
 * Keeps a scrolling box at its end, whatever grows in it (a new message, a card that changes, a picture that
 * arrives), for as long as the person has not scrolled up.
 */
export function useStickToEnd(newest: Newest | null): {
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
    if (box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, []);

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    let top = element.scrollTop;
    const note = () => {
      const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
      // Only going up is leaving the end: a message that arrives between two looks leaves one far from it, too.
      if (near) stuck.current = true;
      else if (element.scrollTop < top) stuck.current = false;
      top = element.scrollTop;
      setAtEnd(near || stuck.current);
    };
    const grown = new ResizeObserver(() => {
      if (stuck.current) element.scrollTop = element.scrollHeight;
      note();
    });
    if (element.firstElementChild !== null) grown.observe(element.firstElementChild);
    grown.observe(element);
    element.addEventListener('scroll', note, { passive: true });
    return () => {
      grown.disconnect();
      element.removeEventListener('scroll', note);
    };
  }, []);

  const { ts, isForMe = false } = newest ?? {};
  useEffect(() => {
    if (ts !== undefined && (isForMe || stuck.current)) toEnd();
  }, [ts, isForMe, toEnd]);
  return { box, atEnd, toEnd };
}
