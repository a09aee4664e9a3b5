import { readFile } from 'node:fs/promises';
import { SANDBOX_CONFIGURATION } from './adapters/sandbox/sandbox-workspace.ts';
import type { Config } from './config.ts';
import { checkSecrets } from './domain/configuration/check-secrets.ts';
import { defaultConfiguration, type TowpathConfiguration } from './domain/configuration/configuration.ts';
import { InvalidConfigurationError } from './domain/configuration/invalid-configuration-error.ts';
import { parseTowpathYaml } from './domain/configuration/parse-towpath-yaml.ts';

/** Gives the value of an environment variable, for what the configuration refers to by name. */
export type SecretSource = (variable: string) => string | undefined;

/**
 * What `towpath.yaml` says; without one the defaults, or in the sandbox those of its workspace.
 * @throws InvalidConfigurationError listing every problem, each with its cure
 */
export async function loadConfiguration(config: Config, secretOf: SecretSource): Promise<TowpathConfiguration> {
  const configuration = await parse(config);
  checkSecrets(configuration, secretOf);
  return configuration;
}

async function parse({ configFile, slack }: Config): Promise<TowpathConfiguration> {
  if (configFile !== null) return parseTowpathYaml(await read(configFile), { fileName: configFile });
  return slack === null ? parseTowpathYaml(SANDBOX_CONFIGURATION, { fileName: 'sandbox' }) : defaultConfiguration();
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `names ${path}, which can't be read (${code ?? error}); correct the path, or leave it out to use the defaults`;
    throw new InvalidConfigurationError([{ where: 'TOWPATH_CONFIG', message }]);
  }
}
