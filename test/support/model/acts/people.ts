import type { Role } from '../../../../src/domain/person.ts';
import { profile } from '../../use-cases/open-canal.ts';
import { act, unlessRefused } from './act.ts';

export const give = (to: string, role: Role) =>
  act(`${to} becomes ${role}`, async (model, real) => {
    const { useCases, as } = real.canal;
    const asked = { actor: as('U0ADA'), userId: to, role, departments: [] };
    if ((await unlessRefused(real, () => useCases.assignRole(asked))) === null) return undefined;
    const person = model.people.get(to);
    if (person !== undefined) person.role = role;
    return undefined;
  });

export const comeOrGo = (who: string, isThere: boolean) =>
  act(`${who} ${isThere ? 'comes back' : 'leaves'}`, async (model, { canal }) => {
    const profiles = [profile(who, { standing: isThere ? 'member' : 'deactivated' })];
    await canal.useCases.recordProfiles({ workspaceId: canal.workspaceId, profiles });
    const person = model.people.get(who);
    if (person !== undefined) person.isThere = isThere;
    return undefined;
  });

/** Slack says another thing of who is in a user group. Nobody is told: whoever judges asks. */
export const regroup = (group: string, who: string, isIn: boolean) =>
  act(`${who} ${isIn ? 'joins' : 'leaves'} ${group}`, async (model, real) => {
    const members = model.groups.get(group)?.members;
    if (isIn) members?.add(who);
    else members?.delete(who);
    real.forgetGroups();
    for (const promotion of model.promotions.values()) promotion.mayWait = true;
    return undefined;
  });

/** Slack does not say who is in it, or says it again. */
export const silence = (group: string, isSilent: boolean) =>
  act(`Slack ${isSilent ? 'does not say' : 'says'} who is in ${group}`, async (model, real) => {
    const known = model.groups.get(group);
    if (known !== undefined) known.isSilent = isSilent;
    real.forgetGroups();
    return undefined;
  });
