import { lookUp } from '../../domain/look-up.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { quoted } from '../find-things.ts';
import type { RunSecrets } from '../ports/runners.ts';
import type { Secrets } from '../ports/secrets.ts';

/** The secrets that an environment gives a workflow, each read where it is kept when a runner needs it. */
export function runSecrets({ secrets: known = {} }: Settings, environment: string, secrets: Secrets): RunSecrets {
  return {
    async read(name) {
      const source = lookUp(known, name);
      if (source === undefined)
        throw new Refusal('unknown_secret', `The settings of ${environment} have no secret ${quoted(name)}.`);
      return secrets.read(source);
    },
  };
}
