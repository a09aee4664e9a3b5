import { lookUp } from '../../domain/look-up.ts';
import { Refusal } from '../../domain/refusal.ts';
import { isGivenByLeads, type OwnLayer } from '../../domain/settings/given-by-leads.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { quoted } from '../find-things.ts';
import type { RunSecrets } from '../ports/runners.ts';
import type { Secrets } from '../ports/secrets.ts';

/** What a run's secrets are read by. */
export interface RunSettings {
  readonly effective: Settings;
  /** What the workflow has of its own there. */
  readonly own: OwnLayer;
}

/** The secrets that an environment gives a workflow, each read where it is kept when a runner needs it. */
export function runSecrets({ effective, own }: RunSettings, environment: string, secrets: Secrets): RunSecrets {
  const { secrets: known = {} } = effective;
  return {
    isGivenByLeads: (name) => isGivenByLeads(own, name),
    async read(name) {
      const source = lookUp(known, name);
      if (source === undefined)
        throw new Refusal('unknown_secret', `The settings of ${environment} have no secret ${quoted(name)}.`);
      return secrets.read(source);
    },
  };
}
