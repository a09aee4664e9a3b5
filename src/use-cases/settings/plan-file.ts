import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Actor } from '../../domain/actor.ts';
import type { TowpathConfiguration } from '../../domain/configuration/configuration.ts';
import { fileContent, operatorDifferences, withoutOperators } from '../../domain/configuration/file-content.ts';
import { assertCanChangeSettings } from '../../domain/permissions.ts';
import type { Person } from '../../domain/person.ts';
import { policyFor } from '../../domain/policy/policy-for.ts';
import { Refusal } from '../../domain/refusal.ts';
import { describeSettingsChange } from '../../domain/settings/diff-settings.ts';
import { keepManaged, refuseManaged, sameSettings } from '../../domain/settings/proposal.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { getPersonBehind, tagEnvironment, tagWorkflow } from '../find-things.ts';
import type { Reading } from '../ports.ts';
import { departmentOf } from './describe-proposal.ts';
import type { FileLayerView, FilePlanView } from './file-views.ts';
import { type LayerNow, layerInWords } from './held-layer.ts';
import { refuseOtherProposal, refuseUnreadable } from './open-change.ts';
import { refuseUnfilledBy } from './refuse-unfilled-by.ts';

/** More is a file for a start: each layer is looked at by itself. */
const MOST_LAYERS = 200;
const MOST_LISTED = 50;

/** One layer that a file names. */
export interface PlannedLayer extends LayerNow {
  /** The whole layer as the file and what it does not name would have it. */
  wanted: Settings;
  outcome: 'unchanged' | 'applies' | 'needs_approval' | 'refused';
  refusal: Refusal | null;
}

/** What a file means for the settings that are in force, and where only a start would apply it. */
export interface FilePlan {
  layers: PlannedLayer[];
  operators: string[];
  missing: { environment: string; workflow: string }[];
}

/**
 * Compares a file with the settings that are in force. Of each layer that it names, the fields that it names become as it says;
 * all others stay.
 * @throws Refusal too_many, and whatever keeps this person from anything at all
 */
export async function planFile(tx: Reading, actor: Actor, configuration: TowpathConfiguration): Promise<FilePlan> {
  const person = await getPersonBehind(tx, actor);
  const { layers: named, missing } = await namedLayers(tx, configuration);
  const layers: PlannedLayer[] = [];
  for (const layer of named) layers.push(await judge(tx, person, layer));
  const applied = await tx.configurationFile.content();
  const given = fileContent(configuration).operators;
  return { layers, missing, operators: applied === null ? [] : operatorDifferences(applied.operators, given) };
}

/** Says what the plan is, so that what was shown and what is done are one. */
export function planName({ layers }: FilePlan): string {
  const said = layers.map(({ environment, workflow, before, wanted, outcome }) => {
    return [environment.id, workflow?.id ?? null, before?.number ?? 0, wanted, outcome];
  });
  return createHash('sha256')
    .update(String(canonicalize(said)))
    .digest('hex')
    .slice(0, 32);
}

export function describePlan(plan: FilePlan): FilePlanView {
  const { operators, missing } = plan;
  return {
    plan: planName(plan),
    applied: false,
    layers: plan.layers.map(describeLayer),
    operators: { places: operators.slice(0, MOST_LISTED), more: Math.max(0, operators.length - MOST_LISTED) },
    missing: { workflows: missing.slice(0, MOST_LISTED), more: Math.max(0, missing.length - MOST_LISTED) },
  };
}

function describeLayer({ environment, workflow, before, wanted, outcome, refusal }: PlannedLayer): FileLayerView {
  return {
    environment: tagEnvironment(environment),
    workflow: workflow === null ? null : tagWorkflow(workflow),
    outcome,
    sentences: describeSettingsChange(before?.settings ?? {}, wanted),
    refusal: refusal === null ? null : { code: refusal.code, message: refusal.userMessage },
    number: before?.number ?? 0,
    proposal: null,
  };
}

type NamedLayer = LayerNow & { fields: Settings };

/** In the pipeline's order, each environment's own first. Those of an environment that is not there are the operator's. */
async function namedLayers(
  tx: Reading,
  { settings }: TowpathConfiguration,
): Promise<{ layers: NamedLayer[]; missing: FilePlan['missing'] }> {
  const layers: NamedLayer[] = [];
  const missing: FilePlan['missing'] = [];
  for (const environment of await tx.environments.pipeline()) {
    const { own, workflows } = settings.get(environment.name) ?? { own: {}, workflows: new Map<string, Settings>() };
    for (const [slug, named] of [[null, own] as const, ...workflows]) {
      const fields = withoutOperators(named);
      if (Object.keys(fields).length === 0) continue;
      if (layers.length >= MOST_LAYERS) throw tooMany();
      const workflow = slug === null ? null : await tx.workflows.find(slug);
      if (slug !== null && workflow === null) {
        missing.push({ environment: environment.name, workflow: slug });
        continue;
      }
      const before = await tx.settings.layer(environment.id, workflow?.id ?? null);
      layers.push({ environment, workflow, before, fields });
    }
  }
  return { layers, missing };
}

function tooMany(): Refusal {
  return new Refusal(
    'too_many',
    `The file gives more than ${MOST_LAYERS} environments and workflows settings, which is more than is changed at once. Split it, or have it applied at a start.`,
  );
}

/** What would become of the layer by itself. */
async function judge(tx: Reading, person: Person, { fields, ...layer }: NamedLayer): Promise<PlannedLayer> {
  const { environment, workflow, before } = layer;
  const now = before?.settings ?? {};
  const wanted = keepManaged(before, { ...now, ...fields });
  const planned = { ...layer, wanted, refusal: null };
  try {
    refuseManaged(before, fields, layerInWords(layer));
    if (sameSettings(now, wanted)) return { ...planned, outcome: 'unchanged' };
    assertCanChangeSettings(person, workflow, environment);
    refuseUnreadable(layer, wanted);
    await refuseOtherProposal(tx, layer, { requestedBy: person.userId, settings: wanted });
    await refuseUnfilledBy(tx, layer, wanted);
  } catch (error) {
    // That nothing can be read just now says nothing of the layer.
    if (!(error instanceof Refusal) || error.code === 'unavailable') throw error;
    return { ...planned, wanted: { ...now, ...fields }, outcome: 'refused', refusal: error };
  }
  const { approvals } = policyFor(environment, departmentOf(workflow));
  return { ...planned, outcome: approvals.length === 0 ? 'applies' : 'needs_approval' };
}
