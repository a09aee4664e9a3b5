import { assertCanPush } from '../../domain/permissions.ts';
import { keepReason } from '../decide.ts';
import { getActing, getWorkflowLocked, tagWorkflow } from '../find-things.ts';
import type { AllPorts, SuiteRevision, TakenSuite, Transaction } from '../ports.ts';
import type { SuiteUseCases } from './suite-use-cases.ts';

type Asked = Parameters<SuiteUseCases['saveSuite']>[0];

/** Keeps a suite. It is read and its secrets are masked before the transaction begins, so that nobody waits for that. */
export function makeSaveSuite({ inTransaction, documents }: AllPorts): SuiteUseCases['saveSuite'] {
  return async (asked) => {
    const { source, fileName } = asked;
    const taken = await documents.takeSuite({ source, ...(fileName !== undefined && { fileName }) });
    return inTransaction(asked.actor.workspaceId, async (tx) => {
      const workflow = await getWorkflowLocked(tx, asked.workflow);
      assertCanPush(await getActing(tx, asked.actor), workflow);
      const before = await tx.suites.newestTag(workflow.id);
      const isKnown = before?.contentHash === taken.contentHash;
      const kept = isKnown ? before : await keep(tx, asked, workflow.id, taken, before);
      return {
        ...{ workflow: tagWorkflow(workflow), number: kept.number, created: !isKnown, name: kept.name },
        ...{ cases: kept.cases, masked: { secrets: taken.masked, more: taken.moreMasked } },
      };
    });
  };
}

type Tag = Omit<SuiteRevision, 'source'>;

async function keep(
  tx: Transaction,
  { actor, fileName }: Asked,
  workflowId: string,
  { source, name, cases, contentHash }: TakenSuite,
  before: Tag | null,
): Promise<Tag> {
  const { source: _source, ...after } = await tx.suites.save({
    ...{ workflowId, source, name, cases, contentHash },
    fileName: keepReason(fileName, 500),
    savedBy: actor.userId,
    via: actor.via,
  });
  const subject = `suite:${after.id}`;
  await tx.audit.record(actor, { action: 'suite.saved', subject, workflowId, before, after });
  // Those that wait for its results have it run.
  await tx.promotions.markForJudging({ scope: { workflowId, environmentId: null } });
  return after;
}
