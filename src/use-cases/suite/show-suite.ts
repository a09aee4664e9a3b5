import { Refusal } from '../../domain/refusal.ts';
import { getWorkflow, tagWorkflow } from '../find-things.ts';
import type { Ports } from '../ports.ts';
import type { SuiteUseCases } from './suite-use-cases.ts';

/** The suite that a workflow has now. */
export function makeShowSuite({ reading }: Ports): SuiteUseCases['showSuite'] {
  return ({ workspaceId, workflow: word }) =>
    reading(workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, word);
      const kept = await tx.suites.newest(workflow.id);
      if (kept === null) throw noSuite(workflow.slug);
      const { number, source, fileName, name, cases, savedBy, at: savedAt } = kept;
      return { workflow: tagWorkflow(workflow), number, source, fileName, name, cases, savedBy, savedAt };
    });
}

export function noSuite(slug: string): Refusal {
  return new Refusal(
    'no_suite',
    `${slug} has no suite yet. Save one: \`towpath suite set ${slug} FILE\`, or \`/towpath suite ${slug}\`.`,
  );
}
