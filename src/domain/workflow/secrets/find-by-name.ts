import { kindOfListName, kindOfName } from './secret-names.ts';
import { secretOfItem, secretOfValue } from './secret-of-value.ts';
import type { SecretPart, SourceText, TextVisitor } from './source-text.ts';

/** Fields of a mapping that say of another field of it that it is a secret. */
const TELLING_FIELDS: ReadonlySet<string> = new Set([
  ...['name', 'key', 'header', 'field', 'variable'],
  ...['value', 'default', 'defaultValue', 'value_type', 'password', 'load_from_db'],
]);
/** Where a mapping that is itself called by a secret's name (`api_key: { value: … }`) keeps it. */
const VALUE_FIELDS = ['value', 'default', 'defaultValue'];

interface Frame {
  readonly isMap: boolean;
  /** The name that this mapping or list is the value of; of a list in a list, the outer one's. */
  readonly name: string;
  /** The key whose value comes next. */
  key: string;
  fields: Map<string, SourceText> | null;
}

export interface FoundByName {
  /** Called for every text that is a secret by its name or its mapping's other fields. */
  secret(text: SourceText, part: SecretPart): void;
  /** Called for every text that is worth reading for secrets inside it, keys too. */
  text(text: SourceText, key: string): void;
}

/** Finds what the names of keys, and the formats' own ways to mark a credential, call a secret. */
export function findByName(found: FoundByName): TextVisitor {
  const frames: Frame[] = [];
  const tell = (text: SourceText | undefined, kind: string): void => {
    if (text === undefined) return;
    const part = secretOfValue(text.text, kind);
    if (part !== null) found.secret(text, part);
  };
  return {
    open(kind) {
      const parent = frames.at(-1);
      const name = parent === undefined ? '' : parent.isMap ? parent.key : parent.name;
      frames.push({ isMap: kind === 'map', name, key: '', fields: null });
    },
    close() {
      const frame = frames.pop();
      if (frame?.fields) tellMarked(frame.name, frame.fields, tell);
    },
    key(text) {
      const frame = frames.at(-1);
      if (frame !== undefined) frame.key = text.text;
      found.text(text, '');
    },
    value(text) {
      const frame = frames.at(-1);
      if (text.start < 0 || text.text === '') return;
      if (frame?.isMap) {
        const kind = kindOfName(frame.key);
        if (kind !== null) tell(text, kind);
        if (TELLING_FIELDS.has(frame.key)) {
          frame.fields ??= new Map();
          frame.fields.set(frame.key, text);
        }
      } else if (frame !== undefined) {
        const kind = kindOfListName(frame.name);
        const part = kind === null ? null : secretOfItem(text.text, kind);
        if (part !== null) found.secret(text, part);
      }
      if (text.writing !== 'literal') found.text(text, frame?.isMap ? frame.key : '');
    },
    aside: (text) => found.text(text, ''),
  };
}

/**
 * `{name: Authorization, value: …}` (headers and parameters of n8n and Dify), `{value_type: secret, value: …}` (Dify's
 * environment), `{password: true, load_from_db: false, value: …}` (fields of Langflow) and `api_key: {value: …}`.
 */
function tellMarked(
  own: string,
  fields: ReadonlyMap<string, SourceText>,
  tell: (text: SourceText | undefined, kind: string) => void,
): void {
  const says = (field: string) => fields.get(field)?.text ?? '';
  // What is loaded from the database is only named here.
  if (says('load_from_db') === 'true') return;
  if (says('value_type') === 'secret') tell(fields.get('value'), kindOfName(says('name')) ?? 'secret');
  const named = ['name', 'key', 'header', 'field', 'variable'].map((field) => kindOfName(says(field))).find(Boolean);
  if (named) tell(fields.get('value'), named);
  const ownKind = kindOfName(own) ?? (says('password') === 'true' ? 'secret' : null);
  if (ownKind !== null) for (const field of VALUE_FIELDS) tell(fields.get(field), ownKind);
}
