import { howToFill, unfilledInWords } from '../settings/unfilled.ts';
import type { Requirement } from './requirement.ts';

/**
 * The target has to give every name that the version uses. A request for one that it does not fill is refused, so this is asked
 * only where the settings were changed since.
 */
export const settingsRequirement: Requirement = {
  kind: 'settings',
  applies: ({ unfilled = [] }) => unfilled.length > 0,
  evaluate: ({ unfilled = [], target, workflow }) => ({
    state: unfilled.length > 0 ? 'failed' : 'met',
    summary: `A value in ${target.name} for every name it uses`,
    ...(unfilled.length > 0 && {
      detail: `${unfilledInWords(unfilled)}. ${howToFill(unfilled, target.name, workflow.slug)}`.trim(),
    }),
  }),
};
