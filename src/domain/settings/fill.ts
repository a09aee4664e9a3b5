import type { Definition } from '../workflow/definition.ts';
import type { Json, JsonObject } from '../workflow/json.ts';
import { bindMasks, mayHoldMask } from './bind-masks.ts';
import { type FillNotes, makeFillNotes, type NeededSecret } from './fill-notes.ts';
import type { FillProblem } from './fill-problem.ts';
import { fillText } from './fill-text.ts';
import { mapDefinition } from './map-definition.ts';
import { type MapOptions, mapTexts, type TextChange } from './map-texts.ts';
import { mayHoldPlaceholders } from './placeholders.ts';
import type { Settings } from './settings.ts';

/** A document filled, or why it can't be: where there are problems, the document is of no use. */
export interface Filled {
  readonly document: JsonObject;
  readonly secrets: readonly NeededSecret[];
  readonly problems: readonly FillProblem[];
}

/**
 * Fills the parsed document of a version: placeholders in the fields that its format lists, and in place of every mask the secret
 * that it is bound to. Keys are never filled, and neither is what a variable's value holds.
 * @param finish what becomes of a workflow in a format that is filled, once it is
 */
export function fillDefinition(
  definition: Definition,
  settings: Settings,
  finish: (filled: JsonObject) => JsonObject = (filled) => filled,
): Filled {
  const notes = makeFillNotes(settings);
  const document = mapDefinition(definition, { text: filling(settings, notes), workflow: finish });
  return { document, secrets: notes.secrets(), problems: notes.problems() };
}

/** Fills a document by itself, in the fields that `fills` says. */
export function fillDocument(document: JsonObject, settings: Settings, fills: MapOptions['fills']): Filled {
  const notes = makeFillNotes(settings);
  const concerns = (text: string) => mayHoldPlaceholders(text) || mayHoldMask(text);
  const filled = mapTexts(document, { change: filling(settings, notes), fills, concerns });
  return { document: filled, secrets: notes.secrets(), problems: notes.problems() };
}

/** Where masks stand in a version, by the keys that bind them: what `Settings.masked` has to name each of. */
export function maskedPlaces(definition: Definition): readonly string[] {
  const { problems } = fillDefinition(definition, {});
  return problems.find(({ kind }) => kind === 'masked')?.paths ?? [];
}

function filling(settings: Settings, notes: FillNotes): TextChange {
  return (text, use, place): Json => {
    const bound = mayHoldMask(text) ? boundText(text, settings, notes, place) : text;
    if (use === null || use === 'key') return bound;
    return fillText(bound, use === 'value', { settings, notes, place });
  };
}

function boundText(text: string, settings: Settings, notes: FillNotes, place: () => string): string {
  const bound = bindMasks(text, place(), settings);
  for (const name of bound.secrets) notes.secret(name, place);
  for (const name of bound.missing) notes.unknown(name, place);
  for (const where of bound.unbound) notes.masked(where);
  return bound.text;
}
