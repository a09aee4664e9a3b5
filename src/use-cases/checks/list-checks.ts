import { CHECK_KINDS, type CheckResult, isOwnResult } from '../../domain/check-result.ts';
import { type Environment, getEnvironment } from '../../domain/environment.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Version, Workflow } from '../../domain/version.ts';
import { getVersion, getWorkflow, tagEnvironment, tagVersion, tagWorkflow } from '../find-things.ts';
import type { AllPorts, Reading } from '../ports.ts';
import type { CheckUseCases } from './check-use-cases.ts';
import type { EnvironmentChecks } from './check-views.ts';

/** What was found out about a version, environment by environment, beside what is live there. */
export function makeListChecks({ reading }: AllPorts): CheckUseCases['listChecks'] {
  return ({ workspaceId, workflow: slug, ...asked }) =>
    reading(workspaceId, async (tx) => {
      const workflow = await getWorkflow(tx, slug);
      const pipeline = await tx.environments.pipeline();
      const named = asked.environment === undefined ? null : getEnvironment(pipeline, asked.environment);
      const version =
        asked.version === undefined
          ? await versionMeant(tx, workflow, named)
          : await getVersion(tx, workflow, asked.version);
      const environments: EnvironmentChecks[] = [];
      for (const environment of named === null ? pipeline : [named]) {
        const found = await checksIn(tx, workflow, version, environment);
        if (named !== null || found.results.length > 0) environments.push(found);
      }
      return { workflow: tagWorkflow(workflow), version: tagVersion(version), environments };
    });
}

/** What somebody asks about who names no version: what is under review there, else the newest. */
async function versionMeant(tx: Reading, workflow: Workflow, environment: Environment | null): Promise<Version> {
  const open = environment === null ? null : await tx.promotions.findOpen(workflow.id, environment.id);
  const version = open === null ? await tx.versions.newest(workflow.id) : await tx.versions.getById(open.versionId);
  if (version !== null) return version;
  throw new Refusal('unknown_version', `${workflow.slug} has no version yet. Push one with \`/towpath push\`.`);
}

async function checksIn(
  tx: Reading,
  workflow: Workflow,
  version: Version,
  environment: Environment,
): Promise<EnvironmentChecks> {
  const active = await tx.deployments.findActive(workflow.id, environment.id);
  const live = active === null || active.versionId === version.id ? null : active.versionId;
  const found = await tx.evidence.checks([version.id, ...(live === null ? [] : [live])], environment.id);
  const all = found.filter((one) => !found.some((other) => isSameReplay(one, other) && other.at > one.at));
  return {
    environment: tagEnvironment(environment),
    results: inOrder(all.filter(({ versionId }) => versionId === version.id)),
    live:
      live === null
        ? null
        : {
            version: tagVersion(await tx.versions.getById(live)),
            results: inOrder(all.filter(({ versionId }) => versionId === live)),
          },
  };
}

/** Replays beside different versions are of one name: the newest is looked at. */
function isSameReplay(one: CheckResult, other: CheckResult): boolean {
  const isOfOne = one.versionId === other.versionId && one.kind === 'shadow' && other.kind === 'shadow';
  return isOfOne && one.name === other.name && isOwnResult(one) === isOwnResult(other);
}

function inOrder<T extends CheckResult>(results: readonly T[]): T[] {
  const place = ({ kind }: CheckResult) => CHECK_KINDS.indexOf(kind);
  return [...results].sort((a, b) => place(a) - place(b) || Number(a.name > b.name) - Number(a.name < b.name));
}
