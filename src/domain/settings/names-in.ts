import type { Definition } from '../workflow/definition.ts';
import { bindMasks, mayHoldMask } from './bind-masks.ts';
import { writtenSecrets } from './fill-text.ts';
import { mapDefinition } from './map-definition.ts';
import { type Piece, parsePlaceholders } from './placeholders.ts';

export interface NamesIn {
  /** Of variables and secrets, in defaults and on both sides of flags, too. */
  readonly names: ReadonlySet<string>;
  /** The keys by which its masks are bound. */
  readonly masks: ReadonlySet<string>;
}

/** What a version names of the settings, whether they have it or not. */
export function namesIn(definition: Definition): NamesIn {
  const names = new Set<string>();
  const masks = new Set<string>();
  mapDefinition(definition, {
    text(text, use, place) {
      if (mayHoldMask(text)) for (const where of bindMasks(text, place(), {}).unbound) masks.add(where);
      if (use !== null && use !== 'key') collect(parsePlaceholders(text).pieces, names);
      return text;
    },
    workflow: (document) => document,
  });
  return { names, masks };
}

function collect(pieces: readonly Piece[], names: Set<string>): void {
  for (const piece of pieces) {
    if (piece.kind === 'text') for (const name of writtenSecrets(piece.text)) names.add(name);
    else {
      names.add(piece.name);
      const parts =
        piece.kind === 'flag' ? [piece.on, piece.off] : piece.fallback === undefined ? [] : [piece.fallback];
      for (const part of parts) collect(part.pieces, names);
    }
  }
}
