import type { Actor } from '../../domain/actor.ts';
import { type Environment, getEnvironment, type Pipeline } from '../../domain/environment.ts';
import { assertCanTest } from '../../domain/permissions.ts';
import { environmentFor } from '../../domain/policy/policy-for.ts';
import { USUAL_SHADOW } from '../../domain/policy/shadow-policy.ts';
import { Refusal } from '../../domain/refusal.ts';
import { budgetOf } from '../../domain/suite/runs-by-itself.ts';
import { isUnderWay, type SuiteRunKind } from '../../domain/suite/suite-run.ts';
import { whyNotRunnable } from '../../domain/suite/why-not-runnable.ts';
import { type Version, versionName, type Workflow } from '../../domain/version.ts';
import { getActing, getVersion, getWorkflowLocked } from '../find-things.ts';
import { workflowFacts } from '../gather-facts.ts';
import type { Ports, SuiteRunRecord, Transaction } from '../ports.ts';
import { settingsInForce } from '../settings/settings-in-force.ts';
import { askForRun, type RunWanted } from './ask-for-run.ts';
import { noSuite } from './show-suite.ts';
import { viewRun } from './show-suite-run.ts';
import type { SuiteUseCases } from './suite-use-cases.ts';

interface Tested {
  workflow: Workflow;
  environment: Environment;
  version: Version;
  /** That proposes this very version there. */
  promotionId: string | null;
}

/** What tells one run of a version from another. */
type What = Pick<RunWanted, 'kind' | 'name' | 'suite' | 'liveVersionId' | 'total'>;

/** Has a suite run, or inputs replayed, because somebody asks for it. What is under way already is shown instead. */
export function makeTestVersion({ inTransaction }: Ports): SuiteUseCases['testVersion'] {
  return ({ actor, kind = 'suite', ...asked }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const workflow = await getWorkflowLocked(tx, asked.workflow);
      const pipeline = await tx.environments.pipeline();
      const environment = environmentFor(environmentAsked(pipeline, asked.environment), workflow);
      const tested = { workflow, environment, ...(await versionAsked(tx, workflow, environment, asked.version)) };
      const facts = await workflowFacts(tx, workflow, environment, tested.version.id);
      assertCanTest(await getActing(tx, actor), facts, environment);
      const what = kind === 'suite' ? await suiteOf(tx, workflow) : await replayOf(tx, tested);
      const { run, already } = await ask(tx, actor, tested, what);
      return { ...(await viewRun(tx, run)), already };
    });
}

function environmentAsked(pipeline: Pipeline, word: string | undefined): Environment {
  const [first] = pipeline;
  if (word !== undefined || first === undefined) return getEnvironment(pipeline, word ?? '');
  return first;
}

/** What is under review there, unless a version is named: that is what somebody wants to know of. */
async function versionAsked(
  tx: Transaction,
  workflow: Workflow,
  environment: Environment,
  word: string | undefined,
): Promise<Pick<Tested, 'version' | 'promotionId'>> {
  const open = await tx.promotions.findOpen(workflow.id, environment.id);
  const named = word === undefined ? null : await getVersion(tx, workflow, word);
  const proposed = open === null ? null : await tx.versions.getById(open.versionId);
  const version = named ?? proposed ?? (await tx.versions.newest(workflow.id));
  if (version === null)
    throw new Refusal('unknown_version', `${workflow.slug} has no version yet. Push one first: \`towpath push FILE\`.`);
  return { version, promotionId: open?.versionId === version.id ? open.id : null };
}

/** @throws Refusal no_suite */
async function suiteOf(tx: Transaction, { id, slug }: Workflow): Promise<What> {
  const suite = await tx.suites.newestTag(id);
  if (suite === null) throw noSuite(slug);
  return { kind: 'suite', name: suite.name, suite: suite.number, liveVersionId: null, total: suite.cases };
}

/** @throws Refusal nothing_active, already_active */
async function replayOf(tx: Transaction, { workflow, environment, version }: Tested): Promise<What> {
  const live = await tx.deployments.findActive(workflow.id, environment.id);
  const where = `${workflow.slug} in ${environment.name}`;
  if (live === null)
    throw new Refusal('nothing_active', `Nothing of ${where} is live, so there is nothing to compare with.`);
  if (live.versionId === version.id)
    throw new Refusal(
      'already_active',
      `${versionName(version)} is what is live of ${where}, so there is nothing to compare it with. Name another version.`,
    );
  const total = environment.policy.shadow?.sample ?? USUAL_SHADOW.sample;
  return { kind: 'shadow', name: 'shadow', suite: null, liveVersionId: live.versionId, total };
}

async function ask(
  tx: Transaction,
  actor: Actor,
  { workflow, environment, version, promotionId }: Tested,
  what: What,
): Promise<{ run: SuiteRunRecord; already: boolean }> {
  const { kind, suite, liveVersionId } = what;
  const place = { versionId: version.id, environmentId: environment.id };
  const last = await tx.suites.newestRun({
    ...{ kind, ...place },
    ...(suite !== null && { suite }),
    ...(liveVersionId !== null && { liveVersionId }),
  });
  if (last !== null && isUnderWay(last.state)) return { run: last, already: true };
  await refuseUnrunnable(tx, workflow, environment, kind);
  const budget = budgetOf(environment.policy);
  const run = await askForRun(tx, actor, { ...what, ...place, workflowId: workflow.id, promotionId, budget });
  await tx.audit.record(actor, {
    ...{ action: 'suite.asked', subject: `version:${version.id}`, workflowId: workflow.id },
    ...{ environmentId: environment.id, before: null, after: { run: run.id, kind, suite } },
  });
  await tx.promotions.markForJudging(place);
  return { run, already: false };
}

async function refuseUnrunnable(
  tx: Transaction,
  workflow: Workflow,
  { id, name }: Environment,
  kind: SuiteRunKind,
): Promise<void> {
  const { effective } = await settingsInForce(tx, id, workflow.id);
  const { registered } = await tx.executions.agents(id);
  const why = whyNotRunnable(effective, name, registered > 0, kind);
  if (why !== null) throw new Refusal('no_runner', why);
}
