import { isMask } from '../masks.ts';

/** Values that stand for a secret kept elsewhere, or for none. */
const REFERENCES: readonly RegExp[] = [
  /\{\{[\s\S]*\}\}|\{%[\s\S]*%\}/, // templates: {{ secrets.KEY }}, {% … %}
  /\$\{[^}]*\}|\$\([^)]*\)/, // ${NAME}, $(NAME)
  /^\$[A-Z_][A-Z0-9_]*$|^%[A-Za-z_]\w*%$/, // $NAME, %NAME%
  /^=?\s*\$(?:env|vars|secrets|json|node|input|credentials|parameter|execution|workflow|fromAI)\b/, // $env.NAME
  /^=?\s*(?:process\.env|os\.environ|os\.getenv|getenv|env|vars|secrets|inputs|steps)\s*(?:\.[A-Za-z_]|\[|\()[\w.$[\]'"() -]*$/,
  /^\{[\w .$-]{0,80}\}$|^\[[\w .$-]{0,80}\]$|^<[^<>]{0,80}>$/, // {api_key}, [KEY], <your key>
  /^(?:op|vault|aws-?sm|gcp-?sm|ssm|keyvault|azurekeyvault|doppler|infisical|secretref):\/\//,
  /^(?:env|vault|secretref|file):[\w./-]+$/,
  /^(?:arn:aws:(?:secretsmanager|ssm):|projects\/[^/]+\/secrets\/|@Microsoft\.KeyVault)/,
  /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/, // OPENAI_API_KEY: the name of a variable
  /^#[\w.]+#$/, // #env.KEY#
];

/** What people write where a secret will be. */
const PLACEHOLDERS: readonly RegExp[] = [
  /^[*xX•.#-]+$|^[…~]$/, // ~ is YAML's nothing
  /^[a-z]{1,8}[-_](?:[xX*•.]{3,}|…)$/, // sk-..., sk-xxxx
  /^(?:your|enter|insert|replace|put|add)[-_ ]?(?:\w+[-_ ]){0,6}(?:key|token|password|secret|here)$/i,
  /^(?:string|str|text|number|integer|int|boolean|bool|object|array|any|null|none|nil|undefined|true|false|required|optional|secret-input|default|basic|bearer|no-auth|custom|api-key|n\/a|empty|hidden|redacted|changeme)$/i,
];

/** Whether a value names a secret or stands in its place, and so is none. Masks are none either. */
export function isReference(value: string): boolean {
  const text = value.trim();
  if (text === '' || isMask(text)) return true;
  if (text.length > 2_000) return false;
  return REFERENCES.some((shape) => shape.test(text)) || isPlaceholder(text);
}

export function isPlaceholder(text: string): boolean {
  return text.length <= 200 && PLACEHOLDERS.some((shape) => shape.test(text));
}

/** Whether a word found in running text could hardly be anything but a secret: long enough, letters and digits, no name or path. */
export function looksSecret(word: string): boolean {
  if (word.length < 8 || word.length > 4_000 || isReference(word)) return false;
  if (!/^[\w\-+/=.~!@#$%^*:|]+$/.test(word)) return false;
  if (/^[A-Za-z_$][\w$]*(?:[.:/][A-Za-z_$]+[0-9]?)+$/.test(word)) return false; // response.data.token2
  return /[0-9]/.test(word) && /[A-Za-z]/.test(word);
}
