const SLUG = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_LENGTH = 63;

/** A workflow's short name: a lower-case letter, then letters, digits and single or double dashes, 63 characters at most. */
export function isSlug(text: string): boolean {
  return SLUG.test(text);
}

/**
 * Makes a slug of a name: accents dropped, everything else that is not a letter or digit becomes one dash.
 * Names of which nothing is left (other scripts, emoji) or that begin with a digit begin with `workflow`.
 */
export function slugify(name: string): string {
  const plain = name
    .slice(0, 1_000)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const started = /^[a-z]/.test(plain) ? plain : ['workflow', plain].filter(Boolean).join('-');
  return started.slice(0, MAX_LENGTH).replace(/-+$/, '');
}
