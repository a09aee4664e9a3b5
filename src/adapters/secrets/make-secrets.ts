import { Refusal } from '../../domain/refusal.ts';
import type { Secrets } from '../../use-cases/ports/secrets.ts';
import { readSecretFile } from './read-secret-file.ts';
import { readVaultSecret, type VaultAccess } from './read-vault-secret.ts';

export interface SecretsOptions {
  /** Value of an environment variable of this process. */
  readonly variable: (name: string) => string | undefined;
  /** Variables that are read by nobody's settings; left out, all may be. */
  readonly barred?: ReadonlySet<string>;
  /** Folders, as paths, that files may lie in; links are followed before that is judged. */
  readonly folders: readonly string[];
  /** Null: no Vault was named. */
  readonly vault: VaultAccess | null;
}

/** Secrets from this process's environment variables, its files and HashiCorp Vault. */
export function makeSecrets({ variable, barred, folders, vault }: SecretsOptions): Secrets {
  return {
    async read(source) {
      if ('file' in source) return readSecretFile(source.file, folders);
      if ('vault' in source) {
        if (vault === null)
          throw new Refusal('secret_unavailable', 'It is kept in Vault, and VAULT_ADDR is not set here.');
        return readVaultSecret(vault, source.vault);
      }
      if (barred?.has(source.env) === true)
        throw new Refusal(
          'secret_unavailable',
          `The variable ${source.env} is one that Towpath itself signs or judges by. Give the secret a variable of its own.`,
        );
      // `process.env` has what every object inherits, such as `toString`.
      const value: unknown = variable(source.env);
      if (typeof value !== 'string' || value === '')
        throw new Refusal('secret_unavailable', `The variable ${source.env} is not set where Towpath runs.`);
      return value;
    },
  };
}
