import { assignedAnswer, changedWorkflowAnswer, labelledAnswer, unquarantinedAnswer } from '../blocks/admin-answers.ts';
import type { SlackContext } from '../slack-context.ts';
import type { CommandHandler } from './command.ts';
import { findPerson } from './find-person.ts';
import { parseLabel, parseRole, parseUnquarantine, parseWorkflowChange } from './parse-towpath.ts';

type Needs = Pick<SlackContext, 'useCases' | 'ports' | 'workspace'> & {
  ensureKnown: (userId: string) => Promise<void>;
};

/** The words after `/towpath` that change something. */
export function makeAdminCommands(
  needs: Needs,
): Record<'label' | 'role' | 'workflow' | 'unquarantine', CommandHandler> {
  const { useCases } = needs;
  return {
    label: async ({ text, actor }) => labelledAnswer(await useCases.labelVersion({ actor, ...parseLabel(text) })),
    unquarantine: async ({ text, actor }) =>
      unquarantinedAnswer(await useCases.liftQuarantine({ actor, ...parseUnquarantine(text) })),
    role: async ({ text, actor }) => {
      const { person, role, departments } = parseRole(text);
      const userId = await findPerson(needs, person);
      await needs.ensureKnown(userId);
      const known = await useCases.listDepartments({ workspaceId: actor.workspaceId });
      return assignedAnswer(
        await useCases.assignRole({ actor, userId, role, departments: departments.map((d) => spelledAs(known, d)) }),
      );
    },
    workflow: async ({ text, actor }) => {
      const { workflow, change } = parseWorkflowChange(text);
      if ('department' in change) {
        const known = await useCases.listDepartments({ workspaceId: actor.workspaceId });
        return changedWorkflowAnswer(
          await useCases.changeWorkflow({ actor, workflow, department: spelledAs(known, change.department) }),
        );
      }
      const owner = await findPerson(needs, change.owner);
      await needs.ensureKnown(owner);
      return changedWorkflowAnswer(await useCases.changeWorkflow({ actor, workflow, owner }));
    },
  };
}

/** A department the way it is configured; phones begin words with a capital. */
function spelledAs(known: readonly string[], word: string): string {
  return known.find((department) => department.toLowerCase() === word.toLowerCase()) ?? word;
}
