import { isReference } from '../workflow/secrets/references.ts';
import { kindOfName } from '../workflow/secrets/secret-names.ts';
import { secretOfValue } from '../workflow/secrets/secret-of-value.ts';
import { secretsInText } from '../workflow/secrets/secrets-in-text.ts';

/**
 * How the keys of well-known services begin. Documents are read by a linter that knows more of them, in its own time; this
 * answers at once, where somebody is typing.
 */
const KEY_OF_SERVICE =
  /(?<![\w.-])(?:sk-|[sr]k_(?:live|test)_|whsec_|gh[opsur]_|github_pat_|glpat-|xox[a-z]-|xapp-|npm_|pypi-|hf_|hv[sb]\.|gsk_|r8_|pplx-|xai-|tp_|dop_v1_|shpat_|SG\.|ya29\.|AIza|AKIA|ASIA|lin_api_|ntn_)(?=[\w.-]{16})[\w.-]*[0-9][\w.-]*/;

/** Whether a setting's value could hardly be anything but a secret: by what it is called, or by its shape. Names of secrets and references are none. */
export function isSecretSetting(name: string, value: string | number | boolean): boolean {
  if (typeof value === 'boolean') return false;
  const text = String(value);
  const kind = kindOfName(name);
  if (kind !== null && secretOfValue(text, kind) !== null) return true;
  if (typeof value === 'number' || isReference(text)) return false;
  return KEY_OF_SERVICE.test(text) || secretsInText(text).length > 0;
}
