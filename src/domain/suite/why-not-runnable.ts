import type { Settings } from '../settings/settings.ts';

/**
 * Why Towpath can't have anything run with these settings, and what to do; null where it can.
 * @param hasAgents whether agents are registered in the environment: they run what a runner would
 */
export function whyNotRunnable(
  { runner }: Settings,
  environment: string,
  hasAgents: boolean,
  kind: 'suite' | 'shadow' = 'suite',
): string | null {
  const cure = `Set one there, such as \`runner: { kind: http, url: https://… }\`, and run it again.`;
  if (typeof runner !== 'object') {
    if (hasAgents && kind === 'suite') return null;
    return runner === undefined
      ? `The settings of ${environment} have no runner. ${cure}`
      : `The settings of ${environment} only name a runner of your own, “${runner.slice(0, 60)}”. ${cure}`;
  }
  if (kind === 'suite' || runner.kind === 'ai' || runner.shadowSafe) return null;
  return `The runner of ${environment} is not declared \`shadowSafe: true\`, so nothing is replayed there: it might have effects. Say so in its settings if it has none, and run it again.`;
}
