import { Refusal } from '../../domain/refusal.ts';
import { hashToken } from '../../domain/token.ts';
import type { CheckUseCases } from '../checks/check-use-cases.ts';
import type { AllPorts } from '../ports.ts';

/** A gate says yes or no, once: what it said stays. Whoever repeats it is told the same. */
export function makeAnswerGate({ inTransaction, documents }: AllPorts): CheckUseCases['answerGate'] {
  return async ({ workspaceId, token, state, detail }) => {
    const [masked] = detail === undefined ? [] : await documents.mask([JSON.stringify(oneLine(detail))]);
    const said = masked == null ? {} : { detail: String(JSON.parse(masked)) };
    return inTransaction(workspaceId, async (tx) => {
      const gate = await tx.evidence.findGate(hashToken(token));
      if (gate === null)
        throw new Refusal(
          'unknown_promotion',
          'Nothing was asked by that token. Answer with the one that the question came with.',
        );
      if (gate.state === state) return { changed: false };
      const promotion = await tx.promotions.find(gate.promotionId);
      if (promotion?.status !== 'open' || !(await tx.evidence.answerGate(gate.id, { state, ...said })))
        throw new Refusal(
          'already_decided',
          promotion?.status === 'open'
            ? `This was answered before: ${gate.state}. What was said stays.`
            : 'The promotion is not open any more, so the answer changes nothing.',
        );
      await tx.audit.record(
        { workspaceId, userId: 'api', via: 'api' },
        {
          ...{ action: `gate.${state}`, subject: `gate:${gate.id}` },
          ...{ workflowId: promotion.workflowId, environmentId: promotion.targetEnvironmentId },
          ...{
            before: { url: gate.url, state: gate.state },
            after: { promotionId: gate.promotionId, url: gate.url, state, ...said },
          },
        },
      );
      await tx.promotions.markForJudging({ promotionId: gate.promotionId });
      return { changed: true };
    });
  };
}

function oneLine(text: string): string {
  return text
    .slice(0, 500)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed();
}
