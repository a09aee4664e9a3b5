import { keepManaged, refuseManaged } from '../../domain/settings/proposal.ts';
import type { Ports } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { holdNamed, layerInWords, refuseOutdated } from './held-layer.ts';
import { openChange } from './open-change.ts';

/**
 * Asks to make one whole layer of settings what is named. What `towpath.yaml` gives of it stays; where the environment asks for
 * approvals, somebody else gives them.
 */
export function makeProposeSettings({ inTransaction }: Ports): UseCases['proposeSettings'] {
  return ({ actor, environment, workflow, settings, basedOn, reason, originChannel }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const held = await holdNamed(tx, actor, { environment, ...(workflow === undefined ? {} : { workflow }) });
      refuseOutdated(held, basedOn);
      refuseManaged(held.before, settings, layerInWords(held));
      const wanted = { settings: keepManaged(held.before, settings), restores: null, reason, originChannel };
      return openChange(tx, actor, held, wanted);
    });
}
