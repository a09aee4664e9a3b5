/** What a definition may be at most. Beyond it, the definition is refused and nothing is stored. */
export const LIMITS = {
  /** UTF-8 bytes of the source text. */
  bytes: 10 * 1024 * 1024,
  /** Steps of one workflow, nested ones included. */
  steps: 5_000,
  /** Steps inside steps. */
  stepNesting: 20,
  /** Lists and mappings inside each other, of whatever document. Step nesting alone needs about five per level. */
  documentDepth: 200,
  /** YAML aliases once each is replaced by what it stands for, aliases inside that included. */
  aliasExpansions: 100,
  /** Problems collected before reading gives up on listing more. */
  problems: 100,
} as const;
