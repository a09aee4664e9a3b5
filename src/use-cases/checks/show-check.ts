import { Refusal } from '../../domain/refusal.ts';
import { tagEnvironment, tagVersion, tagWorkflow } from '../find-things.ts';
import type { AllPorts } from '../ports.ts';
import type { CheckUseCases } from './check-use-cases.ts';
import { readCases } from './read-cases.ts';

/** One result with its cases. */
export function makeShowCheck({ reading }: AllPorts): CheckUseCases['showCheck'] {
  return ({ workspaceId, id }) =>
    reading(workspaceId, async (tx) => {
      const result = await tx.evidence.findCheck(id);
      if (result === null)
        throw new Refusal(
          'unknown_check',
          'There is no such result any more: of each kind and name the newest 50 are kept. `/towpath checks` lists them.',
        );
      const version = await tx.versions.getById(result.versionId);
      return {
        result,
        workflow: tagWorkflow(await tx.workflows.getById(version.workflowId)),
        version: tagVersion(version),
        environment: tagEnvironment(await tx.environments.get(result.environmentId)),
        cases: readCases(await tx.evidence.cases(id)),
      };
    });
}
