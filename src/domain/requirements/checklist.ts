import { notJudgedYet, policyOf, type Requirement } from './requirement.ts';

/** A person ticked one item of the checklist on a promotion's card. */
export interface Tick {
  item: string;
  by: string;
  at: Date;
}

/** Every item of the checklist is ticked. */
export const checklistRequirement: Requirement = {
  kind: 'checklist',
  applies: (facts) => (policyOf(facts).checklist ?? []).length > 0,
  evaluate: (facts) => {
    const items = policyOf(facts).checklist ?? [];
    const { ticks } = facts;
    if (ticks === undefined) return notJudgedYet(`Checklist of ${items.length}`);
    const open = items.filter((item) => !ticks.some((tick) => tick.item === item));
    const people = [...new Set(ticks.filter(({ item }) => items.includes(item)).map(({ by }) => by))];
    const by = people.length === 0 ? {} : { people };
    if (open.length === 0) return { state: 'met', summary: `Checklist: all ${items.length} ticked`, ...by };
    const summary = `Checklist: ${items.length - open.length} of ${items.length} ticked`;
    return { state: 'pending', summary, detail: `still open: ${open.join(', ')}`, ...by };
  },
};
