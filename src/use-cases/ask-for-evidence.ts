import { probeName } from '../domain/policy/parity-policy.ts';
import { awaitsParityAgain } from '../domain/requirements/evaluate.ts';
import type { ParityFinding } from '../domain/requirements/parity.ts';
import type { Transaction } from './ports.ts';
import type { Review } from './review.ts';
import { askByItself } from './suite/ask-by-itself.ts';

/**
 * Has found out what the policy asks for and nobody has found out for what is proposed now: gates are asked, what the target has is
 * looked at, suites run and inputs are replayed. The jobs are written with whatever was reviewed, and waiting ones of the same kind merge.
 */
export async function askForEvidence(tx: Transaction, judged: Review): Promise<void> {
  const { facts, verdicts, target, fingerprint } = judged;
  const { id: promotionId } = facts.promotion;
  const { gates = [], parity } = target.policy;
  for (const { url } of gates) {
    const isAsked = (facts.gates ?? []).some((gate) => gate.url === url && gate.fingerprint === fingerprint);
    if (!isAsked) await tx.evidence.queueGate({ promotionId, url, fingerprint });
  }
  const probes = (parity?.probes ?? []).map(probeName);
  const isLookedAt = wereTried(probes, facts.parity) && !awaitsParityAgain(facts, verdicts);
  if (parity !== undefined && !isLookedAt) await tx.evidence.queueParity(promotionId);
  await askByItself(tx, judged);
}

function wereTried(probes: readonly string[], findings: readonly ParityFinding[] | undefined): boolean {
  if (findings === undefined) return false;
  return probes.every((probe) => findings.some(({ what, name }) => what === 'probe' && name === probe));
}
