import { assertCanAsk } from '../../domain/permissions.ts';
import type { GatePolicy } from '../../domain/policy/gates-policy.ts';
import { assertOpen } from '../../domain/promotion.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { CheckUseCases } from '../checks/check-use-cases.ts';
import { choose, decision } from '../decide.ts';
import { getActing } from '../find-things.ts';
import { rejudge } from '../go-live.ts';
import type { KeptGate, Ports } from '../ports.ts';
import { review } from '../review.ts';

/**
 * Asks gates anew that could not be asked, or did not answer in their time. What a gate said stays: whoever wants another answer to a no
 * asks for the promotion anew.
 */
export function makeAskGatesAgain({ inTransaction }: Ports): CheckUseCases['askGatesAgain'] {
  return ({ actor, promotionId }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const chosen = await choose(tx, { promotionId }, 'approve');
      const { promotion, workflow, pipeline, target } = chosen;
      assertOpen(promotion);
      assertCanAsk(await getActing(tx, actor), workflow);
      const { fingerprint } = await review(tx, promotion, workflow, pipeline);
      const kept = (await tx.evidence.gates(promotionId)).filter((gate) => gate.fingerprint === fingerprint);
      const silent = kept.filter((gate) => isSilent(gate, target.policy.gates ?? [], tx.now));
      for (const { id } of silent) await tx.evidence.forgetGate(id);
      if (silent.length === 0)
        throw new Refusal(
          'invalid_input',
          'No gate can be asked again: each has answered, or still has time to. What a gate said stays; cancel this request and ask anew for another answer.',
        );
      await tx.audit.record(actor, {
        ...{ action: 'gate.asked_again', subject: `gates:${promotionId}` },
        ...{ workflowId: workflow.id, environmentId: target.id },
        ...{ before: silent.map(({ url, state }) => ({ url, state })), after: null },
      });
      const now = await rejudge(tx, actor, promotion, workflow, pipeline);
      const { verdicts } = await review(tx, now, workflow, pipeline);
      return decision(tx, chosen, now, true, verdicts);
    });
}

/** Whether nothing more is to be expected of it. */
function isSilent({ url, state, askedAt }: KeptGate, gates: readonly GatePolicy[], now: Date): boolean {
  if (state === 'unreachable') return true;
  const gate = gates.find((one) => one.url === url);
  return state === 'asked' && gate !== undefined && askedAt.getTime() + gate.timeout <= now.getTime();
}
