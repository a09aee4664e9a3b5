import { type CheckResult, casesOf, newestByName } from '../check-result.ts';
import { DEFAULT_DIVERGENCE, type ShadowPolicy } from '../policy/shadow-policy.ts';
import { percentText } from './figures-in-words.ts';
import { belongsTo } from './measure.ts';
import { notJudgedYet, policyOf, type Requirement, type Verdict } from './requirement.ts';

/** Replayed on enough inputs without effects, the version answers enough of them as what is live does. */
export const shadowRequirement: Requirement = {
  kind: 'shadow',
  applies: (facts) => policyOf(facts).shadow !== undefined,
  evaluate: (facts) => {
    const asked = policyOf(facts).shadow;
    if (asked === undefined) return { state: 'met', summary: 'No shadow needed' };
    const summary = `Shadow of ${asked.sample} inputs, at most ${percentText(mostOf(asked))} diverging`;
    if (facts.checks === undefined) return notJudgedYet(summary);
    // With nothing live there is nothing to diverge from.
    if (facts.liveChecks === null) return { state: 'met', summary: 'Shadow: nothing is live to compare with' };
    const [newest] = newestByName(facts.checks.filter(belongsTo(facts)), 'shadow').sort(
      (a, b) => b.at.getTime() - a.at.getTime(),
    );
    if (newest === undefined) return { state: 'pending', summary, detail: 'nothing was replayed yet' };
    return judgeReplay(newest, asked, summary);
  },
};

function mostOf({ maxDivergence = DEFAULT_DIVERGENCE }: ShadowPolicy): number {
  return maxDivergence;
}

/** What nothing could compare diverged. The mean is looked at too: the answers may have been told apart by a laxer policy. */
function judgeReplay(result: CheckResult, asked: ShadowPolicy, summary: string): Verdict {
  const { state, detail } = result;
  if (state === 'running') return { state: 'pending', summary, detail: detail ?? 'running' };
  if (state === 'errored') return { state: 'failed', summary, detail: detail ?? 'it could not be carried out' };
  const replayed = casesOf(result) ?? 0;
  if (replayed < asked.sample)
    return { state: 'pending', summary, detail: `only ${replayed} of ${asked.sample} inputs were replayed` };
  const diverged = (replayed - (result.passed ?? 0)) / replayed;
  const isAlike = result.score === undefined || result.score >= asked.minSimilarity;
  const found = `Shadow: ${percentText(diverged, 'up')} of ${replayed} answers diverged`;
  if (diverged <= mostOf(asked) && isAlike) return { state: 'met', summary: found };
  return { state: 'failed', summary: `${found}, at most ${percentText(mostOf(asked))} may`, ...(detail && { detail }) };
}
