import { lookUp } from '../../../look-up.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { textAt } from '../lenient.ts';

/** Node data without what says nothing, and with each way of naming a variable written alike. */

/**
 * Selectors (`[node, variable]`) become the reference that texts use (`{{#node.variable#}}`). What is empty or switched off
 * (`enabled: false`, with whatever else stands there) counts as not there: editors write or omit it, and it does nothing.
 */
export function plainData(data: JsonObject): JsonObject {
  return (plain(data, '') as JsonObject | undefined) ?? {};
}

function plain(value: Json, key: string): Json | undefined {
  if (value === null || value === '') return undefined;
  if (isSelector(value, key)) return referenceTo(value);
  if (isList(value)) {
    const items = value.flatMap((item) => plain(item, '') ?? []);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  if (value['enabled'] === false) return undefined;
  const filled = Object.entries(value).flatMap(([inner, part]) => {
    const kept = plain(part, inner);
    return kept === undefined ? [] : [[inner, kept] as const];
  });
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}

function isSelector(value: Json, key: string): value is readonly string[] {
  const isTexts = isList(value) && value.length > 0 && value.every((part) => typeof part === 'string');
  return isTexts && /(?:^|_)selector$/.test(key);
}

export function referenceTo(selector: readonly Json[]): string {
  return `{{#${selector.map(String).join('.')}#}}`;
}

/** What a field of a tool or an agent is set to: `{type: mixed | constant | variable, value}`, or the value itself. */
export function settingOf(field: Json): Json {
  if (!isObject(field) || !Object.hasOwn(field, 'value') || typeof field['type'] !== 'string') return field;
  const { type, value } = field;
  return type === 'variable' && isList(value) ? referenceTo(value) : (value ?? '');
}

/** `openai` for `langgenius/openai/openai`: what was built in once is a plugin of the makers now. */
export function providerName(provider: string): string {
  return /^langgenius\/[^/]+\/[^/]+$/.test(provider) ? (provider.split('/').at(-1) ?? provider) : provider;
}

const SETTING_NAMES: Readonly<Record<string, string>> = { max_tokens: 'maxTokens', top_p: 'topP', top_k: 'topK' };

/** Model, provider and settings of `{provider, name or model, completion_params}`. Undefined where no model is named. */
export function modelOf(model: Json | undefined): JsonObject | undefined {
  if (!isObject(model)) return undefined;
  const name = textAt(model, 'name') ?? textAt(model, 'model');
  if (name === null) return undefined;
  const provider = textAt(model, 'provider');
  const settings = isObject(model['completion_params']) ? model['completion_params'] : {};
  const mode = textAt(model, 'mode');
  const modelParameters = Object.fromEntries([
    ...(mode === null || mode === 'chat' ? [] : [['mode', mode] as const]),
    ...Object.entries(settings).map(([key, value]) => [lookUp(SETTING_NAMES, key) ?? key, value] as const),
  ]);
  return {
    ...(provider !== null && { provider: providerName(provider) }),
    model: name,
    ...(Object.keys(modelParameters).length > 0 && { modelParameters }),
  };
}
