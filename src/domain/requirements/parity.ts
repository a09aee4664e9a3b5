import { probeName } from '../policy/parity-policy.ts';
import { type Facts, notJudgedYet, policyOf, type Requirement, type Verdict } from './requirement.ts';

export const PARITY_KINDS = ['variable', 'secret', 'model', 'mcp server', 'data source', 'probe'] as const;
export type ParityKind = (typeof PARITY_KINDS)[number];

/** Something that the version needs in the target, and whether it is there. */
export interface ParityFinding {
  what: ParityKind;
  /** Its name in the settings; of a probe, as `probeName` says it. */
  name: string;
  /** In the settings; of a secret also readable; of a probe answering. */
  isThere: boolean;
  /** Why not, in a few words; never a value. */
  detail?: string;
}

const MOST_NAMED = 5;
/** Milliseconds for which what was found out is enough to go live by: a secret may be revoked without a word to anybody. */
const GOOD_FOR = 10 * 60_000;

/** Whether what was found out is too old to be the last thing that a promotion needs. */
export function isParityAged({ parityAt, now }: Pick<Facts, 'parityAt' | 'now'>): boolean {
  return parityAt !== undefined && now.getTime() - parityAt.getTime() > GOOD_FOR;
}

/** What is said of it then. */
export function parityAged(facts: Facts): Verdict {
  return { state: 'pending', summary: asked(facts), detail: 'it was found out too long ago: looked at again' };
}

function asked({ target }: Facts): string {
  return `${target.name} has everything that it names`;
}

/** The target has all that the version names, can read its secrets, and what it depends on answers. */
export const parityRequirement: Requirement = {
  kind: 'parity',
  applies: (facts) => policyOf(facts).parity !== undefined,
  evaluate: (facts) => {
    const summary = asked(facts);
    if (facts.parity === undefined) return notJudgedYet(summary);
    const found = facts.parity;
    const lacking = found.filter(({ isThere }) => !isThere);
    if (lacking.length > 0) return { state: 'failed', summary, detail: inWords(lacking) };
    const probes = (policyOf(facts).parity?.probes ?? []).map(probeName);
    const untried = probes.filter((probe) => !found.some((one) => one.what === 'probe' && one.name === probe));
    if (untried.length > 0) return { state: 'pending', summary, detail: `not tried yet: ${untried.join(', ')}` };
    return { state: 'met', summary };
  },
};

function inWords(lacking: readonly ParityFinding[]): string {
  const named = lacking
    .slice(0, MOST_NAMED)
    .map(({ what, name, detail }) => `${what} ${name}${detail === undefined ? ' is missing' : ` ${detail}`}`);
  const left = lacking.length - named.length;
  return left > 0 ? `${named.join(', ')} and ${left} more` : named.join(', ');
}
