import type { WebhookEndpoint } from '../environment.ts';
import type { TowpathConfiguration } from './configuration.ts';
import { type ConfigurationProblem, InvalidConfigurationError } from './invalid-configuration-error.ts';

/**
 * Checks that every variable a webhook's or a gate's secret refers to is set, and the judge's key: better no start than events that
 * nobody can verify.
 *
 * @param secretOf the value of an environment variable
 * @throws InvalidConfigurationError naming the variables and who needs them
 */
export function checkSecrets(
  configuration: TowpathConfiguration,
  secretOf: (variable: string) => string | undefined,
): void {
  const problems = [...webhooksOf(configuration), ...gatesOf(configuration)].flatMap(
    ([what, { secretVariable, url }]): ConfigurationProblem[] => {
      if (secretOf(secretVariable)?.trim()) return [];
      return [
        {
          where: secretVariable,
          message: `is not set, and ${what} ${new URL(url).host} signs with it; set it to the secret that the receiver checks by`,
        },
      ];
    },
  );
  problems.push(...judgeOf(configuration, secretOf));
  if (problems.length > 0) throw new InvalidConfigurationError(problems);
}

/** Variables that Towpath itself signs and judges by: no setting may have them read as a workflow's secret. */
export function ownVariables(configuration: TowpathConfiguration): ReadonlySet<string> {
  const signed = [...webhooksOf(configuration), ...gatesOf(configuration)].map(
    ([, { secretVariable }]) => secretVariable,
  );
  const { secret } = configuration.runners?.judge ?? {};
  return new Set(secret === undefined ? signed : [...signed, secret]);
}

function judgeOf(
  { runners }: TowpathConfiguration,
  secretOf: (variable: string) => string | undefined,
): ConfigurationProblem[] {
  const { secret, url } = runners?.judge ?? {};
  if (secret === undefined || url === undefined || secretOf(secret)?.trim()) return [];
  const message = `is not set, and runners.judge asks ${new URL(url).host} with it; set it to the API key of the judging model`;
  return [{ where: secret, message }];
}

type Signed = readonly [what: string, Pick<WebhookEndpoint, 'secretVariable' | 'url'>];

/** Each endpoint, and whose it is: `staging's webhook to`, or `summarize-flow's staging webhook to`. */
function webhooksOf({ environments, settings }: TowpathConfiguration): Signed[] {
  return environments.flatMap(({ name, webhooks }) => [
    ...webhooks.map((endpoint) => [`${name}'s webhook to`, endpoint] as const),
    ...[...(settings.get(name)?.workflows ?? [])].flatMap(([slug, own]) =>
      (own.webhooks ?? []).map((endpoint) => [`${slug}'s ${name} webhook to`, endpoint] as const),
    ),
  ]);
}

/** Each gate that any workflow may be asked for. */
function gatesOf({ environments }: TowpathConfiguration): Signed[] {
  return environments.flatMap(({ name, policy }) => {
    const gates = [...(policy.gates ?? []), ...(policy.stricter ?? []).flatMap((entry) => entry.gates ?? [])];
    return gates.map((gate) => [`${name}'s gate`, gate] as const);
  });
}
