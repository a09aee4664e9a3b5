import { isList, isObject, type Json } from '../../json.ts';
import { withoutEmpty } from '../lenient.ts';
import { BINDINGS, SECRET_NAME } from './flowise-words.ts';

/**
 * Takes the bindings out of a node's inputs, at any depth: credentials, keys, files, and the ids of document stores,
 * which every installation gives anew.
 * @param isBinding asked for the inputs themselves, not for what stands inside them
 * @returns what is left
 */
export function takeBindings(
  value: Json,
  isBinding: (key: string) => boolean,
  take: (path: string, value: Json) => void,
  path = '',
): Json {
  if (isList(value)) return value.map((item, index) => takeBindings(item, isBinding, take, `${path}[${index}]`));
  if (!isObject(value)) return value;
  const kept: [string, Json][] = [];
  for (const [key, inner] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    const store = key === 'documentStore' && typeof inner === 'string' ? /^([^:]+):(.+)$/.exec(inner) : null;
    if (BINDINGS.has(key) || (path === '' && isBinding(key)) || (SECRET_NAME.test(key) && typeof inner === 'string')) {
      const filled = withoutEmpty(inner);
      if (filled !== undefined) take(here, filled);
    } else if (store?.[1] !== undefined && store[2] !== undefined) {
      take(here, store[1]);
      kept.push([key, store[2]]);
    } else kept.push([key, takeBindings(inner, isBinding, take, here)]);
  }
  return Object.fromEntries(kept);
}
