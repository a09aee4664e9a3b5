import type { StepIds } from '../step-ids.ts';

const LONGEST_NAME = 40;

/** What a person would call a thing that has no name: how it begins. */
export function beginningOf(text: string): string {
  const line = text
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, LONGEST_NAME + 1);
  return line.length <= LONGEST_NAME ? line : `${line.slice(0, LONGEST_NAME).trimEnd()}…`.toWellFormed();
}

/** Ids for what a suite lists under several keys: a name that was given out before is told apart by a number, and so is weak. */
export function makeSuiteIds(): StepIds {
  const given = new Set<string>();
  const numbers = new Map<string, number>();
  return {
    claim: (own, name) => {
      const base = own ?? name;
      let id = base;
      while (given.has(id)) {
        const number = (numbers.get(base) ?? 1) + 1;
        numbers.set(base, number);
        id = `${base}#${number}`;
      }
      given.add(id);
      return id === own ? { id } : { id, weakId: true };
    },
  };
}
