import { spellOut } from '../diff/quote.ts';
import { isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { pathText } from '../workflow/source/source-scan.ts';
import type { Settings } from './settings.ts';
import { settingsFile } from './settings-file.ts';

/**
 * All that two layers say otherwise, nothing shortened: `- variables.MODEL: "a"` and `+ variables.MODEL: "b"`, one line each, by
 * name. What is invisible is spelled out.
 */
export function settingsDiffLines(before: Settings, after: Settings): string[] {
  const [was, is] = [leaves(before), leaves(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names.flatMap((name) => {
    const [old, fresh] = [was.get(name), is.get(name)];
    if (old === fresh) return [];
    return [
      ...(old === undefined ? [] : [`- ${name}: ${old}`]),
      ...(fresh === undefined ? [] : [`+ ${name}: ${fresh}`]),
    ];
  });
}

/** Every value by where it stands, as JSON on one line. */
function leaves(settings: Settings): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (value: Json, path: readonly string[]): void => {
    if (isObject(value) && Object.keys(value).length > 0)
      for (const [key, inner] of Object.entries(value)) visit(inner as Json, [...path, key]);
    else found.set(spellOut(pathText(path)), spellOut(JSON.stringify(value)));
  };
  for (const [part, value] of Object.entries(settingsFile(settings) as JsonObject)) visit(value as Json, [part]);
  return found;
}
