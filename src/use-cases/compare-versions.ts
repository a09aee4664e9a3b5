import { blocksView } from '../domain/diff/blocks-view.ts';
import { codeView } from '../domain/diff/code-view.ts';
import { environmentsMatching } from '../domain/environment.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Version, Workflow } from '../domain/version.ts';
import { compareContents, summaryOf } from './compare.ts';
import { getVersion, getWorkflow, namesEnvironment, tagVersion, tagWorkflow } from './find-things.ts';
import type { Ports, Reading } from './ports.ts';
import type { UseCases } from './use-cases.ts';
import type { DiffView } from './views.ts';

/** Changes that a comparison lists at most. */
const MOST_CHANGES = 1000;
/** Characters of the code view at most. */
const MOST_CODE = 60_000;

/** `/towpath diff W A B`: each a version or an environment, as typed. */
export function makeCompareVersions({ reading }: Ports): UseCases['compareVersions'] {
  return ({ actor, workflow: slug, from, to }) =>
    reading(actor.workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, slug);
      return describeDiff(tx, workflow, await versionOrLive(tx, workflow, from), await versionOrLive(tx, workflow, to));
    });
}

/** What a promotion changes: against what is live in its target, or what it replaced there. */
export function makeComparePromotion({ reading }: Ports): UseCases['comparePromotion'] {
  return ({ actor, promotionId }) =>
    reading(actor.workspaceId, async (tx) => {
      const promotion = await tx.promotions.find(promotionId);
      if (promotion === null)
        throw new Refusal(
          'unknown_promotion',
          'That promotion is not known here. `/towpath status` lists what is open.',
        );
      const workflow = await tx.workflows.getById(promotion.workflowId);
      const deployment = await tx.deployments.findByPromotion(promotion.id);
      const live = await tx.deployments.findActive(workflow.id, promotion.targetEnvironmentId);
      const replaced = deployment?.replacesId == null ? null : await tx.deployments.getById(deployment.replacesId);
      const baseline = deployment === null ? live : replaced;
      const before = baseline === null ? null : await tx.versions.getById(baseline.versionId);
      return describeDiff(tx, workflow, before, await tx.versions.getById(promotion.versionId));
    });
}

/** A word that is a version or label goes before one that only begins like an environment. */
async function versionOrLive(tx: Reading, workflow: Workflow, word: string): Promise<Version> {
  const pipeline = await tx.environments.pipeline();
  const matches = environmentsMatching(pipeline, word);
  const [environment] = matches;
  const isVersion = !namesEnvironment(pipeline, word) && (await isKnown(tx, workflow, word));
  if (environment === undefined || matches.length > 1 || isVersion) return getVersion(tx, workflow, word);
  const live = await tx.deployments.findActive(workflow.id, environment.id);
  if (live === null)
    throw new Refusal(
      'nothing_active',
      `Nothing of ${workflow.slug} is live in ${environment.name}. Name a version instead.`,
    );
  return tx.versions.getById(live.versionId);
}

async function isKnown(tx: Reading, workflow: Workflow, word: string): Promise<boolean> {
  return getVersion(tx, workflow, word).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refusal) return false;
      throw error;
    },
  );
}

async function describeDiff(tx: Reading, workflow: Workflow, from: Version | null, to: Version): Promise<DiffView> {
  const { before, after, diff } = await compareContents(tx, from?.id ?? null, to.id);
  return {
    workflow: tagWorkflow(workflow),
    from: from === null ? null : tagVersion(from),
    to: tagVersion(to),
    summary: summaryOf(diff),
    changes: diff.changes
      .slice(0, MOST_CHANGES)
      .map(({ class: kindOf, kind, path, sentence, before: was, after: is }) => ({
        class: kindOf,
        kind,
        path,
        sentence,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      })),
    blocks: blocksView(before, after, diff),
    code: codeView(before, after, diff, { maxChars: MOST_CODE }),
  };
}
