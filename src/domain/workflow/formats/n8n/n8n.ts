import type { Definition, Step } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { LIMITS } from '../../limits.ts';
import { idAt, objectsAt, present, without } from '../fields.ts';
import type { Format, Reading } from '../format.ts';
import { objectAt, textAt } from '../lenient.ts';
import { makeStepIds } from '../step-ids.ts';
import { type ConnectedNode, readConnections } from './connections.ts';
import { isNote, shortType } from './node-types.ts';
import { plainParameters } from './plain-parameters.ts';
import { readNode } from './read-node.ts';

/** Of a workflow: what the editor, the instance or the account it came from wrote beside it. */
const NOISE = [
  'id',
  'active',
  'createdAt',
  'updatedAt',
  'versionId',
  'versionCounter',
  'activeVersion',
  'activeVersionId',
  'meta',
  'staticData',
  'pinData',
  'tags',
  'triggerCount',
  'isArchived',
  'shared',
  'homeProject',
  'sharedWithProjects',
  'usedCredentials',
  'parentFolder',
  'parentFolderId',
  'scopes',
  'hash',
  'checksum',
];
const READ = ['name', 'description', 'nodes', 'connections', 'settings'];
const KNOWN = new Set([...NOISE, ...READ]);
/** Settings that only say something about the people who made it. */
const SETTINGS_NOISE = new Set(['timeSavedPerExecution', 'timeSavedMode', 'templateCredsSetupCompleted']);

/** A workflow as n8n exports it: a list of nodes, and connections that name them by label. */
export const n8n: Format = {
  id: 'n8n',
  title: 'n8n workflow',
  recognizes: ({ nodes, connections }) =>
    isList(nodes) && isObject(connections) && nodes.every(isNode) && (nodes.length > 0 || isEmpty(connections)),
  read,
};

/** Packages of nodes are called so, and no other format's types are. */
function isNode(node: Json): boolean {
  return isObject(node) && typeof node['type'] === 'string' && !isObject(node['data']);
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}

function read(document: JsonObject): Reading {
  const all = isList(document['nodes']) ? document['nodes'] : [];
  const nodes = all.flatMap((node, index) =>
    isObject(node) && !isNote(textAt(node, 'type') ?? '') ? [{ node, path: `nodes[${index}]` }] : [],
  );
  if (nodes.length > LIMITS.steps) {
    const message = `there are more than ${LIMITS.steps.toLocaleString('en')} nodes`;
    return { problems: [{ path: ['nodes'], message }] };
  }
  const ids = makeStepIds(nodes.map(({ node }) => idAt(node, 'id')));
  const placed = nodes.map(({ node, path }) => {
    const label = textAt(node, 'name') ?? shortType(textAt(node, 'type') ?? '');
    return { node, path, label, ...ids.claim(idAt(node, 'id'), label) };
  });
  const find = finder(
    placed.map(({ node, id, label }) => connected(node, id, label)),
    document,
  );
  const { edges, toolsOf } = readConnections(objectAt(document, 'connections') ?? {}, find);
  const steps = placed.map(({ node, ...place }) => readNode(node, { ...place, tools: toolsOf.get(place.id) ?? [] }));
  return { definition: definitionOf(document, steps, edges, bindingsOf(placed)) };
}

function definitionOf(
  document: JsonObject,
  steps: readonly Step[],
  edges: Definition['edges'],
  bindings: JsonObject,
): Definition {
  const name = textAt(document, 'name');
  const description = textAt(document, 'description');
  const inputs = inputsOf(document);
  return {
    format: 'n8n',
    ...(name !== null && { name }),
    ...(description !== null && { description }),
    executionMode: 'dag',
    ...(inputs !== null && { inputs }),
    steps,
    edges,
    triggers: [],
    emits: [],
    bindings,
    layout: {},
    rest: present({
      settings: without(objectAt(document, 'settings') ?? {}, SETTINGS_NOISE),
      ...without(document, KNOWN),
    }),
    document,
  };
}

function connected(node: JsonObject, id: string, label: string): ConnectedNode {
  const { typeVersion, onError } = node;
  return {
    id,
    label,
    type: textAt(node, 'type') ?? '',
    version: typeof typeVersion === 'number' ? typeVersion : 1,
    parameters: plainParameters(objectAt(node, 'parameters') ?? {}),
    onError: typeof onError === 'string' ? onError : undefined,
  };
}

/** By name, as n8n has it, the first of several; by id where a generator wrote nothing but ids. */
function finder(nodes: readonly ConnectedNode[], document: JsonObject): (name: string) => ConnectedNode | null {
  const byName = new Map<string, ConnectedNode>();
  const byId = new Map<string, ConnectedNode>();
  for (const node of nodes) {
    if (!byName.has(node.label)) byName.set(node.label, node);
    byId.set(node.id, node);
  }
  const isKnown = Object.keys(objectAt(document, 'connections') ?? {}).some((name) => byName.has(name));
  return (name) => byName.get(name) ?? (isKnown ? null : (byId.get(name) ?? null));
}

/** Which credential each node uses here, by the node's id. */
function bindingsOf(placed: readonly { readonly node: JsonObject; readonly id: string }[]): JsonObject {
  return Object.fromEntries(
    placed.flatMap(({ node, id }) => {
      const credentials = objectAt(node, 'credentials');
      return credentials === null || isEmpty(credentials) ? [] : [[id, credentials]];
    }),
  );
}

/** What a workflow that others call takes, where it says so. */
function inputsOf(document: JsonObject): JsonObject | null {
  const triggers = objectsAt(document, 'nodes').filter(
    (node) => shortType(textAt(node, 'type') ?? '') === 'executeWorkflowTrigger',
  );
  const values = triggers.flatMap((trigger) =>
    objectsAt(objectAt(objectAt(trigger, 'parameters') ?? {}, 'workflowInputs') ?? {}, 'values'),
  );
  const fields = values.flatMap((value) => {
    const name = textAt(value, 'name');
    return name === null ? [] : [[name, { type: textAt(value, 'type') ?? 'string' }] as const];
  });
  return fields.length === 0 ? null : { type: 'object', properties: Object.fromEntries(fields) };
}
