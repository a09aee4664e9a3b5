import { isObject, type Json } from '../workflow/json.ts';
import { MASK, masksIn } from '../workflow/masks.ts';

/** Every mask starts so: a quick look spares most texts the search. */
const MASK_START = 'masked~';
const MOST_KINDS = 3;

/** A text as it may be shown: of a secret that was masked, its kind and nothing more. */
export function withoutMasks(text: string): string {
  return text.includes(MASK_START) ? text.replace(MASK, (mask) => `[masked ${kindOf(mask)}]`) : text;
}

/** `aws-key`, or several, where two texts differ in nothing but their masked secrets; null elsewhere. */
export function changedSecrets(before: Json | undefined, after: Json | undefined): string | null {
  if (typeof before !== 'string' || typeof after !== 'string' || before === after) return null;
  if (!before.includes(MASK_START) || !after.includes(MASK_START)) return null;
  const [old, now] = [masksIn(before), masksIn(after)];
  if (old.length !== now.length || before.replace(MASK, '') !== after.replace(MASK, '')) return null;
  const kinds = new Set(now.filter((mask, index) => mask !== old[index]).map(kindOf));
  return [...kinds].slice(0, MOST_KINDS).join(', ') + (kinds.size > MOST_KINDS ? ', …' : '');
}

/** Whether a change is one of masked secrets alone. */
export function isSecretChange({ before, after }: { readonly before?: Json; readonly after?: Json }): boolean {
  return !isObject(before) && changedSecrets(before, after) !== null;
}

function kindOf(mask: string): string {
  return mask.split('~')[1] ?? 'secret';
}
