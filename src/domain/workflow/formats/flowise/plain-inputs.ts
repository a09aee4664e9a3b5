import { isList, isObject, type Json } from '../../json.ts';
import { unquoted } from '../lenient.ts';
import { plainText } from './plain-text.ts';

/** Keys under which the editor keeps a list as a text of JSON, such as the actions of an MCP server. */
const QUOTED_LIST = /(?:Actions|^agent(?:Tools)?BuiltIn\w*)$/;

/** Inputs as they are meant: texts without the editor's HTML, lists as lists. */
export function plainInputs(value: Json, isRich: boolean): Json {
  if (typeof value === 'string') return isRich ? plainText(value) : value;
  if (isList(value)) return value.map((item) => plainInputs(item, isRich));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      QUOTED_LIST.test(key) && typeof inner === 'string' ? unquoted(inner) : plainInputs(inner, isRich),
    ]),
  );
}
