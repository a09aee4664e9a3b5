import type { Environment } from '../../domain/environment.ts';
import type { Workflow } from '../../domain/version.ts';
import type { Reading } from '../ports.ts';
import type { PossibleSteps } from '../views.ts';
import { firstScheduled } from './why-no-canary.ts';

/** What a change of the share would be refused for is not offered. @param versionIds the candidate's and the active one's */
export async function possibleSteps(
  tx: Reading,
  workflow: Workflow,
  environment: Environment,
  versionIds: readonly [candidate: string, active: string],
): Promise<PossibleSteps> {
  if ((await tx.versions.quarantined([workflow.id])).has(versionIds[0])) return 'none';
  return (await firstScheduled(tx, environment, versionIds)) === null ? 'all' : 'whole';
}
