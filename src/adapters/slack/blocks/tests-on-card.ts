import type { Button } from '@slack/types';
import { isUnderWay } from '../../../domain/suite/suite-run.ts';
import type { PromotionView, RunOnCard, TestsOfPromotion } from '../../../use-cases/views.ts';
import { nth, RUN_TESTS, SHOW_CASES, STOP_TESTS } from '../actions/action-ids.ts';
import { button } from './button.ts';
import { counted, whole } from './figures.ts';
import { slug, typed } from './mrkdwn.ts';
import { buttons, context, IMPORTANCE, type Part, section } from './parts.ts';

/**
 * What Towpath runs on what is under review: how far it is while it runs, and then what can be looked at and done. What it came to
 * stands among what is needed.
 */
export function testsOnCard(view: PromotionView): Part[] {
  const { tests, status, id: promotionId } = view;
  if (status !== 'open' || tests === null) return [];
  const { suite, replay, hasSuite } = tests;
  const running = [progress('Tests', suite, promotionId, 0), progress('Replay', replay, promotionId, 1)];
  const cases = [
    casesButton(suite, { failed: 'failed', one: 'case' }, promotionId, 0),
    casesButton(replay, { failed: 'diverged', one: 'input' }, promotionId, 1),
  ];
  const again = [hasSuite ? runButton(view, suite) : null, replayButton(view, replay)];
  return [...running.flatMap((part) => part ?? []), ...howToTest(view, tests), ...buttons([...cases, ...again])];
}

/** Where tests are asked for and there is nothing to run: whoever asked would wait for ever. */
function howToTest({ requirements, workflow }: PromotionView, { hasSuite, suite }: TestsOfPromotion): Part[] {
  const isMissing = requirements.some(({ kind, state }) => kind === 'tests' && state !== 'met');
  if (hasSuite || suite !== null || !isMissing) return [];
  const how = `${typed(`/towpath suite ${workflow.slug}`)} gives it one that Towpath runs; programs report with ${typed('towpath checks upload')}.`;
  return [context(`${slug(workflow)} has no suite: ${how}`, IMPORTANCE.note)];
}

/** `⏳ Tests: 12 of 40 so far, 1 did not pass` */
function progress(called: string, run: RunOnCard | null, promotionId: string, index: number): Part | null {
  if (run === null || !isUnderWay(run.state)) return null;
  const { id: runId, done, total, failed, errored } = run;
  const bad = failed + errored;
  const far =
    run.state === 'queued'
      ? 'waiting for its turn'
      : `${whole(done)} of ${whole(total)} so far${bad === 0 ? '' : `, ${whole(bad)} ${called === 'Tests' ? 'did not pass' : 'diverged'}`}`;
  const stop = button(nth(STOP_TESTS, index), 'Stop', { runId, promotionId });
  return section(`⏳ *${called}*: ${far}`, IMPORTANCE.needed, stop ?? undefined);
}

function casesButton(
  run: RunOnCard | null,
  words: { failed: string; one: string },
  promotionId: string,
  index: number,
): Button | null {
  if (run === null || run.checkId === null || isUnderWay(run.state)) return null;
  const bad = run.failed + run.errored;
  const text = bad === 0 ? `All ${counted(run.total, words.one)}` : `${counted(bad, words.one)} ${words.failed}`;
  return button(nth(SHOW_CASES, index), text, { checkId: run.checkId, promotionId });
}

/** Of one that came to no end: what diverged once diverges again. */
function replayButton({ id, workflow, version, to }: PromotionView, run: RunOnCard | null): Button | null {
  if (run === null || (run.state !== 'failed' && run.state !== 'stopped')) return null;
  const asked = { workflow: workflow.slug, version: `v${version.number}`, environment: to.name, promotionId: id };
  return button(nth(RUN_TESTS, 1), 'Replay again', { ...asked, kind: 'shadow' });
}

function runButton({ id, workflow, version, to }: PromotionView, run: RunOnCard | null): Button | null {
  if (run !== null && isUnderWay(run.state)) return null;
  const asked = { workflow: workflow.slug, version: `v${version.number}`, environment: to.name, promotionId: id };
  return button(RUN_TESTS, run === null ? 'Run the tests' : 'Run tests again', asked);
}
