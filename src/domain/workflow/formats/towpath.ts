import type { Definition, Edge, Step, Trigger } from '../definition.ts';
import { isList, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { PathProblem } from '../source/check-values.ts';
import type { Format, ReadContext, Reading } from './format.ts';
import { schemaProblems } from './schema-problems.ts';
import { fillsTowpath } from './towpath-fills.ts';
import { brokenDependencies, dependencyCycle, duplicateIds, triggerProblems } from './towpath-rules.ts';
import { type RawWorkflow, workflowSchema } from './towpath-schema.ts';
import { readSteps } from './towpath-steps.ts';

/** Towpath's own format, `apiVersion: towpath/v1`, checked to the last key. */
export const towpath: Format = {
  id: 'towpath',
  title: 'Towpath workflow',
  recognizes: ({ apiVersion }) => typeof apiVersion === 'string' && apiVersion.startsWith('towpath/'),
  read,
  fills: fillsTowpath,
};

function read(document: JsonObject, context: ReadContext): Reading {
  const result = workflowSchema.safeParse(document, { reportInput: true });
  const shapeProblems = result.success ? [] : schemaProblems(result.error, workflowSchema, []);
  const rawSteps = isList(document['steps']) ? document['steps'] : [];
  const reading = readSteps(rawSteps);
  const problems: PathProblem[] = [
    ...shapeProblems,
    ...(isList(document['steps']) && rawSteps.length === 0
      ? [{ path: ['steps'], message: 'needs at least one step' }]
      : []),
    ...reading.problems,
    ...duplicateIds(reading.all),
    ...brokenDependencies(reading.all, rawSteps),
    ...(reading.problems.length === 0 ? dependencyCycle(reading.all) : []),
    ...(result.success ? triggerProblems(result.data, context) : []),
  ];
  if (problems.length > 0 || !result.success) return { problems: problems.slice(0, LIMITS.problems) };
  return { definition: definitionOf(result.data, reading.steps, document) };
}

function definitionOf(raw: RawWorkflow, steps: readonly Step[], document: JsonObject): Definition {
  const executionMode = raw.executionMode ?? 'sequential';
  return {
    format: 'towpath',
    name: raw.name,
    ...(raw.description !== undefined && { description: raw.description }),
    executionMode,
    ...(raw.inputs !== undefined && { inputs: raw.inputs }),
    ...(raw.outputs !== undefined && { outputs: raw.outputs }),
    steps,
    edges: impliedEdges(steps, executionMode),
    triggers: (raw.triggers ?? []) as readonly Trigger[],
    emits: raw.emits ?? [],
    bindings: raw.bindings ?? {},
    layout: raw.layout ?? {},
    rest: {},
    document,
  };
}

/** The arrows a picture shows: from step to step in a sequence, and from what a step depends on. */
function impliedEdges(steps: readonly Step[], executionMode: Definition['executionMode']): Edge[] {
  const edges: Edge[] = [];
  const visit = (list: readonly Step[]): void => {
    list.forEach((step, index) => {
      const before = list[index - 1];
      for (const from of step.dependsOn) edges.push({ from, to: step.id, implied: true });
      if (executionMode === 'sequential' && before !== undefined && !step.dependsOn.includes(before.id)) {
        edges.push({ from: before.id, to: step.id, implied: true });
      }
      for (const group of step.children) visit(group.steps);
    });
  };
  visit(steps);
  return edges;
}
