import { z } from 'zod';
import { dollars, milliseconds, moment, named, table, versionSchema, who } from './describe.ts';
import { restOf, whoOf } from './parse-share.ts';
import type { Line } from './terminal.ts';

/** What the API says of canaries, as far as the command line reads it. */
const side = z.object({
  runs: z.number(),
  errorRate: z.number().nullable(),
  costPerRun: z.number().nullable(),
  latencyMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable() }),
});

const waiting = z.object({ version: versionSchema, canary: z.number().nullable() });

export const rolloutSchema = z.object({
  workflow: z.string(),
  environment: z.string(),
  candidate: z.object({
    deployment: z.string(),
    version: versionSchema,
    share: z.number(),
    startedBy: z.string(),
    startedAt: z.string(),
  }),
  active: z.object({ version: versionSchema }),
  quarantined: z.boolean(),
  sinceApproved: z.array(z.string()).default([]),
  waiting: waiting.nullish(),
  runs: z.object({ since: z.string(), candidate: side, active: side }),
});
export type Rollout = z.infer<typeof rolloutSchema>;

export const changeSchema = z.object({
  outcome: z.enum(['changed', 'finished', 'aborted', 'resumed']),
  changed: z.boolean(),
  workflow: z.string(),
  environment: z.string(),
  version: versionSchema,
  share: z.number(),
  before: z.number().nullable(),
  active: z.object({ version: versionSchema }),
  superseded: versionSchema.nullable(),
  followed: waiting.nullish(),
  by: z.string(),
  undoUntil: z.string().nullable(),
});
export type RolloutChange = z.infer<typeof changeSchema>;

/** Which version is live for whom, and how each does. */
export function rolloutLines({
  workflow,
  environment,
  candidate,
  active,
  quarantined,
  sinceApproved,
  runs,
}: Rollout): Line[] {
  const { version, share, startedBy, startedAt } = candidate;
  const head = ['version', 'who gets it', 'runs', 'errors', 'p50', 'p95', 'cost a run'];
  return [
    [
      'bold',
      `Canary of ${named(version)} of ${workflow} in ${environment} at ${share}%, started by ${who(startedBy)} ${moment(startedAt)}`,
    ],
    ...table(
      [
        head,
        [`${named(version)}, the canary`, whoOf(share), ...figures(runs.candidate)],
        [`${named(active.version)}, live before`, others(share), ...figures(runs.active)],
      ],
      '  ',
    ),
    ['dim', `  Runs since ${moment(runs.since)}.`],
    ...(quarantined
      ? [`${named(version)} was rolled back elsewhere and can’t be given to more: abort is what is left.`]
      : []),
    ...sinceApproved.map((line): Line => ['yellow', `Since it was approved: ${line}`]),
  ];
}

function others(share: number): string {
  if (share === 100) return 'nobody, it stands by';
  return share === 0 ? 'everybody' : `${restOf(share)}%, and runs without a key`;
}

function figures({ runs, errorRate, costPerRun, latencyMs: { p50, p95 } }: z.infer<typeof side>): string[] {
  return [
    String(runs),
    errorRate === null ? '–' : `${(errorRate * 100).toFixed(1)}%`,
    ...[p50, p95].map((time) => (time === null ? '–' : milliseconds(time))),
    dollars(costPerRun),
  ];
}

/** What was done, and who gets what now. */
export function changeLines(change: RolloutChange): Line[] {
  const { outcome, changed, workflow, environment, version, share, before, active, superseded, followed } = change;
  const what = `${named(version)} of ${workflow}`;
  if (outcome === 'aborted') return abortedLines(change);
  if (!changed && outcome === 'finished')
    return [`The canary of ${what} in ${environment} was finished already. Nothing was changed.`];
  if (outcome === 'finished')
    return [
      [
        'green',
        isOver(followed) ? `The canary of ${what} is finished.` : `Everybody in ${environment} gets ${what} now.`,
      ],
      ...followedLines(change),
      ...(superseded === null ? [] : [`${named(superseded)} went; towpath rollback brings it back.`]),
    ];
  const moved = changed && before !== null ? `, ${before}% before` : '';
  return [
    [
      'green',
      `${changed ? 'The' : 'It is so already: the'} canary of ${what} in ${environment} is at ${share}%${moved}.`,
    ],
    `${sentence(whoOf(share))} ${share === 0 || share === 100 ? 'gets' : 'get'} ${named(version)}${share === 100 ? '' : `, all others ${named(active.version)}`}.`,
  ];
}

/** @param isOfRollback what was asked for was a rollback, which took out the canary alone */
export function abortedLines(change: RolloutChange, isOfRollback = false): Line[] {
  const { changed, workflow, environment, version, active, by, undoUntil, followed } = change;
  const undo = undoUntil === null || by === 'api' ? '' : ` ${who(by)} can undo it in Slack until ${moment(undoUntil)}.`;
  const what = `canary of ${named(version)} of ${workflow}`;
  if (!changed) return [`The ${what} in ${environment} was aborted already. Nothing was changed.`];
  return [
    ['green', `The ${what} is out of ${environment}.`],
    ...(isOver(followed) ? [] : [`Everybody there gets ${named(active.version)}, which stayed live.${undo}`]),
    ...followedLines(change),
    ...(isOfRollback ? [`${named(active.version)} was not rolled back. Run this again to roll that back, too.`] : []),
  ];
}

/** Whether something else has taken everybody since. */
function isOver(followed: RolloutChange['followed']): boolean {
  return followed != null && followed.canary === null;
}

function followedLines({ followed, environment }: RolloutChange): Line[] {
  if (followed == null) return [];
  const what =
    followed.canary === null ? `is live in ${environment} now` : `started as a canary at ${followed.canary}%`;
  return [`${named(followed.version)} had waited for that with all that it needs, and ${what}.`];
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
