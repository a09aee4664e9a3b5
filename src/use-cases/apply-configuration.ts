import type { Actor } from '../domain/actor.ts';
import type { TowpathConfiguration } from '../domain/configuration/configuration.ts';
import type { FileTurn } from '../domain/configuration/file-turn.ts';
import type { Pipeline } from '../domain/environment.ts';
import { type Difference, environmentDifferences, settingsDifference } from './configuration/differences.ts';
import { judgeConcerned, lockOpenPromotions } from './configuration/judge-concerned.ts';
import { refuseBreakingPipeline } from './configuration/refuse-breaking-pipeline.ts';
import { refuseUnfilling } from './configuration/refuse-unfilling.ts';
import { saveLayers } from './configuration/save-layers.ts';
import { missingWorkflows, settingsDifferences } from './configuration/settings-differences.ts';
import { settleProposals } from './configuration/settle-proposals.ts';
import { takeTurn } from './configuration/take-turn.ts';
import { tellEnvironments } from './configuration/tell-environments.ts';
import type { Assignment, Ports, Transaction } from './ports.ts';

export interface ConfigurationRequest {
  /** As Slack calls it, and this app in it. */
  workspace: { id: string; name: string; botUserId: string };
  configuration: TowpathConfiguration;
  /** Slack user ids of TOWPATH_ADMINS: admins whatever the file says of them. */
  admins: readonly string[];
  /** Applies it though another file was applied after it. */
  force?: boolean;
}

/** What a start did with its configuration. */
export interface AppliedConfiguration {
  /** What differed: `settings`, `environment:NAME`, `settings:NAME` and `settings:NAME/WORKFLOW`. */
  subjects: string[];
  /** Superseded: nothing was applied, and the workspace is as the newest one and its people left it. */
  turn: FileTurn;
  /** Slugs that it gives settings to and that nobody pushed yet. */
  missingWorkflows: string[];
}
export type ApplyConfiguration = (request: ConfigurationRequest) => Promise<AppliedConfiguration>;

/**
 * Makes a workspace what its configuration says, in one transaction, and creates it at its first start. Where nothing differs
 * nothing is written; what differs is audited. Open promotions whose policy, settings or approvers moved are judged again, and so
 * are proposed changes of settings where an environment asks for other approvals.
 *
 * A configuration that another one followed already is not applied, unless it is forced. The returned function throws an
 * InvalidConfigurationError naming what is live or under review where a new pipeline would break it, or where what is live would
 * no longer find all that it uses.
 */
export function makeApplyConfiguration({ inTransaction }: Pick<Ports, 'inTransaction'>): ApplyConfiguration {
  return ({ workspace, configuration, admins, force = false }) =>
    inTransaction(workspace.id, async (tx) => {
      // Locks in the order of every act: workflows, environments, and the workspace's row, which lets processes that start at once
      // apply their configurations one after the other.
      await lockOpenPromotions(tx);
      await tx.environments.pipelineHeld();
      await tx.workspace.ensure(workspace, []);
      const turn = await takeTurn(tx, configuration, force);
      if (turn.kind === 'superseded') return { subjects: [], turn, missingWorkflows: [] };
      const missing = await missingWorkflows(tx, configuration.settings);
      const people = withAdmins(configuration.people, admins);
      const pipeline = await tx.environments.pipeline();
      const environments = environmentDifferences(pipeline, configuration.environments);
      const settings = await settingsDifference(tx, configuration, people);
      const differences = settings === null ? environments : [...environments, settings];
      const layers = await settingsDifferences(tx, pipeline, configuration.settings);
      const isSame = differences.length === 0 && layers.length === 0;
      const actor: Actor = { workspaceId: workspace.id, userId: 'file', via: 'file' };
      const subjects = isSame ? [] : await apply(tx, actor, { configuration, people, pipeline, differences });
      return { subjects, turn, missingWorkflows: missing };
    });
}

interface Change {
  configuration: TowpathConfiguration;
  people: ReadonlyMap<string, Assignment>;
  /** As it was. */
  pipeline: Pipeline;
  differences: readonly Difference[];
}

async function apply(
  tx: Transaction,
  actor: Actor,
  { configuration, people, pipeline, differences }: Change,
): Promise<string[]> {
  const movesPipeline = differences.some(({ environment }) => environment !== undefined);
  if (movesPipeline) await tx.environments.replace(configuration.environments);
  // Every act holds the pipeline as it is, so since it is held nothing opens or goes live: what did until then is found now. Its
  // workflow is locked out of turn: a deadlock is possible, ends in a repetition, and starts are rare.
  const open = await lockOpenPromotions(tx);
  if (movesPipeline) await refuseBreakingPipeline(tx, pipeline, configuration.environments);
  // Asked again: others may have changed settings until the environments were held, and new environments are there by now.
  const layers = await settingsDifferences(tx, await tx.environments.pipeline(), configuration.settings);
  if (differences.some(({ environment }) => environment === undefined)) {
    const { departments, defaultRole } = configuration;
    await tx.workspace.saveSettings({ departments, defaultRole });
    await tx.people.replaceFileAssignments(people);
  }
  await audit(tx, actor, pipeline, differences);
  if (movesPipeline) await tellEnvironments(tx, pipeline);
  const saved = await saveLayers(tx, actor, layers);
  await refuseUnfilling(tx, layers);
  // Before promotions, which may have waited for just these.
  await settleProposals(tx, actor, open, pipeline);
  await judgeConcerned(tx, actor, open, pipeline, layers);
  return [...differences.map(({ subject }) => subject), ...saved];
}

function withAdmins(people: ReadonlyMap<string, Assignment>, admins: readonly string[]): Map<string, Assignment> {
  return new Map([
    ...people,
    ...admins.map((userId): [string, Assignment] => [userId, { role: 'admin', departments: [] }]),
  ]);
}

async function audit(
  tx: Transaction,
  actor: Actor,
  before: Pipeline,
  differences: readonly Difference[],
): Promise<void> {
  const known = [...before, ...(await tx.environments.pipeline())];
  for (const { environment, ...difference } of differences) {
    const id = known.find(({ name }) => name === environment)?.id;
    await tx.audit.record(actor, {
      action: 'settings.changed',
      ...difference,
      ...(id === undefined ? {} : { environmentId: id }),
    });
  }
}
