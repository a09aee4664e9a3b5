import type { RunnerSettings } from '../../domain/suite/runner-settings.ts';
import { RunnerFailure, type RunSecrets } from '../../use-cases/ports/runners.ts';
import type { Agents } from './call-endpoint.ts';

/**
 * Secrets as they may be sent to a runner: those that a workflow's leads decide about, only to places that the operator names. Whoever
 * may change one workflow's settings could otherwise have any secret of Towpath's sent to an address of their own.
 */
export function sentSecrets(secrets: RunSecrets, runner: RunnerSettings, agents: Agents): RunSecrets {
  return {
    ...secrets,
    async read(name) {
      const unknown = secrets.isGivenByLeads(name)
        ? placesOf(runner, name).find((url) => !agents.isNamed(url))
        : undefined;
      if (unknown === undefined) return secrets.read(name);
      throw new RunnerFailure(
        'refused',
        `The secret ${name} is not sent to ${URL.parse(unknown)?.host ?? 'an address'}: the workflow’s own settings give the runner or that secret. Have an admin give both to the environment, or the operator name the address under \`runners.origins\` of towpath.yaml.`,
      );
    },
  };
}

/** Where a secret of this name goes. Commands are the operator's own. */
function placesOf(runner: RunnerSettings, name: string): string[] {
  if (runner.kind === 'exec') return [];
  const called = runner.kind === 'ai' ? Object.values(runner.providers) : [runner];
  return called.filter(({ secret }) => secret === name).map(({ url }) => url);
}
