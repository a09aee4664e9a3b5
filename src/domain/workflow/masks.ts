/**
 * What stands in a kept source where a secret stood: `masked~KIND~HEX16`.
 * HEX16 is the beginning of a keyed hash (HMAC-SHA256) of the secret, so that the same secret has the same mask and another
 * one shows as another, while nobody without the key can try words against it. It is safe in a JSON string, in every YAML
 * scalar and in an address.
 */
export const MASK: RegExp = /masked~[a-z0-9-]{1,40}~[0-9a-f]{16}(?![0-9a-f])/g;

const ONLY_A_MASK = /^masked~[a-z0-9-]{1,40}~[0-9a-f]{16}$/;

/** Whether the whole text is one mask. */
export function isMask(text: string): boolean {
  return ONLY_A_MASK.test(text);
}

/** Every mask in a text, in order, repeated ones too. */
export function masksIn(text: string): string[] {
  return text.match(MASK) ?? [];
}

/** The mask for a secret of a kind (`[a-z0-9-]+`), given the secret's keyed hash in hex. */
export function maskOf(kind: string, keyedHash: string): string {
  return `masked~${kind.slice(0, 40)}~${keyedHash.slice(0, 16)}`;
}
