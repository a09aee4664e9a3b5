import type { Person } from '../../../domain/person.ts';
import type { VersionTag, WorkflowTag } from '../../../use-cases/views.ts';
import type { Answer } from '../answers/answer.ts';
import { inWords, mention, slug, version } from './mrkdwn.ts';
import { escaped } from './text.ts';

/*
 * What the person is told who changed a name, a role or a workflow.
 */

export function labelledAnswer({
  workflow,
  version: tag,
  previousLabel,
}: {
  workflow: WorkflowTag;
  version: VersionTag;
  previousLabel: string | null;
}): Answer {
  const before =
    previousLabel === null || previousLabel === tag.label ? '' : ` It was ${escaped(previousLabel, 80)} before.`;
  return { text: `${slug(workflow)} v${tag.number} is called ${escaped(tag.label ?? '', 80)} now.${before}` };
}

export function unquarantinedAnswer({
  workflow,
  version: tag,
}: {
  workflow: WorkflowTag;
  version: VersionTag;
}): Answer {
  return { text: `${slug(workflow)} ${version(tag)} can be promoted again.` };
}

export function assignedAnswer(person: Person): Answer {
  const where =
    person.departments.length === 0
      ? 'in every department'
      : `in ${inWords(person.departments.map((d) => escaped(d, 60)).slice(0, 20))}`;
  return { text: `${mention(person.userId)} is ${article(person.role)} ${person.role} now, ${where}.` };
}

export function changedWorkflowAnswer(workflow: WorkflowTag & { ownerId: string }): Answer {
  const department = workflow.department === null ? 'no department' : escaped(workflow.department, 60);
  return { text: `${slug(workflow)} belongs to ${department} now, and its owner is ${mention(workflow.ownerId)}.` };
}

function article(role: string): string {
  return /^[aeiou]/.test(role) ? 'an' : 'a';
}
