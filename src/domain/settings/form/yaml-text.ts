import { parseDocument, stringify } from 'yaml';

/** Nested settings as YAML, which JSON is, too; nothing for nothing. Texts of several lines stand in quotes, whose end shows. */
export function yamlText(value: object): string {
  if (Object.keys(value).length === 0) return '';
  return stringify(value, { lineWidth: 0, blockQuote: false, sortMapEntries: true }).replace(/\n$/, '');
}

export type ReadYaml = { readonly value: unknown } | { readonly problem: string };

/** Reads what `yamlText` writes, by the rules of `towpath.yaml`. What it says is checked by `settingsSchema`. */
export function readYaml(text: string): ReadYaml {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    return { problem: `line ${line}: is not YAML: ${error.message}` };
  }
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (failure) {
    // The package refuses aliases inside aliases that would grow without end, and ones that name nothing.
    if (!(failure instanceof ReferenceError)) throw failure;
    return { problem: 'uses more YAML aliases than allowed; write the values out' };
  }
}
