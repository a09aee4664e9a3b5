import type { Pipeline } from '../../domain/environment.ts';
import { isDue } from '../../domain/promotion.ts';
import { allMet } from '../../domain/requirements/evaluate.ts';
import type { Workflow } from '../../domain/version.ts';
import { tagVersion } from '../find-things.ts';
import type { Reading } from '../ports.ts';
import { review } from '../review.ts';
import type { RolloutView } from '../views.ts';

/** What has all that it needs but the end of a canary: aborting the canary deploys it in the same act (rule 6). */
export async function waitsForEnd(
  tx: Reading,
  workflow: Workflow,
  environmentId: string,
  pipeline: Pipeline,
): Promise<RolloutView['waiting']> {
  const open = await tx.promotions.findOpen(workflow.id, environmentId);
  if (open === null || isDue(open, tx.now)) return null;
  const { verdicts } = await review(tx, open, workflow, pipeline);
  if (!allMet(verdicts.filter(({ kind }) => kind !== 'rollout'))) return null;
  return { version: tagVersion(await tx.versions.getById(open.versionId)), canary: open.canary };
}
