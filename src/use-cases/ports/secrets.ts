import type { SecretSource } from '../../domain/settings/settings.ts';

/** Reads secrets where they are kept, each time anew: nothing of them is remembered. */
export interface Secrets {
  /** @throws Refusal secret_unavailable, which says why without a part of the secret */
  read(source: SecretSource): Promise<string>;
}
