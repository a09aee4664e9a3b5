import { getEnvironment } from '../domain/environment.ts';
import { isDue } from '../domain/promotion.ts';
import { Refusal } from '../domain/refusal.ts';
import { judgeAgainAt } from '../domain/requirements/evaluate.ts';
import { getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { WhyView } from './holds/hold-views.ts';
import type { Ports, Reading } from './ports.ts';
import { asked } from './preview-promotion.ts';
import { cardOf, propose } from './request-promotion.ts';
import { review } from './review.ts';
import type { UseCases } from './use-cases.ts';

/** Why a workflow does not go live in an environment: what its open promotion waits for, or what asking for one now would need. */
export function makeExplainPromotion({ reading }: Ports): UseCases['explainPromotion'] {
  return (request) =>
    reading(request.actor.workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, request.workflow);
      const pipeline = await tx.environments.pipeline();
      const environment = getEnvironment(pipeline, request.environment);
      const live = await tx.deployments.findActive(workflow.id, environment.id);
      const found = await tx.promotions.findOpen(workflow.id, environment.id);
      const open = found === null || isDue(found, tx.now) ? null : found;
      const proposed = open === null ? await proposedNow(tx, request) : { promotion: open, bar: null };
      const judged = proposed.promotion === null ? null : await review(tx, proposed.promotion, workflow, pipeline);
      const view: WhyView = {
        ...{ workflow: tagWorkflow(workflow), environment: tagEnvironment(environment) },
        live: live === null ? null : tagVersion(await tx.versions.getById(live.versionId)),
        promotion: null,
        version: judged && tagVersion(await tx.versions.getById(judged.facts.promotion.versionId)),
        bar: proposed.bar,
        requirements: judged?.verdicts ?? [],
        retryAt: judged && judgeAgainAt(judged.verdicts),
      };
      if (open === null) return view;
      const { id, requestedBy, requestedAt, deployAt = null } = open;
      return { ...view, promotion: { id, requestedBy, requestedAt, deployAt, card: await cardOf(tx, id) } };
    });

  async function proposedNow(tx: Reading, request: Parameters<UseCases['explainPromotion']>[0]) {
    const workflow = await getWorkflow(tx, request.workflow);
    try {
      const proposal = await propose(tx, request, workflow, () => tx.environments.pipeline());
      return { promotion: asked(proposal, tx.now), bar: null };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { promotion: null, bar: error.userMessage };
    }
  }
}
