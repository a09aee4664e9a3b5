import type { BundleFile } from '../workflow/bundle/bundle-file.ts';
import { filesOfBundle, isBundle } from '../workflow/bundle/parse-bundle.ts';
import type { Definition } from '../workflow/definition.ts';
import type { Format } from '../workflow/formats/format.ts';
import { findFormat } from '../workflow/formats/index.ts';
import { isList, isObject, type Json, type JsonObject } from '../workflow/json.ts';
import { findFrontMatter } from '../workflow/source/front-matter.ts';
import { parseData } from '../workflow/source/parse-source.ts';
import { mayHoldMask } from './bind-masks.ts';
import { mapTexts, type TextChange } from './map-texts.ts';
import { mayHoldPlaceholders } from './placeholders.ts';

export interface DefinitionChange {
  /** Told of every text that may hold something to fill or a mask. */
  readonly text: TextChange;
  /** What becomes of a workflow whose texts are changed already. */
  readonly workflow: (document: JsonObject) => JsonObject;
}

/**
 * The document of a definition, changed. Of a bundle, each file that is changed is written anew: as JSON where it is data (which
 * YAML's readers take too), without its comments.
 */
export function mapDefinition({ format: id, document }: Definition, change: DefinitionChange): JsonObject {
  const format = findFormat(id);
  if (!isBundle(document)) return mapped(document, format, change, '');
  const files = filesOfBundle(document).files ?? [];
  const now = files.map((file) => mappedFile(file, format, change));
  return now.every((file, index) => file === files[index])
    ? document
    : { ...document, files: now.map(({ path, content }) => ({ path, content })) };
}

function mapped<Value extends Json>(
  value: Value,
  format: Format | null,
  { text, workflow }: DefinitionChange,
  prefix: string,
): Value | JsonObject {
  const isWorkflow = isObject(value) && format?.fills !== undefined && format.recognizes(value);
  const fills = isWorkflow ? format.fills : undefined;
  const concerns = isWorkflow ? (one: string) => mayHoldPlaceholders(one) || mayHoldMask(one) : mayHoldMask;
  const changed = mapTexts(value, { change: text, concerns, fills, prefix });
  return isWorkflow && isObject(changed) ? workflow(changed) : changed;
}

const DATA = /\.(?:ya?ml|jsonc?)$/i;

function mappedFile(file: BundleFile, format: Format | null, change: DefinitionChange): BundleFile {
  const { path, content } = file;
  const hasMask = mayHoldMask(content);
  const isData = DATA.test(path) && (hasMask || format?.fills !== undefined);
  const front = hasMask && !isData ? findFrontMatter(content) : null;
  const parsed = isData || front !== null ? parseData(content) : null;
  if (isData && (isObject(parsed) || isList(parsed))) {
    const now = mapped(parsed, format, change, `${path}: `);
    // A mask may stand in a comment, where no value shows it.
    return now === parsed && !hasMask ? file : { path, content: `${JSON.stringify(now, null, 2)}\n` };
  }
  if (!hasMask) return file;
  if (front !== null && isObject(parsed)) return { path, content: mappedPrompt(parsed, format, change, path) };
  return { path, content: String(change.text(content, null, () => path)) };
}

/** YAML reads the JSON of its front matter as well. */
function mappedPrompt(parsed: JsonObject, format: Format | null, change: DefinitionChange, path: string): string {
  const { frontMatter = {}, body = '' } = mapped(parsed, format, change, `${path}: `);
  return `---\n${JSON.stringify(frontMatter, null, 2)}\n---\n${String(body)}`;
}
