import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonObject } from '../../json.ts';
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

/** A thing that a suite lists, by what it is called, or, where it is called nothing, by how it begins. */
export interface Listed {
  readonly own: string | null;
  readonly name: string;
  readonly content: JsonObject;
}

/**
 * Ids for a list, the same in whatever order it stands: things that are called the same are told apart by what they hold.
 */
export function claimAll(ids: StepIds, listed: readonly Listed[]): ReturnType<StepIds['claim']>[] {
  const called = ({ own, name }: Listed) => own ?? name;
  const counts = new Map<string, number>();
  for (const one of listed) counts.set(called(one), (counts.get(called(one)) ?? 0) + 1);
  return listed.map((one) => {
    const isAlone = counts.get(called(one)) === 1;
    return isAlone ? ids.claim(one.own, one.name) : ids.claim(null, `${called(one)}#${numberOf(one.content)}`);
  });
}

function numberOf(content: JsonObject): number {
  const hash = createHash('sha256').update(canonicalize(content) ?? '');
  return hash.digest().readUInt32BE() % 1_000_000;
}
