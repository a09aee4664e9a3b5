import { lookUp } from '../../../look-up.ts';
import type { Step } from '../../definition.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { listAt, objectAt, textAt, withoutEmpty } from '../lenient.ts';
import { draftProperties } from '../property-draft.ts';
import type { FlowiseNode } from './flowise-edges.ts';
import { BINDING_TYPES, CATEGORY_KINDS, KINDS } from './flowise-words.ts';
import { plainInputs } from './plain-inputs.ts';
import { readInputs } from './read-inputs.ts';
import { takeBindings } from './take-bindings.ts';

/** A node, before it is known which inputs its arrows say already. */
export interface NodeReading extends FlowiseNode {
  readonly data: JsonObject;
  readonly bindings: JsonObject;
  readonly weakId?: true;
  readonly path: string;
}

/** Takes apart what a node says: its inputs as they are meant, and which credentials and files it uses here. */
export function readNode(
  data: JsonObject,
  place: { readonly id: string; readonly weakId?: true; readonly path: string },
): NodeReading {
  const name = textAt(data, 'name') ?? 'node';
  const bound = new Set(
    listAt(data, 'inputParams').flatMap((param) =>
      BINDING_TYPES.has(textAt(param, 'type') ?? '') ? (textAt(param, 'name') ?? []) : [],
    ),
  );
  const bindings: Record<string, Json> = {};
  const take = (path: string, value: Json): void => {
    bindings[path] = value;
  };
  const inputs = takeBindings(objectAt(data, 'inputs') ?? {}, (key) => bound.has(key), take);
  const credential = withoutEmpty(data['credential']);
  if (credential !== undefined) take('credential', credential);
  const filled = withoutEmpty(plainInputs(inputs, name.endsWith('Agentflow')));
  return { ...place, name, data, bindings, inputs: isObject(filled) ? filled : {} };
}

/** The step of a node. @param saidByArrow inputs that are arrows, and told as such */
export function stepOf(node: NodeReading, saidByArrow: ReadonlySet<string>, children: readonly Step[]): Step {
  const { data, name } = node;
  const label = textAt(data, 'label');
  const inputs = Object.fromEntries(Object.entries(node.inputs).filter(([key]) => !saidByArrow.has(key)));
  return {
    id: node.id,
    kind: kindOf(data, name),
    ...(label !== null && { label }),
    properties: propertiesOf(data, name, inputs),
    dependsOn: [],
    children: children.length > 0 ? [{ role: 'steps', steps: children }] : [],
    path: node.path,
    ...(node.weakId && { weakId: true }),
  };
}

function propertiesOf(data: JsonObject, name: string, inputs: JsonObject): JsonObject {
  const draft = draftProperties();
  const kind = kindOf(data, name);
  const isModel = kind === 'llm' && lookUp(KINDS, name) === undefined;
  if (isModel) draft.set('provider', name);
  else if (kind !== name && lookUp(KINDS, name) === undefined) draft.set(kind === 'tool' ? 'tool' : 'component', name);
  readInputs(inputs, { draft, isHttp: kind === 'http', isModel });
  draft.set('output', textAt(objectAt(data, 'outputs') ?? {}, 'output') ?? undefined);
  return draft.properties;
}

function kindOf(data: JsonObject, name: string): string {
  return lookUp(KINDS, name) ?? lookUp(CATEGORY_KINDS, textAt(data, 'category') ?? '') ?? name;
}
