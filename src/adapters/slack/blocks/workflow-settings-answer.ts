import type { WorkflowSettingsView } from '../../../use-cases/views.ts';
import { BIND_MASKS, EDIT_SETTINGS, nth, SETTINGS_HISTORY, SHOW_PROPOSALS } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { fileMark, layerSection } from './layer-section.ts';
import { environment, inWords, slug, typed, version } from './mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

const MOST_PATHS = 10;

/** `/towpath env ENVIRONMENT WORKFLOW` */
export function workflowSettingsAnswer(view: WorkflowSettingsView): Answer {
  const { own, shared, proposal } = view;
  const title = `Settings of ${slug(view.workflow)} in ${environment(view.environment)}`;
  const marked = fileMark([own, shared]);
  return fitMessage(title, [
    section(`*${title}*${view.number === 0 ? '' : `, number ${view.number}`}`, IMPORTANCE.essential),
    ...(own === null
      ? [section('*Only for it:* nothing was given yet.', IMPORTANCE.needed)]
      : [layerSection('Only for it', own, IMPORTANCE.needed)]),
    ...(shared === null ? [] : [layerSection('For every workflow', shared, IMPORTANCE.changes)]),
    ...missing(view),
    ...(proposal === null
      ? []
      : [
          section(`A change of these settings waits for approval: ${escaped(proposal.needs, 200)}.`, IMPORTANCE.needed),
        ]),
    ...workflowButtons(view),
    context(
      `What is given to it goes before what is given to all.${marked === '' ? '' : ` ${marked}`}`,
      IMPORTANCE.note,
    ),
  ]);
}

/** What keeps its versions from being handed out, or promoted, here. */
function missing({ masks, moreMasks, lacks, environment: where, workflow }: WorkflowSettingsView): Part[] {
  const unbound = masks.filter(({ secret }) => secret === null);
  const count = unbound.length + moreMasks;
  const paths = unbound.slice(0, MOST_PATHS).map(({ path }) => `• ${escaped(path.slice(-200), 220)}`);
  const more = count > MOST_PATHS ? [`and ${count - MOST_PATHS} more`] : [];
  const set = (name: string) => typed(`/towpath env ${where.name} ${workflow.slug} set ${name}=value`);
  return [
    ...(count === 0
      ? []
      : [
          section(
            [
              `⚠️ *${count === 1 ? 'A masked value is' : `${count} masked values are`} bound to no secret:* until then it is handed out to nobody here, nor promoted to here.`,
              ...paths,
              ...more,
            ].join('\n'),
            IMPORTANCE.needed,
          ),
        ]),
    ...lacks.map((lack) =>
      section(
        `⚠️ ${version(lack.version)} names what nothing gives here: ${inWords(lack.names.map((name) => escaped(name, 130)))}. ${set(lack.names[0] ?? 'NAME')} gives one.`,
        IMPORTANCE.needed,
      ),
    ),
  ];
}

function workflowButtons({ environment: where, workflow, masks, proposal }: WorkflowSettingsView): Part[] {
  const layer = { environment: where.name, workflow: workflow.slug };
  const isUnbound = masks.some(({ secret }) => secret === null);
  return buttons([
    button(nth(EDIT_SETTINGS, 0), 'Edit', layer),
    masks.length === 0
      ? null
      : button(nth(BIND_MASKS, 0), 'Bind masked values', layer, isUnbound ? { style: 'primary' } : {}),
    button(nth(SETTINGS_HISTORY, 0), 'Settings history', layer),
    proposal === null ? null : button(nth(SHOW_PROPOSALS, 0), 'What waits for approval', { environment: where.name }),
  ]);
}
