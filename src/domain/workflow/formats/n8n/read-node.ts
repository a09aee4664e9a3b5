import type { Step } from '../../definition.ts';
import type { Json, JsonObject } from '../../json.ts';
import { present, without } from '../fields.ts';
import { objectAt, textAt } from '../lenient.ts';
import { kindOf, namesModel, shortType } from './node-types.ts';
import {
  takeCalledWorkflow,
  takeCode,
  takeCondition,
  takeMcpServer,
  takeModel,
  takeRequest,
  takeSchema,
  type Understood,
} from './parameters.ts';
import { plainParameters } from './plain-parameters.ts';
import { takePrompts } from './prompts.ts';

/** Of a node, besides its parameters: what says nothing about what it does. */
const NOISE = ['position', 'webhookId', 'notesInFlow', 'color', 'issues', 'createdAt', 'updatedAt', 'cid', 'draft'];
/** Read into the words of a step. */
const READ = [
  'id',
  'name',
  'type',
  'typeVersion',
  'parameters',
  'credentials',
  'notes',
  'disabled',
  'alwaysOutputData',
];
const ERROR_POLICY = ['onError', 'continueOnFail', 'retryOnFail', 'maxTries', 'waitBetweenTries', 'executeOnce'];
const KNOWN = new Set([...NOISE, ...READ, ...ERROR_POLICY]);

/** Where a node stands, and what is attached to it. */
export interface NodePlace {
  readonly id: string;
  readonly weakId?: true;
  readonly label: string;
  readonly tools: readonly string[];
  readonly path: string;
}

/** Reads one node; what it knows no word for is kept under n8n's own, `parameters`. */
export function readNode(node: JsonObject, { id, weakId, label, tools, path }: NodePlace): Step {
  const type = textAt(node, 'type') ?? '';
  const parameters = plainParameters(objectAt(node, 'parameters') ?? {});
  const description = textAt(node, 'notes');
  const kind = kindOf(type, textAt(parameters, 'operation'));
  const { properties, rest } = understand(type, kind, parameters);
  return {
    id,
    ...(weakId === true && { weakId }),
    kind,
    label,
    ...(description !== null && { description }),
    properties: {
      ...(shortType(type) !== kind && { nodeType: shortType(type) }),
      ...present({ typeVersion: node['typeVersion'] }),
      ...properties,
      ...present({ tools: [...tools].sort() }),
      ...policyOf(node, rest),
      ...present({ parameters: withoutTaken(rest), node: without(node, KNOWN) }),
    },
    dependsOn: [],
    children: [],
    path,
  };
}

function understand(type: string, kind: string, parameters: JsonObject): Understood {
  const isTool = kind === 'tool' || /Tool$/.test(type) || parameters['mode'] === 'retrieve-as-tool';
  const isAi = isTool || namesModel(type) || kind === 'llm' || kind === 'agent';
  const readers: ((rest: JsonObject) => Understood)[] = [
    ...(isAi ? [(rest: JsonObject) => takePrompts(rest, isTool)] : []),
    (rest) => takeModel(type, rest),
    ...(kind === 'condition' ? [(rest: JsonObject) => takeCondition(type, rest)] : []),
    ...(kind === 'code' || shortType(type) === 'toolCode' ? [takeCode] : []),
    ...(kind === 'http' || /^(?:toolHttpRequest|httpRequestTool)$/.test(shortType(type)) ? [takeRequest] : []),
    ...(kind === 'workflow' || shortType(type) === 'toolWorkflow' ? [takeCalledWorkflow] : []),
    (rest) => takeMcpServer(type, rest),
    (rest) => takeSchema(type, rest),
    // Told as the inputs of the workflow.
    ...(kind === 'executeWorkflowTrigger'
      ? [(rest: JsonObject) => ({ properties: {}, rest: without(rest, INPUTS) })]
      : []),
  ];
  return readers.reduce<Understood>(
    (found, reader) => {
      const { properties, rest } = reader(found.rest);
      return { properties: { ...found.properties, ...properties }, rest };
    },
    { properties: {}, rest: parameters },
  );
}

const INPUTS = new Set(['workflowInputs']);

/** Options that are limits wherever they stand. */
const LIMIT_OPTIONS = new Set(['timeout', 'maxRetries', 'maxIterations']);

function withoutTaken(parameters: JsonObject): JsonObject {
  const options = objectAt(parameters, 'options');
  if (options === null) return parameters;
  return present({ ...parameters, options: without(options, LIMIT_OPTIONS) });
}

/** What happens when it fails, and how long and how often it may run. Defaults count as not said: editors write or omit them. */
function policyOf(node: JsonObject, parameters: JsonObject): JsonObject {
  const options = objectAt(parameters, 'options') ?? {};
  const { onError, continueOnFail, retryOnFail, maxTries, waitBetweenTries } = node;
  const retry = present({
    onFail: isOn(retryOnFail),
    maxAttempts: maxTries,
    delay: milliseconds(waitBetweenTries),
    maxRetries: options['maxRetries'],
  });
  return present({
    onError:
      onError === 'stopWorkflow'
        ? undefined
        : (onError ?? (continueOnFail === true ? 'continueRegularOutput' : undefined)),
    retry,
    timeout: options['timeout'],
    maxIterations: options['maxIterations'],
    disabled: isOn(node['disabled']),
    alwaysOutputData: isOn(node['alwaysOutputData']),
    executeOnce: isOn(node['executeOnce']),
  });
}

function isOn(value: Json | undefined): true | undefined {
  return value === true ? true : undefined;
}

function milliseconds(value: Json | undefined): Json | undefined {
  return typeof value === 'number' ? `${value} ms` : value;
}
