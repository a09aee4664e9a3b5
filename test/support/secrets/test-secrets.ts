import { makeSecrets } from '../../../src/adapters/secrets/make-secrets.ts';

/** Secrets of tests: the variables that they name, and no Vault. */
export const testSecrets = makeSecrets({
  variable: (name) => ({ STAGING_OPENAI_KEY: 'a key of staging', PRODUCTION_OPENAI_KEY: 'a key of production' })[name],
  folders: [],
  vault: null,
});
