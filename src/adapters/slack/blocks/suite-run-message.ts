import type { KnownBlock } from '@slack/types';
import { counterpartOf } from '../../../domain/check-result.ts';
import { durationText } from '../../../domain/requirements/figures-in-words.ts';
import { isUnderWay } from '../../../domain/suite/suite-run.ts';
import type { KeptCheck } from '../../../use-cases/ports.ts';
import type { CheckCaseView, SuiteRunView } from '../../../use-cases/views.ts';
import { RUN_TESTS, SHOW_CASES, STOP_TESTS } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { caseParts } from './case-parts.ts';
import { shortFigure } from './check-lines.ts';
import { counted, dollars, whole } from './figures.ts';
import { fitMessage, type SlackMessage } from './fit-message.ts';
import { environment, mention, moment, slug, version } from './mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from './parts.ts';
import { escaped, plain } from './text.ts';

/** Cases shown with what they gave out; the rest opens by the button. */
const SHOWN = 5;

/**
 * A run of a suite, or a replay, in whatever state it is: how far it is, and at its end what a lead reads in ten seconds, beside what is
 * live. Pure.
 */
export function suiteRunMessage(run: SuiteRunView, note?: Part): SlackMessage {
  const title = `${run.kind === 'suite' ? 'Tests' : 'Replay'} of ${slug(run.workflow)} ${version(run.version)} in ${environment(run.environment)}`;
  const ended = !isUnderWay(run.state);
  return fitMessage(`${title}: ${howItStands(run)}`, [
    section(`*${title}*\n${mark(run)} ${howItStands(run)}`, IMPORTANCE.essential),
    ...(note ? [note] : []),
    ...why(run),
    ...(ended ? [...figuresTable(run), ...casesToSee(run)] : []),
    ...runButtons(run),
    context(smallPrint(run), IMPORTANCE.note),
  ]);
}

/** What whoever asked is told at once: the message shows the rest. */
export function testedAnswer({ already, workflow, version: tag, environment: where, total }: Asked): Answer {
  const what = `${slug(workflow)} ${version(tag)} in ${environment(where)}`;
  return {
    text: already
      ? `The tests of ${what} run already. Their message shows how far they are.`
      : `Testing ${what}: ${counted(total, 'case')}. A message here shows how it goes.`,
  };
}
type Asked = SuiteRunView & { already: boolean };

/** One line, without a mark: `12 of 40 so far, 1 failed`. Escaped. */
export function howItStands(run: SuiteRunView): string {
  const { kind, state, total, done, passed, failed, notJudged, errored } = run;
  const bad = kind === 'suite' ? 'failed' : 'diverged';
  const rest = [
    ...(failed === 0 ? [] : [`${whole(failed)} ${bad}`]),
    ...(errored === 0 ? [] : [`${whole(errored)} errored`]),
    ...(notJudged === 0 ? [] : [`${whole(notJudged)} ${kind === 'suite' ? 'not judged' : 'not comparable'}`]),
  ].map((part) => `, ${part}`);
  const what = kind === 'suite' ? 'case' : 'input';
  switch (state) {
    case 'queued':
      return `waiting for its turn, ${counted(total, what)}`;
    case 'running':
      return `${whole(done)} of ${whole(total)} so far${rest.join('')}`;
    case 'completed':
      return `${whole(passed)} of ${whole(total)} ${kind === 'suite' ? 'passed' : 'answered alike'}${rest.join('')}${likeness(run)}`;
    case 'failed':
      return `could not be carried out, after ${whole(done)} of ${whole(total)}`;
    case 'stopped':
      return `stopped after ${whole(done)} of ${whole(total)}${rest.join('')}`;
  }
}

/** Of a replay that compared anything. */
function likeness({ kind, results }: SuiteRunView): string {
  const score = kind === 'shadow' ? results.find((result) => result.kind === 'shadow')?.score : undefined;
  return score === undefined ? '' : `, similarity ${Math.floor(score * 100) / 100} on average`;
}

function mark({ state, passed, total }: SuiteRunView): string {
  if (state === 'queued' || state === 'running') return '⏳';
  if (state !== 'completed') return '⚠️';
  return passed === total ? '✓' : '✗';
}

