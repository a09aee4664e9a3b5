import { isList, isObject, type Json, type JsonObject } from '../../json.ts';

/** What the editor keeps of a choice beside the choice itself. */
const NOISE = [/^cachedResult/, /^__rl$/] as const;
/** Ways of having chosen an id: from a list or by typing it. Other modes, such as by name or URL, say how to read the value. */
const BY_ID = new Set(['list', 'id']);

/** The parameters of a node with every resource locator (`{__rl, mode, value}`) as what it stands for. */
export function plainParameters(parameters: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, plain(value)]));
}

function plain(value: Json): Json {
  if (isList(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (isLocator(value)) return chosen(value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      NOISE.some((pattern) => pattern.test(key)) ? [] : [[key, plain(inner)]],
    ),
  );
}

/** Older exports leave `__rl` out. */
function isLocator(value: JsonObject): boolean {
  const { __rl: mark, mode } = value;
  if (!Object.hasOwn(value, 'value') || typeof mode !== 'string') return false;
  return (
    mark === true || Object.keys(value).every((key) => key === 'mode' || key === 'value' || /^cachedResult/.test(key))
  );
}

function chosen({ mode, value }: JsonObject): Json {
  const plainValue = value ?? '';
  return BY_ID.has(String(mode)) || plainValue === '' ? plainValue : { mode: mode ?? '', value: plainValue };
}
