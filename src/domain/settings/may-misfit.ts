import type { Settings, VariableValue } from './settings.ts';

/** What Towpath's own format takes for a time. */
const DURATION = /^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/;

/**
 * Names whose new value may be none for a place that takes only numbers, durations or flags (`timeout: ${T}`). A name that was plain
 * text stood in no such place, so that most changes, of a model or a prompt, are none of these. A secret is no flag, and hides
 * a wider layer's variable of its name.
 */
export function mayMisfit(before: Settings, after: Settings): string[] {
  const values = Object.entries(after.variables ?? {}).flatMap(([name, value]) => {
    const was = Object.hasOwn(before.variables ?? {}, name) ? before.variables?.[name] : undefined;
    if (was === value) return [];
    return value === '' || !isPlainText(was) ? [name] : [];
  });
  const secrets = Object.keys(after.secrets ?? {}).filter((name) => !Object.hasOwn(before.secrets ?? {}, name));
  return [...values, ...secrets];
}

/** What is new took the place of a default, which may have been anything. */
function isPlainText(value: VariableValue | undefined): boolean {
  return typeof value === 'string' && !DURATION.test(value);
}
