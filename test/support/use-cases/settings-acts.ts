import type { Settings } from '../../../src/domain/settings/settings.ts';
import type { Reading } from '../../../src/use-cases/ports.ts';
import type { SettingsChangeResult } from '../../../src/use-cases/use-cases.ts';
import type { Canal } from './open-canal.ts';

export const GREETING: Settings = { variables: { GREETING: 'hello' } };

interface Wish {
  by?: string;
  workflow?: string;
  reason?: string;
}
/** @throws Error where it was applied at once */
export function proposed(result: SettingsChangeResult) {
  if (result.kind !== 'proposed') throw new Error(`It was ${result.kind}, not proposed.`);
  return result.proposal;
}

/** Short ways to change settings in a canal, and to look at what became of it. */
export function settingsActs(canal: () => Canal) {
  const propose = (environment: string, settings: Settings, { by = 'U0ADA', ...more }: Wish = {}) =>
    canal().useCases.proposeSettings({ actor: canal().as(by), environment, settings, ...more });
  const rollBack = (environment: string, { by = 'U0ADA', ...more }: Wish & { to?: number } = {}) =>
    canal().useCases.rollBackSettings({ actor: canal().as(by), environment, ...more });
  const approve = (by: string, proposalId: string, reviewed?: string) =>
    canal().useCases.approveSettings({
      ...{ actor: canal().as(by), proposalId },
      ...(reviewed === undefined ? {} : { reviewed }),
    });
  const reject = (by: string, proposalId: string, reason = 'not yet') =>
    canal().useCases.rejectSettings({ actor: canal().as(by), proposalId, reason });
  const cancel = (by: string, proposalId: string) =>
    canal().useCases.cancelSettings({ actor: canal().as(by), proposalId });
  const layer = (environment: string, workflow?: string) =>
    canal().useCases.showSettingsLayer({
      ...{ workspaceId: canal().workspaceId, environment },
      ...(workflow === undefined ? {} : { workflow }),
    });
  const reading = <T>(ask: (tx: Reading) => Promise<T>) => canal().ports.reading(canal().workspaceId, ask);

  /** Actions of the audit about settings, oldest first. */
  async function told(): Promise<{ action: string; actor: string; before: unknown; after: unknown }[]> {
    const { items } = await reading((tx) => tx.audit.list({ limit: 50 }));
    return items.filter(({ action }) => action.startsWith('settings.')).reverse();
  }

  /** What the file does at a start: a revision that it manages. */
  async function byFile(environment: string, settings: Settings): Promise<void> {
    await canal().ports.inTransaction(canal().workspaceId, async (tx) => {
      const held = await tx.environments.pipelineHeld();
      const environmentId = held.find(({ name }) => name === environment)?.id as string;
      const managed = Object.keys(settings) as (keyof Settings)[];
      const layerOf = { environmentId, workflowId: null, settings, managed };
      await tx.settings.save({ ...layerOf, changedBy: 'file', via: 'file', reason: null });
    });
  }

  /** Live in staging, reading `GREETING` of the settings. */
  async function reachWithGreeting(): Promise<void> {
    for (const environment of ['development', 'staging']) {
      const wished = await propose(environment, GREETING, { by: 'U0ABE' });
      if (wished.kind === 'proposed') await approve('U0ADA', wished.proposal.id);
    }
    await canal().push('Say ${GREETING}.');
    await canal().deploy();
    await canal().approve('U0LEE', await canal().open('staging'));
  }
  return { propose, rollBack, approve, reject, cancel, layer, reading, told, byFile, reachWithGreeting };
}
