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
  const review =
    open === null ? '' : ` · under review: ${version(open.version)}, asked for by ${mention(open.requestedBy)}`;
  return `${environment(where)}: ${whatRuns(live, candidate)}${review}`;
}

type There = StatusView['environments'][number];

/** What most get stands first: beside a canary at 100% what is live runs for nobody. */
function whatRuns(live: There['live'], candidate: There['candidate']): string {
  if (live === null) return 'nothing live';
  const since = `since ${moment(live.since)} by ${mention(live.deployedBy)}`;
  if (candidate === null) return `*${version(live.version)}* ${since}`;
  const { version: next, share } = candidate;
  const canary = `🐤 *${version(next)}* for ${whoOf(share)}, a canary since ${moment(candidate.since)}`;
  return share === WHOLE
    ? `${canary}\n↳ *${version(live.version)}* stands by, live ${since}`
    : `*${version(live.version)}* ${since}\n↳ ${canary}`;
}

function quarantined({ quarantined: tags }: StatusView): string[] {
  if (tags.length === 0) return [];
  const names = tags.slice(0, 5).map(version);
  return [
    `Rolled back, can't be promoted: ${inWords(tags.length > 5 ? [...names, `${tags.length - 5} more`] : names)}`,
  ];
}
