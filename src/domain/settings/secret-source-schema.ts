import { z } from 'zod';
import { closedObject } from '../configuration/closed-object.ts';
import { SETTING_NAME } from './setting-name.ts';

/** Variables that hold what Towpath itself lives by: whoever may change settings may not have them read out as a workflow's secret. */
const OWN_VARIABLES = /^(?:TOWPATH_\w*|SLACK_(?:BOT_TOKEN|SIGNING_SECRET|APP_TOKEN)|DATABASE_URL|VAULT_TOKEN)$/;

const variable = z
  .string()
  .regex(SETTING_NAME, {
    error: 'has to be the name of an environment variable, such as STAGING_OPENAI_KEY',
    abort: true,
  })
  .refine((name) => !OWN_VARIABLES.test(name), {
    error: 'is a variable of Towpath’s own; give the secret one of its own, such as STAGING_OPENAI_KEY',
  });

const FILE = 'has to be the absolute path of a file, such as /run/secrets/openai';
const file = z
  .string()
  .max(1_000)
  .regex(/^\/[^\0\r\n]*[^\0\r\n/]$/, { error: FILE, abort: true })
  .refine((path) => !path.split('/').some((part, at) => part === '..' || part === '.' || (at > 0 && part === '')), {
    error: 'has to be written out, without . or .. or // in it',
    abort: true,
  })
  .refine((path) => !/^\/(?:proc|sys|dev)\//.test(path), { error: FILE });

const vault = closedObject({
  path: z
    .string()
    .max(500)
    .regex(/^[\w-]+(?:\/[\w.@-]*[\w@-][\w.@-]*)+$/, { error: 'has to be MOUNT/NAME, such as secret/openai' })
    .describe('MOUNT/NAME of a secret of the KV engine, version 2.'),
  key: z.string().min(1).max(200).describe('Which of the secret’s values it is.'),
});

const SOURCE =
  'has to say where the secret comes from: { env: NAME }, { file: /path } or { vault: { path: …, key: … } }';

/** Where a secret comes from; see `SecretSource`. */
export const secretSource = z.union(
  [
    closedObject({ env: variable.describe('The environment variable that holds it, where the workflow runs.') }),
    closedObject({ file: file.describe('The file that holds it, where the workflow runs.') }),
    closedObject({ vault: vault.describe('Where HashiCorp Vault holds it.') }),
  ],
  { error: SOURCE },
);
