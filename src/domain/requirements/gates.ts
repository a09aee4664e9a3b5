import type { GatePolicy } from '../policy/gates-policy.ts';
import { durationText } from './figures-in-words.ts';
import { type Facts, notJudgedYet, policyOf, type Requirement, type Verdict } from './requirement.ts';

/** What became of asking a gate about a promotion. */
export interface GateAnswer {
  url: string;
  /** `asked`: it has not answered yet. `unreachable`: it could not be asked. */
  state: 'asked' | 'approved' | 'rejected' | 'unreachable';
  askedAt: Date;
  /** What was proposed when it was asked: a yes to something else does not count. Absent: to the promotion as such. */
  fingerprint?: string;
  /** One line of its own. */
  detail?: string;
}

/** Every gate has said yes to what is proposed now. One that is silent for too long holds it back until it answers after all. */
export const gatesRequirement: Requirement = {
  kind: 'gates',
  applies: (facts) => (policyOf(facts).gates ?? []).length > 0,
  evaluate: (facts) => {
    const gates = policyOf(facts).gates ?? [];
    const hosts = gates.map(({ url }) => hostOf(url)).join(', ');
    if (facts.gates === undefined) return notJudgedYet(`A yes of ${hosts}`);
    const verdicts = gates.map((gate) => judgeGate(gate, facts));
    const worst = verdicts.find(({ state }) => state === 'failed') ?? verdicts.find(({ state }) => state === 'pending');
    if (worst === undefined) return { state: 'met', summary: `${hosts} said yes` };
    const retries = verdicts.flatMap(({ retryAt }) => (retryAt === undefined ? [] : [retryAt.getTime()]));
    return { ...worst, ...(retries.length > 0 && { retryAt: new Date(Math.min(...retries)) }) };
  },
};

function judgeGate({ url, timeout }: GatePolicy, { gates = [], fingerprint, now }: Facts): Verdict {
  const host = hostOf(url);
  const newest = gates
    .filter((answer) => answer.url === url && (answer.fingerprint ?? fingerprint) === fingerprint)
    .reduce<GateAnswer | null>((a, b) => (a === null || b.askedAt >= a.askedAt ? b : a), null);
  const summary = `A yes of ${host}`;
  if (newest === null) return { state: 'pending', summary, detail: 'it is asked now' };
  const detail = newest.detail === undefined ? {} : { detail: newest.detail };
  if (newest.state === 'approved') return { state: 'met', summary: `${host} said yes`, ...detail };
  if (newest.state === 'rejected') return { state: 'failed', summary: `${host} said no`, ...detail };
  if (newest.state === 'unreachable') return { state: 'failed', summary: `${host} could not be asked`, ...detail };
  const until = Math.min(newest.askedAt.getTime(), now.getTime()) + timeout;
  if (until <= now.getTime())
    return { state: 'failed', summary: `${host} did not answer within ${durationText(timeout)}` };
  return { state: 'pending', summary, detail: 'it was asked and has not answered yet', retryAt: new Date(until) };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
