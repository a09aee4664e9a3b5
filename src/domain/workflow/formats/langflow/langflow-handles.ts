import { isObject, type Json, type JsonObject } from '../../json.ts';
import { objectAt, textAt, unquoted } from '../lenient.ts';

/** One end of an arrow: which port, and of which node inside a group where it leads into one. */
export interface Handle {
  readonly port: string | null;
  readonly inner: { readonly id: string; readonly field: string } | null;
}

/**
 * Reads one end of an arrow. Its handle is a text of JSON with `œ` for quotes, in old versions `type|field|id`,
 * and once more a mapping under `data`.
 */
export function readHandle(edge: JsonObject, key: 'sourceHandle' | 'targetHandle'): Handle {
  const text = textAt(edge, key);
  const said = text === null ? null : unquoted(text.replaceAll('œ', '"'));
  const handle = isObject(said) ? said : objectAt(objectAt(edge, 'data') ?? {}, key);
  if (handle !== null) return { port: portOf(handle), inner: innerOf(handle) };
  const parts = text?.split('|') ?? [];
  return { port: key === 'targetHandle' && parts.length === 3 ? (parts[1] ?? null) : null, inner: null };
}

/** An output is named by `name`, an input by `fieldName`; an arrow back into a loop ends at an output. */
function portOf(handle: JsonObject): string | null {
  return textAt(handle, 'fieldName') ?? textAt(handle, 'name');
}

function innerOf(handle: JsonObject): Handle['inner'] {
  const proxy = objectAt(handle, 'proxy');
  const [id, field] = [textAt(proxy ?? {}, 'id'), textAt(proxy ?? {}, 'field') ?? textAt(proxy ?? {}, 'name')];
  return id === null ? null : { id, field: field ?? '' };
}

/** The port of a node inside a group that the group shows as its own output. */
export function innerOutput(outputs: readonly Json[], port: string | null): Handle['inner'] {
  const output = outputs.find((candidate) => textAt(candidate, 'name') === port);
  return output === undefined || !isObject(output) ? null : innerOf(output);
}
