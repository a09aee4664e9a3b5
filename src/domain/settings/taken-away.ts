import type { Settings, VariableValue } from './settings.ts';

/**
 * Words that a version's source holds if this change of settings could keep it from being filled: names that lose their value, or
 * are no flag any more, and `masked~` where a masked value may lose its secret. Empty: whatever was filled before still is.
 */
export function takenAway(before: Settings, after: Settings): string[] {
  const variables = Object.entries(before.variables ?? {}).filter(
    ([name, value]) => !hasValue(after, name) || (isFlag(value) && !isFlag(after.variables?.[name])),
  );
  const secrets = Object.keys(before.secrets ?? {}).filter((name) => !Object.hasOwn(after.secrets ?? {}, name));
  const unbound = Object.entries(before.masked ?? {}).some(
    ([path, name]) => !Object.hasOwn(after.masked ?? {}, path) || after.masked?.[path] !== name,
  );
  // A variable of its own hides the environment's secret of that name, which a masked value may be bound to.
  const hidden = Object.values(after.masked ?? {}).some(
    (name) => Object.hasOwn(after.variables ?? {}, name) && !Object.hasOwn(before.variables ?? {}, name),
  );
  return [
    ...new Set([
      ...variables.map(([name]) => name),
      ...secrets,
      ...(unbound || hidden || secrets.length > 0 ? ['masked~'] : []),
    ]),
  ];
}

function hasValue({ variables = {}, secrets = {} }: Settings, name: string): boolean {
  return Object.hasOwn(variables, name) || Object.hasOwn(secrets, name);
}

/** Whether `${FLAG:on:off}` takes it. */
function isFlag(value: VariableValue | undefined): boolean {
  return typeof value === 'boolean' || (typeof value === 'string' && /^(?:true|false|on|off)$/.test(value));
}
