import type { UseCases } from '../../../use-cases/use-cases.ts';
import type { RunFiguresView, RunView } from '../../../use-cases/views.ts';
import type { Answer } from '../answers/answer.ts';
import { counted, dollars, latency, percent, short, whole } from './figures.ts';
import { fitMessage } from './fit-message.ts';
import { environment, link, moment, slug, typed, version } from './mrkdwn.ts';
import { context, IMPORTANCE, type Part, section } from './parts.ts';
import { escaped } from './text.ts';

/** Versions and environments shown; the ones that ran last. */
const MOST_FIGURES = 12;

/** `/towpath runs WORKFLOW [ENVIRONMENT]`: how each version's runs went, and the last ones. */
export function runsAnswer(
  { workflow, since, figures }: Awaited<ReturnType<UseCases['summarizeRuns']>>,
  last: readonly RunView[],
  asked: { environment?: string },
): Answer {
  const name = slug(workflow);
  if (last.length === 0) {
    const where = asked.environment === undefined ? '' : ' there';
    return {
      text: `No run of ${name} was reported${where}. Whatever runs it reports runs with ${typed('POST /api/v1/runs')}.`,
    };
  }
  const title = `Runs of ${name} since ${moment(since)}`;
  const more = figures.length - MOST_FIGURES;
  return fitMessage(title, [
    section(`*${title}*`, IMPORTANCE.essential),
    ...figures.slice(0, MOST_FIGURES).map((one, i) => section(figuresLines(one), IMPORTANCE.needed - i)),
    ...(figures.length === 0 ? [section('None in this time.', IMPORTANCE.needed)] : []),
    ...(more > 0 ? [context(`and ${more} more. Name an environment to see its own.`, IMPORTANCE.note)] : []),
    section('*The last ones*', IMPORTANCE.reason),
    ...last.map((run, i) => lastRun(run, i)),
  ]);
}

function figuresLines(figures: RunFiguresView): string {
  const { runs, failed, cancelled, errorRate, p50, p95, cost, inputTokens, outputTokens } = figures;
  const outcome = [
    counted(runs, 'run'),
    ...(errorRate === null ? [] : [`${percent(errorRate)} failed${failed === 0 ? '' : ` (${whole(failed)})`}`]),
    ...(cancelled === 0 ? [] : [`${whole(cancelled)} cancelled`]),
  ];
  const effort = [
    `latency p50 ${latency(p50)}, p95 ${latency(p95)}`,
    ...(cost === null ? [] : [`${dollars(cost)} in all, ${dollars(cost / runs)} a run`]),
    ...(inputTokens === null && outputTokens === null
      ? []
      : [`${short(inputTokens ?? 0)} tokens in, ${short(outputTokens ?? 0)} out`]),
  ];
  return `*${version(figures.version)}* in ${environment(figures.environment)}: ${outcome.join(', ')}\n${effort.join(' · ')}`;
}

const OUTCOMES = { succeeded: 'succeeded', failed: '*failed*', cancelled: 'was cancelled' } as const;

/** The later in the list, the less it matters. */
function lastRun(run: RunView, index: number): Part {
  const parts = [
    `${moment(run.started)}: ${version(run.version)} in ${environment(run.environment)} ${OUTCOMES[run.outcome]} after ${latency(run.durationMs)}`,
    ...(run.cost === null ? [] : [dollars(run.cost)]),
    ...(run.traceUrl === null ? [] : [link(run.traceUrl, 'trace')]),
  ];
  const error = run.error === null ? '' : `\n“${escaped(run.error, 200)}”`;
  return section(`${parts.join(' · ')}${error}`, IMPORTANCE.changes - index);
}
