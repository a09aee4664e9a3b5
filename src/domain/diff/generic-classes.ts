import type { ChangeClass } from './change.ts';
import type { Part } from './compare-values.ts';

/**
 * What a key in a document of unknown format is likely to be about. Decides only how early a change is named:
 * none of these is ever taken for cosmetic. Judged by the last telling key of a path, from the leaf up.
 */
const TELLING_KEYS: readonly [RegExp, ChangeClass][] = [
  [
    /^(?:model(?:_?(?:name|id|config|parameters?))?|llm|provider|deployment(?:_?name)?|completion_?params|temperature|top_?p|max_?tokens)$/i,
    'model',
  ],
  [/prompt|^(?:system_?message|system|instructions?|messages)$/i, 'prompt'],
  [/^(?:tools?|mcp.*|tool_?(?:name|names|parameters|configurations))$/i, 'tools'],
  [
    /^(?:retry.*|retries|max_?(?:tries|retries|attempts)|wait_?between_?tries|on_?error|timeout.*|error_?(?:strategy|workflow|handling)|execution_?timeout|save_?(?:data|execution|manual).*)$/i,
    'limits',
  ],
  [/^(?:threshold|assert|criteria|evaluation|score|metrics?)$/i, 'quality'],
  [/schema$/i, 'schema'],
];

const LONGEST_KEY = 40;

function classOfKey(key: string): ChangeClass | null {
  if (key.length > LONGEST_KEY) return null;
  return TELLING_KEYS.find(([pattern]) => pattern.test(key))?.[1] ?? null;
}

/** How far up from the leaf a key still tells what the change is about. */
const REACH = 4;

export function classOfGeneric(parts: readonly Part[]): ChangeClass {
  for (let at = parts.length - 1; at >= Math.max(0, parts.length - REACH); at--) {
    const segment = parts[at]?.segment;
    if (typeof segment !== 'string') continue;
    const found = classOfKey(segment);
    if (found !== null) return found;
  }
  return 'logic';
}
