import type { SettingsComparisonView, SettingsView } from '../../../use-cases/views.ts';
import { EDIT_SETTINGS, nth, SETTINGS_HISTORY, SHOW_PROPOSALS } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { fileMark, layerSection } from './layer-section.ts';
import { channel, environment, slug, typed } from './mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

/*
 * What `/towpath env` shows, privately.
 */

/** `/towpath env ENVIRONMENT` */
export function settingsAnswer(view: SettingsView): Answer {
  const { own, workflows } = view;
  const title = `Settings of ${environment(view.environment)}`;
  return fitMessage(title, [
    section(`*${title}*${view.number === 0 ? '' : `, number ${view.number}`}`, IMPORTANCE.essential),
    ...(own === null
      ? [section('*For every workflow:* nothing was given yet.', IMPORTANCE.needed)]
      : [layerSection('For every workflow', own, IMPORTANCE.needed)]),
    ...workflows.map((given, index) =>
      layerSection(`Only for ${slug(given.workflow)}`, given, IMPORTANCE.approvals - index),
    ),
    ...(view.moreWorkflows ? [context('More workflows have settings of their own.', IMPORTANCE.note)] : []),
    ...whatCanBeDone(view),
    context(sharedOrOwn(view), IMPORTANCE.note),
  ]);
}

function whatCanBeDone({ environment: where, waiting }: SettingsView): Part[] {
  const layer = { environment: where.name };
  const waits = waiting === 1 ? '1 change waits for approval' : `${waiting} changes wait for approval`;
  return buttons([
    button(nth(EDIT_SETTINGS, 0), 'Edit', layer),
    button(nth(SETTINGS_HISTORY, 0), 'Settings history', layer),
    waiting === 0 ? null : button(nth(SHOW_PROPOSALS, 0), waits, layer, { style: 'primary' }),
  ]);
}

/** What an environment has for itself beside these, and what the mark means. */
function sharedOrOwn(view: SettingsView): string {
  const marked = fileMark([view.own, ...view.workflows]);
  const posted = view.channel === null ? 'no channel of its own' : `its channel ${channel(view.channel)}`;
  const webhooks = view.webhooks === 0 ? 'no webhook' : view.webhooks === 1 ? '1 webhook' : `${view.webhooks} webhooks`;
  return [
    `It has ${posted} and ${webhooks}. What is given to one workflow goes before what is given to all: ${typed(`/towpath env ${view.environment.name} WORKFLOW`)}. ${typed('/towpath env')} says what all environments share.`,
    ...(marked === '' ? [] : [marked]),
  ].join(' ');
}

/** `/towpath env diff A B` */
export function settingsComparisonAnswer(view: SettingsComparisonView): Answer {
  const [from, to] = [environment(view.from), environment(view.to)];
  if (view.differences.length === 0)
    return { text: `${from} and ${to} give the same, to every workflow and to single ones.` };
  const title = `What ${from} and ${to} give otherwise`;
  const lines = view.differences.map(({ workflow, name, from: was, to: is }) => {
    const what = `${workflow === null ? '' : `${escaped(workflow, 80)}: `}${escaped(name, 140)}`;
    if (was === null) return `• ${what}: only in ${to}, ${escaped(is ?? '', 130)}`;
    if (is === null) return `• ${what}: only in ${from}, ${escaped(was, 130)}`;
    return `• ${what}: ${escaped(was, 130)} → ${escaped(is, 130)}`;
  });
  return fitMessage(title, [
    section(`*${title}* (${from} → ${to})`, IMPORTANCE.essential),
    ...chunked(lines).map((chunk, index) => section(chunk.join('\n'), IMPORTANCE.needed - index)),
    ...(view.more > 0 ? [context(`and ${view.more} more`, IMPORTANCE.note)] : []),
    context(`What a version makes of it: ${typed('/towpath diff WORKFLOW A B')}.`, IMPORTANCE.note),
  ]);
}

const LINES_A_SECTION = 10;

function chunked(lines: readonly string[]): string[][] {
  const chunks: string[][] = [];
  for (let at = 0; at < lines.length; at += LINES_A_SECTION) chunks.push(lines.slice(at, at + LINES_A_SECTION));
  return chunks;
}
