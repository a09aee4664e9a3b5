import { Refusal } from '../../domain/refusal.ts';
import { keepManaged, refuseManaged } from '../../domain/settings/proposal.ts';
import type { Ports } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { type HeldLayer, holdNamed, layerInWords } from './held-layer.ts';
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

function refuseOutdated(held: HeldLayer, basedOn: number | undefined): void {
  const number = held.before?.number ?? 0;
  if (basedOn === undefined || basedOn === number) return;
  throw new Refusal(
    'moved_on',
    `The settings of ${layerInWords(held)} have number ${number} by now, not ${basedOn}. Look at them again and repeat your change.`,
  );
}
