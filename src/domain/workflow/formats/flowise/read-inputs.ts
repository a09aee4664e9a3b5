import { lookUp } from '../../../look-up.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { asNumber, byName, listAt, textAt } from '../lenient.ts';
import { promptsOf } from '../prompt-messages.ts';
import type { PropertyDraft } from '../property-draft.ts';
import { HTTP_PLACES, MODEL_PARAMETERS, MODELS, NEEDS, PAIRS, PLACES } from './flowise-words.ts';
import { readOutputs } from './read-outputs.ts';
import { readTools } from './read-tools.ts';

/** What a node's inputs are read into. */
export interface InputTarget {
  readonly draft: PropertyDraft;
  readonly isHttp: boolean;
  /** All inputs are settings of one model: a chat model's own node. */
  readonly isModel: boolean;
}

/** Reads the inputs of a node, already without HTML, bindings and empty values, into the common words. */
export function readInputs(inputs: JsonObject, target: InputTarget): void {
  const { draft, isHttp, isModel } = target;
  for (const [key, value] of Object.entries(inputs)) {
    if (MODELS.has(key)) draft.set('provider', value);
    else if (/Config$/.test(key) && MODELS.has(key.slice(0, -'Config'.length))) readModel(value, draft);
  }
  if (isModel) {
    readModel(inputs, draft);
    return;
  }
  readMessages(inputs, draft);
  readTools(inputs, draft);
  for (const [key, value] of Object.entries(inputs)) readInput(key, value, isHttp, draft);
}

/** The messages of a node and, after them, what it is asked each time. */
function readMessages(inputs: JsonObject, draft: PropertyDraft): void {
  const messages = ['llmMessages', 'agentMessages'].flatMap((key) => listAt(inputs, key));
  const said = messages.map((message) => ({
    role: textAt(message, 'role') ?? 'user',
    text: textAt(message, 'content') ?? '',
  }));
  const asked = textAt(inputs, 'llmUserMessage') ?? textAt(inputs, 'agentUserMessage') ?? '';
  const { systemPrompt, task } = promptsOf([...said, { role: 'user', text: asked }]);
  draft.set('systemPrompt', systemPrompt);
  draft.set('task', task);
}

function readInput(key: string, value: Json, isHttp: boolean, draft: PropertyDraft): void {
  const isModelKey = MODELS.has(key) || (/Config$/.test(key) && MODELS.has(key.slice(0, -'Config'.length)));
  if (isModelKey || READ_ELSEWHERE.test(key)) return;
  if (/StructuredOutput$/.test(key) && isList(value)) draft.set('outputs', readOutputs(value));
  else if (key === 'conditions' && isList(value)) draft.set('condition.cases', value.map(caseText));
  else if (key === 'conditionAgentScenarios' && isList(value)) {
    draft.set('condition.cases', value.map(scenarioText));
  } else if (key === 'modelName') draft.set('model', value);
  else setPlain(key, value, isHttp, draft);
}

/** By readMessages and readTools, or as the inputs of the whole flow. */
const READ_ELSEWHERE =
  /^(?:(?:llm|agent)(?:Messages|UserMessage)$|agentTools|agentBuiltIn|agentKnowledge|retrieverKnowledge|toolAgentflowSelectedTool|selectedTool(?:Config)?$|formInputTypes$)/;

function setPlain(key: string, value: Json, isHttp: boolean, draft: PropertyDraft): void {
  const pair = isHttp || !lookUp(HTTP_PLACES, key) ? lookUp(PAIRS, key) : undefined;
  if (pair !== undefined && isList(value)) {
    const [place, name, of] = pair;
    draft.set(place, byName(value.map((item) => [textAt(item, name) ?? '', isObject(item) ? (item[of] ?? '') : ''])));
    return;
  }
  const place = (isHttp ? lookUp(HTTP_PLACES, key) : undefined) ?? lookUp(PLACES, key);
  if (place === undefined) draft.set(key, value);
  else if (draft.has(place)) draft.set(key, value);
  else draft.set(place, /(?:iterations|temperature)$/i.test(place) ? asNumber(value) : value);
}

/** A model's settings: which one it is, and everything else as its parameters. */
function readModel(settings: Json, draft: PropertyDraft): void {
  if (!isObject(settings)) return;
  const custom = textAt(settings, 'customModelName') ?? textAt(settings, 'customModel');
  const name = custom ?? settings['modelName'] ?? settings['model'];
  draft.set('model', name);
  for (const [key, value] of Object.entries(settings)) {
    const needed = lookUp(NEEDS, key);
    const isInert = needed !== undefined && !settings[needed];
    if (MODEL_NAMES.has(key) || MODELS.has(key) || isInert) continue;
    const place = `modelParameters.${lookUp(MODEL_PARAMETERS, key) ?? key}`;
    draft.set(place, asNumber(value));
  }
}

const MODEL_NAMES: ReadonlySet<string> = new Set(['modelName', 'model', 'customModelName', 'customModel']);

/** `{{ $flow.state.next }} equal SOFTWARE`, with its type where that is not text. */
function caseText(item: Json): string {
  if (!isObject(item)) return '';
  const type = textAt(item, 'type') ?? 'string';
  const words = [item['value1'], item['operation'], item['value2']].filter((word) => word !== undefined);
  return `${words.map(String).join(' ')}${type === 'string' ? '' : ` (${type})`}`;
}

function scenarioText(item: Json): string {
  return [textAt(item, 'scenario'), textAt(item, 'description')].filter((text) => text !== null).join(': ');
}
