import { InvalidConfigurationError } from './domain/configuration/invalid-configuration-error.ts';

/** What the process was told on its command line. */
export interface StartArguments {
  /** Applies the file though another one was applied after it. */
  applyConfig: boolean;
}

const APPLY_CONFIG = '--apply-config';

/** @throws InvalidConfigurationError naming each word that means nothing here */
export function readArguments(words: readonly string[]): StartArguments {
  const unknown = words.filter((word) => word !== APPLY_CONFIG);
  if (unknown.length === 0) return { applyConfig: words.length > 0 };
  const message = `is no option of the server; there is ${APPLY_CONFIG}, which applies towpath.yaml though a newer one was applied already`;
  throw new InvalidConfigurationError(unknown.slice(0, 10).map((word) => ({ where: word.slice(0, 80), message })));
}
