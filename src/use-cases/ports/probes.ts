import type { Probe } from '../../domain/policy/parity-policy.ts';

/** Tries whether something outside answers. Never throws for what the network does. */
export interface Probes {
  /** Null: it answers. Else why not, in a few words that follow its name: `does not answer`. */
  tryOut(probe: Probe): Promise<string | null>;
}
