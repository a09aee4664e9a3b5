import type { Environment } from '../../domain/environment.ts';
import { howToFill, unfilledInWords } from '../../domain/settings/unfilled.ts';
import { UnfilledRefusal } from '../../domain/settings/unfilled-refusal.ts';
import { type Version, versionName, type Workflow } from '../../domain/version.ts';
import type { Reading } from '../ports.ts';
import { fitVersion } from './fit-version.ts';
import { settingsInForce } from './settings-in-force.ts';

/**
 * What goes to an environment has to find there every name that it uses and, unless it is the first one, a secret for everything
 * that was masked: with a mask it can be looked at there, and is handed out to nobody. A rollback is never asked this.
 * @throws UnfilledRefusal naming all that is missing and what to write where
 */
export async function refuseUnfilled(
  tx: Reading,
  workflow: Workflow,
  version: Version,
  environment: Environment,
): Promise<void> {
  const fit = await fitVersion(tx, version.id, await settingsInForce(tx, environment.id, workflow.id));
  const problems = fit.problems.filter(({ kind }) => kind !== 'masked' || environment.rank > 0);
  if (problems.length === 0) return;
  throw new UnfilledRefusal(
    `${versionName(version)} of ${workflow.slug} can't go to ${environment.name} yet: ${unfilledInWords(problems)}. ${howToFill(problems, environment.name, workflow.slug)}`.trim(),
    problems,
  );
}