function why({ detail }: SuiteRunView): Part[] {
  return detail === null || detail === '' ? [] : [section(escaped(detail, 500), IMPORTANCE.needed)];
}

const ROWS: readonly (readonly [KeptCheck['kind'], string])[] = [
  ['tests', 'Pass rate'],
  ['quality', 'Quality'],
  ['cost', 'Cost of a run'],
  ['latency', 'Latency, p95'],
];
const MOST_ROWS = 10;

/** What it found out, beside the same of what is live. Nothing where it tells no figure. */
function figuresTable({ results, live, version: tag }: SuiteRunView): Part[] {
  const rows = ROWS.flatMap(([kind, called]) =>
    results
      .filter((result) => result.kind === kind && result.state !== 'running')
      .flatMap((result) => {
        const figure = shortFigure(result);
        const name = kind === 'quality' ? capital(result.name) : called;
        return figure === null ? [] : [[name, figure, ...(live === null ? [] : [liveFigure(result, live.results)])]];
      }),
  ).slice(0, MOST_ROWS);
  if (rows.length === 0) return [];
  const head = ['', `v${tag.number}`, ...(live === null ? [] : [`Live (v${live.version.number})`])];
  const cell = (text: string) => ({ type: 'raw_text' as const, text: plain(text, 60) });
  const block: KnownBlock = {
    type: 'table',
    column_settings: [{ is_wrapped: true }, { align: 'right' }, { align: 'right' }],
    rows: [head, ...rows].map((row) => row.map((text) => (text === '' ? { type: 'raw_text', text: ' ' } : cell(text)))),
  };
  return [{ block, importance: IMPORTANCE.approvals }];
}

function capital(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function liveFigure(result: KeptCheck, live: readonly KeptCheck[]): string {
  const ended = live.filter(({ state }) => state !== 'errored' && state !== 'running');
  const other = counterpartOf(result, ended);
  return (other === undefined ? null : shortFigure(other)) ?? '–';
}

const GOOD = new Set<CheckCaseView['state']>(['passed', 'alike', 'skipped', 'notRun']);

function casesToSee({ kind, cases }: SuiteRunView): Part[] {
  const bad = cases.filter(({ state }) => !GOOD.has(state));
  if (bad.length === 0) return [];
  const left = bad.length - SHOWN;
  const title = kind === 'suite' ? 'Did not pass' : 'Diverged';
  return [
    section(`*${title}*${left > 0 ? `, the first ${SHOWN} of ${whole(bad.length)}` : ''}`, IMPORTANCE.changes),
    ...bad.slice(0, SHOWN).flatMap((one, i) => caseParts(one, IMPORTANCE.changes - i)),
  ];
}

function runButtons({ id, kind, state, workflow, environment: where, version: tag, results, cases }: SuiteRunView) {
  if (isUnderWay(state)) return buttons([button(STOP_TESTS, 'Stop', { runId: id })]);
  const asked = { workflow: workflow.slug, version: `v${tag.number}`, environment: where.name, kind };
  const first = results[0];
  return buttons([
    cases.length === 0 || first === undefined ? null : button(SHOW_CASES, 'All cases', { checkId: first.id }),
    button(RUN_TESTS, 'Run again', asked),
  ]);
}

function smallPrint({ state, askedBy, askedAt, startedAt, endedAt, cost, suite, budget }: SuiteRunView): string {
  const took =
    startedAt === null || endedAt === null
      ? []
      : [`took ${durationText(Math.max(0, endedAt.getTime() - startedAt.getTime()))}`];
  const far = isUnderWay(state) ? 'so far' : 'in all';
  const most = budget === null ? '' : `, at most ${dollars(budget)}`;
  return [
    askedBy === 'clock' ? `Run by itself ${moment(askedAt)}` : `Asked for by ${mention(askedBy)} ${moment(askedAt)}`,
    ...took,
    ...(cost === 0 ? [] : [`${dollars(cost)} ${far}${most}`]),
    ...(suite === null ? [] : [`suite ${suite}`]),
  ].join(' · ');
}
