import type { Json, JsonObject } from '../json.ts';
import { withoutEmpty } from './lenient.ts';

/** How providers call what every step calls otherwise. */
const NAMES: Readonly<Record<string, string>> = { max_tokens: 'maxTokens', top_p: 'topP', topp: 'topP' };

/** What a model is called with, in our own words where there is one. Undefined where nothing is set. */
export function modelParametersOf(parameters: JsonObject): JsonObject | undefined {
  const named: Record<string, Json> = {};
  for (const [key, value] of Object.entries(parameters)) {
    const filled = withoutEmpty(value);
    const name = Object.hasOwn(NAMES, key) ? (NAMES[key] ?? key) : key;
    if (filled === undefined) continue;
    named[name !== key && Object.hasOwn(parameters, name) ? key : name] = filled;
  }
  return Object.keys(named).length === 0 ? undefined : named;
}
