import type { WebhookEndpoint } from '../environment.ts';
import type { TowpathConfiguration } from './configuration.ts';
import { type ConfigurationProblem, InvalidConfigurationError } from './invalid-configuration-error.ts';

/**
 * Checks that every variable a webhook's secret refers to is set: better no start than events that nobody can verify.
 *
 * @param secretOf the value of an environment variable
 * @throws InvalidConfigurationError naming the variables and who needs them
 */
export function checkSecrets(
  configuration: TowpathConfiguration,
  secretOf: (variable: string) => string | undefined,
): void {
  const problems = webhooksOf(configuration).flatMap(([whose, { secretVariable, url }]): ConfigurationProblem[] => {
    if (secretOf(secretVariable)?.trim()) return [];
    return [
      {
        where: secretVariable,
        message: `is not set, and ${whose} webhook to ${new URL(url).host} signs with it; set it to the secret that the receiver checks by`,
      },
    ];
  });
  if (problems.length > 0) throw new InvalidConfigurationError(problems);
}

/** Each endpoint, and whose it is: `staging's`, or `summarize-flow's staging`. */
function webhooksOf({ environments, settings }: TowpathConfiguration): (readonly [whose: string, WebhookEndpoint])[] {
  return environments.flatMap(({ name, webhooks }) => [
    ...webhooks.map((endpoint) => [`${name}'s`, endpoint] as const),
    ...[...(settings.get(name)?.workflows ?? [])].flatMap(([slug, own]) =>
      (own.webhooks ?? []).map((endpoint) => [`${slug}'s ${name}`, endpoint] as const),
    ),
  ]);
}
