import { type FormField, type FormTexts, sameText } from './form-fields.ts';
import type { EnteredTexts } from './read-form.ts';

/** What somebody entered, over what others changed meanwhile. */
export interface MergedTexts {
  readonly texts: FormTexts;
  /** Both changed them, to something else; what was entered stands. */
  readonly both: readonly FormField[];
}

/**
 * Brings a form to newer settings without losing either side: a field that was left alone shows what is there now, any other what
 * was entered.
 * @param base what the form was opened with
 */
export function mergeTexts(base: FormTexts, entered: EnteredTexts, now: FormTexts): MergedTexts {
  const touched = (Object.entries(entered) as [FormField, string][]).filter(
    ([field, text]) => !sameText(text, base[field]),
  );
  const both = touched.filter(([field, text]) => !sameText(now[field], base[field]) && !sameText(now[field], text));
  return { texts: { ...now, ...Object.fromEntries(touched) }, both: both.map(([field]) => field) };
}
