import type { Actor } from '../../domain/actor.ts';
import type { TowpathConfiguration } from '../../domain/configuration/configuration.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Ports, Transaction } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import type { FileLayerView } from './file-views.ts';
import { holdNamed } from './held-layer.ts';
import { openChange } from './open-change.ts';
import { describePlan, type FilePlan, type PlannedLayer, planFile, planName } from './plan-file.ts';

/** Promotions whose workflows are held; as many as any act holds. */
const MOST_OPEN = 1000;
/** Reasons that one refusal tells. */
const MOST_TOLD = 5;

/**
 * Brings the settings of a `towpath.yaml` into force: at once where an environment asks for no approval, as proposals where it
 * does. All of it in one transaction, so that a file is applied or not. What else stands in the file is the operator's, and only
 * named.
 */
export function makeApplyFile({ inTransaction, reading }: Ports): UseCases['applyFile'] {
  return ({ actor, configuration, dryRun, plan: shown, reason }) => {
    if (dryRun) return reading(actor.workspaceId, async (tx) => describePlan(await planFile(tx, actor, configuration)));
    return inTransaction(actor.workspaceId, async (tx) => {
      await holdAll(tx, configuration);
      const plan = await planFile(tx, actor, configuration);
      refuseMoved(plan, shown);
      refuseRefused(plan);
      const view = describePlan(plan);
      const layers = [];
      for (const [index, layer] of plan.layers.entries())
        layers.push({ ...view.layers[index], ...(await change(tx, actor, layer, reason)) } as FileLayerView);
      return { ...view, applied: true, layers };
    });
  };
}

async function change(
  tx: Transaction,
  actor: Actor,
  { environment, workflow, wanted, outcome }: PlannedLayer,
  reason: string | undefined,
): Promise<Partial<FileLayerView>> {
  if (outcome === 'unchanged') return {};
  const named = { environment: environment.name, ...(workflow === null ? {} : { workflow: workflow.slug }) };
  const held = await holdNamed(tx, actor, named);
  const result = await openChange(tx, actor, held, {
    settings: wanted,
    ...{ restores: null, reason, originChannel: undefined },
  });
  const { kind } = result;
  if (kind === 'unchanged') return { outcome: kind, number: result.number };
  return { outcome: kind, proposal: result.proposal, ...(kind === 'applied' && { number: result.number }) };
}

/** Workflows first and the environments then, each in one order, as every act does; each layer's own locks come to nothing new. */
async function holdAll(tx: Transaction, { settings }: TowpathConfiguration): Promise<void> {
  const pipeline = await tx.environments.pipeline();
  const concerned = new Set(pipeline.flatMap(({ id, name }) => (settings.has(name) ? [id] : [])));
  const slugs = new Set([...settings.values()].flatMap(({ workflows }) => [...workflows.keys()]));
  const ids = new Set<string>();
  for (const slug of slugs) {
    const workflow = await tx.workflows.find(slug);
    if (workflow !== null) ids.add(workflow.id);
  }
  for (const { targetEnvironmentId, workflowId } of await tx.promotions.listAllOpen(MOST_OPEN))
    if (concerned.has(targetEnvironmentId)) ids.add(workflowId);
  for (const id of [...ids].sort()) await tx.workflows.getByIdLocked(id);
  await tx.environments.pipelineHeld();
}

/** @throws Refusal moved_on */
function refuseMoved(plan: FilePlan, shown: string | undefined): void {
  if (shown === undefined || shown === planName(plan)) return;
  throw new Refusal(
    'moved_on',
    'The file would do something else by now than was shown: settings, or what asks for approval, changed meanwhile. Look at the plan again.',
  );
}

/** @throws Refusal the first one’s code, with everybody’s reasons */
function refuseRefused({ layers }: FilePlan): void {
  const refused = layers.flatMap(({ refusal }) => (refusal === null ? [] : [refusal]));
  const [first] = refused;
  if (first === undefined) return;
  const told = [...new Set(refused.map(({ userMessage }) => userMessage))];
  const more = told.length > MOST_TOLD ? ` There are ${told.length - MOST_TOLD} more reasons.` : '';
  throw new Refusal(first.code, `Nothing was applied. ${told.slice(0, MOST_TOLD).join(' ')}${more}`);
}
