import { Refusal } from '../../domain/refusal.ts';
import { keepManaged } from '../../domain/settings/proposal.ts';
import type { SettingsRevision } from '../../domain/settings/settings.ts';
import type { Ports, Reading } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { type HeldLayer, holdNamed, layerInWords, refuseOutdated } from './held-layer.ts';
import { openChange } from './open-change.ts';
import { getNumbered } from './start-settings-change.ts';

/**
 * Brings back a layer as an earlier revision had it, by default the one before. It is a change like any other: where the environment
 * asks for approvals it waits for them. What `towpath.yaml` gives now stays as it gives it.
 */
export function makeRollBackSettings({ inTransaction }: Ports): UseCases['rollBackSettings'] {
  return ({ actor, environment, workflow, to, basedOn, reason, originChannel }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const held = await holdNamed(tx, actor, { environment, ...(workflow === undefined ? {} : { workflow }) });
      refuseOutdated(held, basedOn);
      const earlier = to === undefined ? await before(tx, held) : await getNumbered(tx, held, to);
      const settings = keepManaged(held.before, earlier.settings);
      return openChange(tx, actor, held, { settings, restores: earlier.number, reason, originChannel });
    });
}

async function before(tx: Reading, held: HeldLayer): Promise<SettingsRevision> {
  const page = await tx.settings.list(held.environment.id, held.workflow?.id ?? null, { limit: 2 });
  const [, earlier] = page.items;
  if (earlier !== undefined) return earlier;
  throw new Refusal(
    'nothing_to_roll_back_to',
    `The settings of ${layerInWords(held)} were never others than now, so nothing can be brought back.`,
  );
}
