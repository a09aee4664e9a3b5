import { WHOLE } from '../../../domain/rollout.ts';
import type { StatusView } from '../../../use-cases/views.ts';
import { environment, inWords, mention, moment, slug, version } from './mrkdwn.ts';
import { IMPORTANCE, type Part, section } from './parts.ts';
import { whoOf } from './rollout-words.ts';
import { escaped } from './text.ts';

const MOST_ENVIRONMENTS = 15;

/** Where each workflow is live and what is under review; the last ones go first where there are too many. */
export function statusSections(items: readonly StatusView[]): Part[] {
  return items.map((item, i) =>
    section(
      [headline(item), ...environmentLines(item), ...quarantined(item)].join('\n'),
      IMPORTANCE.needed - Math.min(i, 20),
    ),
  );
}

function headline({ workflow, newest }: StatusView): string {
  const department = workflow.department === null ? '' : ` · ${escaped(workflow.department, 60)}`;
  return `*${slug(workflow)}*${department} · owner ${mention(workflow.ownerId)} · newest ${version(newest)} (${escaped(newest.stage, 20)})`;
}

function environmentLines({ environments }: StatusView): string[] {
  if (environments.every(({ live, open }) => live === null && open === null)) return ['Not live anywhere yet'];
  return environments.slice(0, MOST_ENVIRONMENTS).map(environmentLine);
}

function environmentLine({ environment: where, live, candidate, open }: StatusView['environments'][number]): string {
  const now =
    live === null
      ? 'nothing live'
      : `*${version(live.version)}* since ${moment(live.since)} by ${mention(live.deployedBy)}`;
  const review =
    open === null ? '' : ` · under review: ${version(open.version)}, asked for by ${mention(open.requestedBy)}`;
  return `${environment(where)}: ${now}${canary(candidate)}${review}`;
}

/** Below what is live, which is not what everybody gets. */
function canary(candidate: StatusView['environments'][number]['candidate']): string {
  if (candidate === null) return '';
  const { version: tag, share, since } = candidate;
  return `\n      🐤 ${share === WHOLE ? 'but ' : ''}${whoOf(share)} ${share === 0 || share === WHOLE ? 'gets' : 'get'} *${version(tag)}*, a canary since ${moment(since)}`;
}

function quarantined({ quarantined: tags }: StatusView): string[] {
  if (tags.length === 0) return [];
  const names = tags.slice(0, 5).map(version);
  return [
    `Rolled back, can't be promoted: ${inWords(tags.length > 5 ? [...names, `${tags.length - 5} more`] : names)}`,
  ];
}
