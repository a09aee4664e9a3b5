import { type CheckCase, figuresOfReport } from '../../domain/check-report.ts';
import { getEnvironment } from '../../domain/environment.ts';
import { assertCanReport } from '../../domain/permissions.ts';
import type { CheckFigures } from '../../domain/suite/check-figures.ts';
import { getActing, getVersion, getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from '../find-things.ts';
import type { AllPorts, Documents, KeptCheck } from '../ports.ts';
import type { CheckUseCases, GivenReport } from './check-use-cases.ts';
import { type MaskedReport, maskReport } from './mask-report.ts';

/**
 * Keeps what was found out about a version elsewhere. It is read and its secrets are masked before the transaction, so that no connection
 * waits for it; the promotions that it concerns are judged by the clock's next tick, at most once a second.
 */
export function makeRecordCheck({ inTransaction, documents }: AllPorts): CheckUseCases['recordCheck'] {
  return async ({ actor, report, ...asked }) => {
    const { figures, cases } = await readReport(report, documents);
    return inTransaction(actor.workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, asked.workflow);
      assertCanReport(await getActing(tx, actor), workflow);
      const version = await getVersion(tx, workflow, asked.version);
      const environment = getEnvironment(await tx.environments.pipeline(), asked.environment);
      const place = { versionId: version.id, environmentId: environment.id };
      const results: KeptCheck[] = [];
      for (const [index, one] of figures.entries()) {
        const isOwn = index === 0 && cases.length > 0;
        const by = actor.token?.name === undefined ? actor.userId : `token:${actor.token.name}`;
        results.push(await tx.evidence.recordCheck({ ...one, ...place, at: tx.now, by, ...(isOwn && { cases }) }));
      }
      await tx.audit.record(actor, {
        ...{ action: 'check.recorded', subject: `version:${version.id}` },
        ...{ workflowId: workflow.id, environmentId: environment.id, before: null, after: results },
      });
      await tx.promotions.markForJudging(place);
      return {
        ...{ workflow: tagWorkflow(workflow), version: tagVersion(version), environment: tagEnvironment(environment) },
        results,
      };
    });
  };
}

/** @throws Refusal, InvalidDefinitionError */
async function readReport(report: GivenReport, documents: Documents): Promise<MaskedReport> {
  if ('own' in report) return maskReport(figuresOfReport(report.own), report.own.cases ?? [], documents);
  const { file, name } = report;
  const read = await documents.figures(file);
  return maskReport(name === undefined ? read : named(read, name), NO_CASES, documents);
}

const NO_CASES: readonly CheckCase[] = [];

/** Scales keep their names: the policy asks for them by these. */
function named(figures: readonly CheckFigures[], name: string): CheckFigures[] {
  return figures.map((one) => (one.kind === 'quality' ? one : { ...one, name }));
}
