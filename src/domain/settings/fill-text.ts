import { lookUp } from '../look-up.ts';
import type { FillNotes } from './fill-notes.ts';
import {
  type FlagPiece,
  mayHoldPlaceholders,
  type NamePiece,
  type Part,
  type Piece,
  parsePlaceholders,
} from './placeholders.ts';
import type { Settings, VariableValue } from './settings.ts';

/** What a text is filled with, and what is told of it. */
export interface FillContext {
  readonly settings: Pick<Settings, 'variables' | 'secrets'>;
  readonly notes: FillNotes;
  /** Where the text stands. */
  readonly place: () => string;
}

/**
 * Fills one text. One that is exactly one placeholder takes the type of what it stands for, where `typed`. Of a text with
 * problems, which are noted, the answer is of no use.
 */
export function fillText(text: string, typed: boolean, context: FillContext): VariableValue {
  if (!mayHoldPlaceholders(text)) return text;
  const { pieces, problems } = parsePlaceholders(text);
  for (const problem of problems) context.notes.malformed(problem, context.place);
  return filledPieces(pieces, typed, context);
}

function filledPieces(pieces: readonly Piece[], typed: boolean, context: FillContext): VariableValue {
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return filledPiece(only, typed, context);
  return pieces.map((piece) => String(filledPiece(piece, false, context))).join('');
}

function filledPiece(piece: Piece, typed: boolean, context: FillContext): VariableValue {
  if (piece.kind === 'text') {
    noteWrittenSecrets(piece.text, context);
    return piece.text;
  }
  const value = piece.kind === 'flag' ? filledFlag(piece, typed, context) : filledName(piece, typed, context);
  return typed ? value : String(value);
}

function filledName({ name, fallback }: NamePiece, typed: boolean, context: FillContext): VariableValue {
  const { settings, notes, place } = context;
  const value = lookUp(settings.variables ?? {}, name);
  if (value !== undefined) return notes.grew(String(value).length) ? value : '';
  if (lookUp(settings.secrets ?? {}, name) !== undefined) {
    notes.secret(name, place);
    const reference = secretReference(name);
    return notes.grew(reference.length) ? reference : '';
  }
  if (fallback !== undefined) return filledPart(fallback, typed, context);
  notes.unknown(name, place);
  return '';
}

function filledFlag(flag: FlagPiece, typed: boolean, context: FillContext): VariableValue {
  const { settings, notes, place } = context;
  const value = lookUp(settings.variables ?? {}, flag.name);
  if (value === true || value === 'true' || value === 'on') return filledPart(flag.on, typed, context);
  if (value === false || value === 'false' || value === 'off') return filledPart(flag.off, typed, context);
  if (value === undefined && lookUp(settings.secrets ?? {}, flag.name) === undefined) notes.unknown(flag.name, place);
  else notes.notAFlag(flag.name, notAFlag(flag, value), place);
  return '';
}

function notAFlag({ name, quotedForm }: FlagPiece, value: VariableValue | undefined): string {
  const is = value === undefined ? 'a secret' : `neither true, false, on nor off`;
  return `${name} is ${is}, and \${${name}:…:…} chooses by a variable that is one of these; if a default with a colon was meant, write ${quotedForm}`;
}

/** An unquoted default is a number or a flag where it reads as one, unless it stands among other text. */
function filledPart({ pieces, quoted }: Part, typed: boolean, context: FillContext): VariableValue {
  const value = pieces.length === 0 ? '' : filledPieces(pieces, typed, context);
  const isWritten = pieces.length === 1 && pieces[0]?.kind === 'text';
  return typed && !quoted && isWritten ? typedText(String(value)) : value;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A text without quotes as the number or flag it reads as. Numbers that JavaScript can’t hold exactly (long ids) stay text. */
export function typedText(text: string): VariableValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text.length > 30 || !JSON_NUMBER.test(text)) return text;
  const number = Number(text);
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return isExact ? number : text;
}

/** What stands where a secret belongs, until whoever runs the workflow puts it there. */
export function secretReference(name: string): string {
  return `{{ secrets.${name} }}`;
}

const WRITTEN_SECRET = /\{\{\s*secrets\.([A-Z][A-Z0-9_]*)\s*\}\}/g;

/** The names in every `{{ secrets.NAME }}` of a text. */
export function writtenSecrets(text: string): string[] {
  return text.includes('{{') ? [...text.matchAll(WRITTEN_SECRET)].map(([, name = '']) => name) : [];
}

/** Whoever wrote `{{ secrets.NAME }}` names a secret as well; one that is not there is another system's. */
function noteWrittenSecrets(text: string, { settings, notes, place }: FillContext): void {
  for (const name of writtenSecrets(text)) {
    if (lookUp(settings.secrets ?? {}, name) !== undefined) notes.secret(name, place);
  }
}
