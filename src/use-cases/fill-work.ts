import { diffDefinitions } from '../domain/diff/diff-definitions.ts';
import { summarize } from '../domain/diff/sentences.ts';
import type { FillProblem } from '../domain/settings/fill-problem.ts';
import { filledDefinition } from '../domain/settings/filled-definition.ts';
import { resolveDefinition } from '../domain/settings/resolve-definition.ts';
import type { Settings } from '../domain/settings/settings.ts';
import { settingsRead } from '../domain/settings/settings-read.ts';
import type { Definition } from '../domain/workflow/definition.ts';
import type { JsonObject } from '../domain/workflow/json.ts';
import { InvalidDefinitionError, readDefinition } from '../domain/workflow/parse-document.ts';
import type { Filled, Fit, InEffect } from './ports/documents.ts';

/** Sentences of what changes in effect. */
const IN_EFFECT_BOUNDS = { limit: 6, maxChars: 1_200 };

/** More than anybody corrects at one go, and few enough to be remembered. */
const MOST_PROBLEMS = 1_000;
const MOST_PLACES = 2_000;

/** What a definition reads of the settings, and all that keeps it from being filled there with what its format takes. */
export function fitOf(definition: Definition, effective: Settings): Fit {
  const resolved = resolveDefinition(definition, effective);
  const found = resolved.ok ? misfits(definition, resolved.document) : resolved.problems;
  const problems = found.slice(0, MOST_PROBLEMS);
  return {
    read: settingsRead(definition, effective),
    problems: problems.map((problem) => ({ ...problem, paths: problem.paths.slice(0, MOST_PLACES) })),
  };
}

/** A definition as a runner is given it. Only Towpath's own format is read again: what runs another one reads its document. */
export function filledOf(definition: Definition, effective: Settings): Filled {
  const resolved = resolveDefinition(definition, effective);
  if (!resolved.ok) return resolved;
  const { document, overrides, secrets } = resolved;
  const problems = misfits(definition, document);
  if (problems.length > 0) return { ok: false, problems };
  const filled = definition.format === 'towpath' ? filledDefinition(definition, document) : { ...definition, document };
  return { ok: true, definition: filled, overrides, secrets };
}

/** What a filled workflow says that its format does not take. Only Towpath's own is known well enough to tell. */
function misfits(definition: Definition, document: JsonObject): FillProblem[] {
  if (definition.format !== 'towpath' || document === definition.document) return [];
  try {
    filledDefinition(definition, document);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidDefinitionError)) throw error;
    return error.problems.map(({ path, message }) => ({
      ...{ kind: 'invalid' as const, paths: path === '' ? [] : [path] },
      message: `${path} ${message}`.trim(),
    }));
  }
}

/** What changes once both are filled; null where that is what they say themselves, or where one of the two can't be filled. */
export function inEffectOf(before: Definition | null, after: Definition, effective: Settings): InEffect | null {
  const to = filled(after, effective);
  const from = before === null ? null : filled(before, effective);
  if (to === null || (before !== null && from === null)) return null;
  const plain = summarize(diffDefinitions(before, after), IN_EFFECT_BOUNDS);
  const inEffect = summarize(diffDefinitions(from, to), IN_EFFECT_BOUNDS);
  const same = JSON.stringify(plain) === JSON.stringify(inEffect);
  return same ? null : { lines: [...inEffect.lines], more: inEffect.more };
}

function filled(definition: Definition, effective: Settings): Definition | null {
  const resolved = resolveDefinition(definition, effective);
  if (!resolved.ok) return null;
  // Nothing to fill, as in most of what other formats hold.
  if (resolved.document === definition.document) return definition;
  try {
    return readDefinition(JSON.stringify(resolved.document), { format: definition.format });
  } catch (error) {
    // What an environment fills in may be what no workflow may say, as a limit of “many”.
    if (error instanceof InvalidDefinitionError) return null;
    throw error;
  }
}
