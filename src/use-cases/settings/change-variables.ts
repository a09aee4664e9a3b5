import { Refusal } from '../../domain/refusal.ts';
import { refuseManaged } from '../../domain/settings/proposal.ts';
import type { Settings, VariableValue } from '../../domain/settings/settings.ts';
import type { Ports } from '../ports.ts';
import type { UseCases } from '../use-cases.ts';
import { holdNamed, layerInWords } from './held-layer.ts';
import { openChange } from './open-change.ts';

/** Sets one variable of a layer and takes others out. Made of what is there when it is done, so that nobody's change is lost. */
export function makeChangeVariables({ inTransaction }: Ports): UseCases['changeVariables'] {
  return ({ actor, environment, workflow, set, unset = [], reason, originChannel }) =>
    inTransaction(actor.workspaceId, async (tx) => {
      const held = await holdNamed(tx, actor, { environment, ...(workflow === undefined ? {} : { workflow }) });
      const { variables: before = {}, ...others } = held.before?.settings ?? {};
      const unknown = unset.filter((name) => !Object.hasOwn(before, name));
      if (unknown.length > 0) throw unknownVariables(unknown, layerInWords(held), others);
      const left: [string, VariableValue][] = Object.entries(before).filter(([name]) => !unset.includes(name));
      const variables = Object.fromEntries(set === undefined ? left : [...left, [set.name, set.value]]);
      refuseManaged(held.before, { variables }, layerInWords(held));
      const settings = Object.keys(variables).length === 0 ? others : { ...others, variables };
      return openChange(tx, actor, held, { settings, restores: null, reason, originChannel });
    });
}

function unknownVariables(names: readonly string[], layer: string, { secrets = {} }: Settings): Refusal {
  const named = names
    .map((name) => name.slice(0, 128))
    .slice(0, 10)
    .join(', ');
  const secret = names.some((name) => Object.hasOwn(secrets, name)) ? ' Secrets are taken out with Edit.' : '';
  const none = names.length === 1 ? 'no variable of that name' : 'no variables of these names';
  return new Refusal('invalid_input', `The settings of ${layer} have ${none}: ${named}. Nothing was changed.${secret}`);
}
