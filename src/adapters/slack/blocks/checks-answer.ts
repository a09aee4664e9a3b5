import type { CheckKind } from '../../../domain/check-result.ts';
import type { ChecksView, EnvironmentChecks } from '../../../use-cases/views.ts';
import { nth, SHOW_CASES } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { checkLine } from './check-lines.ts';
import { fitMessage } from './fit-message.ts';
import { environment, link, moment, slug, typed, version } from './mrkdwn.ts';
import { context, IMPORTANCE, type Part, section } from './parts.ts';

/** Of an environment; the rest is said to be there. */
const SHOWN = 15;
/** Kinds whose results come with cases that people look at. */
const WITH_CASES = new Set<CheckKind>(['tests', 'check', 'shadow']);

/** `/towpath checks WORKFLOW [VERSION] [ENVIRONMENT]`: what was found out about a version, beside what is live. */
export function checksAnswer(view: ChecksView): Answer {
  const title = `What was found out about ${slug(view.workflow)} ${version(view.version)}`;
  const found = view.environments.filter(({ results }) => results.length > 0);
  if (found.length === 0) return { text: `${nothingYet(view)} ${howTo(view)}` };
  return fitMessage(title, [
    section(`*${title}*`, IMPORTANCE.essential),
    ...found.flatMap((one, place) => environmentParts(one, place * SHOWN)),
    context(howTo(view), IMPORTANCE.note),
  ]);
}

function nothingYet({ workflow, version: tag, environments }: ChecksView): string {
  const [only] = environments;
  const where = only === undefined ? '' : ` in ${environment(only.environment)}`;
  return `Nothing was found out about ${slug(workflow)} ${version(tag)}${where} yet.`;
}

function howTo({ workflow, environments }: ChecksView): string {
  const where = environments.length === 1 ? ` ${environments[0]?.environment.name}` : '';
  return `${typed(`/towpath test ${workflow.slug}${where}`)} runs its suite; programs report with ${typed('towpath checks upload')}.`;
}

function environmentParts({ environment: where, results, live }: EnvironmentChecks, first: number): Part[] {
  const beside = live === null ? '' : `, beside ${version(live.version)}, which is live there`;
  const left = results.length - SHOWN;
  return [
    section(`*In ${environment(where)}*${beside}`, IMPORTANCE.needed),
    ...results.slice(0, SHOWN).map((result, i) => {
      const hasCases = WITH_CASES.has(result.kind) && result.state !== 'running';
      const open = hasCases ? button(nth(SHOW_CASES, first + i), 'Cases', { checkId: result.id }) : null;
      const report = result.url === undefined ? '' : ` · ${link(result.url, 'report')}`;
      const from = `${moment(result.at)}, ${SOURCES[result.source]}${report}`;
      const line = `${checkLine(result, live?.results ?? null)}\n      ${from}`;
      // The first ones are of the kinds that most policies ask for.
      return section(line, IMPORTANCE.needed - 1 - i, open ?? undefined);
    }),
    ...(left > 0 ? [context(`and ${left} more, which ${typed('towpath checks list')} shows.`, IMPORTANCE.note)] : []),
  ];
}

const SOURCES = {
  api: 'reported by a program',
  promptfoo: 'reported by promptfoo',
  junit: 'reported as JUnit XML',
  suite: 'run by Towpath',
  runs: 'from its runs',
} as const;
