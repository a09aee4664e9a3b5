import {
  type ConfigurationProblem,
  InvalidConfigurationError,
} from '../../domain/configuration/invalid-configuration-error.ts';
import { mayMisfit } from '../../domain/settings/may-misfit.ts';
import { takenAway } from '../../domain/settings/taken-away.ts';
import { howToFill, newlyUnfilled, unfilledInWords } from '../../domain/settings/unfilled.ts';
import { versionName } from '../../domain/version.ts';
import type { Reading } from '../ports.ts';
import { fitVersion } from '../settings/fit-version.ts';
import { inForce } from '../settings/settings-in-force.ts';
import { layersBefore } from './layers-before.ts';
import type { LayerChange } from './settings-differences.ts';

const MOST_NAMED = 20;
/** Live versions that use what goes, in one environment. */
const MOST_LOOKED_AT = 5_000;

/**
 * What is live, and what runs as a canary, has to find everything that it used to find. Called when the changes are written.
 * @throws InvalidConfigurationError naming each workflow, its environment and what it lacks
 */
export async function refuseUnfilling(tx: Reading, changes: readonly LayerChange[]): Promise<void> {
  const problems = new Map<string, ConfigurationProblem>();
  for (const { environment, workflow, before, after } of changes) {
    const was = before?.settings ?? {};
    const words = [...new Set([...takenAway(was, after), ...mayMisfit(was, after)])];
    if (words.length === 0) continue;
    const live = await tx.deployments.listActiveHolding(environment.id, workflow?.id ?? null, words, MOST_LOOKED_AT);
    for (const { id, workflowId, versionId, status } of live) {
      const old = inForce(await layersBefore(tx, changes, environment.id, workflowId));
      const is = inForce(await tx.settings.current(environment.id, workflowId));
      const lacking = newlyUnfilled(
        (await fitVersion(tx, versionId, old)).problems,
        (await fitVersion(tx, versionId, is)).problems,
      );
      if (lacking.length === 0) continue;
      const { slug } = await tx.workflows.getById(workflowId);
      const version = versionName(await tx.versions.getById(versionId));
      const runs = status === 'candidate' ? 'runs there as a canary' : 'is live there';
      problems.set(id, {
        where: `environment ${environment.name}`,
        message: `${version} of ${slug} ${runs}, and with these settings ${unfilledInWords(lacking)}. ${howToFill(lacking, environment.name, slug)}`,
      });
    }
  }
  if (problems.size > 0) throw new InvalidConfigurationError([...problems.values()].slice(0, MOST_NAMED));
}
