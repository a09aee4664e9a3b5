import type { TowpathConfiguration } from './configuration.ts';
import { type ConfigurationProblem, InvalidConfigurationError } from './invalid-configuration-error.ts';

/**
 * Checks that every variable a webhook's or a gate's secret refers to is set: better no start than events that nobody can verify.
 *
 * @param secretOf the value of an environment variable
 * @throws InvalidConfigurationError naming the variables and who needs them
 */
export function checkSecrets(
  configuration: TowpathConfiguration,
  secretOf: (variable: string) => string | undefined,
): void {
  const problems = configuration.environments.flatMap(({ name, webhooks, policy }) => {
    const gates = [...(policy.gates ?? []), ...(policy.stricter ?? []).flatMap((entry) => entry.gates ?? [])];
    const signed = [
      ...webhooks.map((one) => ({ ...one, what: 'webhook to' })),
      ...gates.map((one) => ({ ...one, what: 'gate' })),
    ];
    return signed.flatMap(({ secretVariable, url, what }): ConfigurationProblem[] => {
      if (secretOf(secretVariable)?.trim()) return [];
      return [
        {
          where: secretVariable,
          message: `is not set, and ${name}'s ${what} ${new URL(url).host} signs with it; set it to the secret that the receiver checks by`,
        },
      ];
    });
  });
  if (problems.length > 0) throw new InvalidConfigurationError(problems);
}
