import { probeName } from '../policy/parity-policy.ts';
import { notJudgedYet, policyOf, type Requirement } from './requirement.ts';

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

/** The target has all that the version names, can read its secrets, and what it depends on answers. */
export const parityRequirement: Requirement = {
  kind: 'parity',
  applies: (facts) => policyOf(facts).parity !== undefined,
  evaluate: (facts) => {
    const { name } = facts.target;
    const asked = `${name} has everything that it names`;
    if (facts.parity === undefined) return notJudgedYet(asked);
    const found = facts.parity;
    const lacking = found.filter(({ isThere }) => !isThere);
    if (lacking.length > 0) return { state: 'failed', summary: asked, detail: inWords(lacking) };
    const probes = (policyOf(facts).parity?.probes ?? []).map(probeName);
    const untried = probes.filter((probe) => !found.some((one) => one.what === 'probe' && one.name === probe));
    if (untried.length > 0) return { state: 'pending', summary: asked, detail: `not tried yet: ${untried.join(', ')}` };
    return { state: 'met', summary: asked };
  },
};

function inWords(lacking: readonly ParityFinding[]): string {
  const named = lacking
    .slice(0, MOST_NAMED)
    .map(({ what, name, detail }) => `${what} ${name}${detail === undefined ? ' is missing' : ` ${detail}`}`);
  const left = lacking.length - named.length;
  return left > 0 ? `${named.join(', ')} and ${left} more` : named.join(', ');
}
