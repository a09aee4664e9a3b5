import { z } from 'zod';
import { shareText } from '../../../domain/rollout.ts';
import type { StoryPayload } from '../../../use-cases/views.ts';
import { counted, whole } from './figures.ts';
import { fitMessage, type SlackMessage } from './fit-message.ts';
import { mention, moment } from './mrkdwn.ts';
import { IMPORTANCE, type Part, quote, section } from './parts.ts';
import { safeMrkdwn } from './safe-mrkdwn.ts';
import { escaped } from './text.ts';

const by = z.string();
const at = z.iso.datetime();
const reason = z.string();
const share = z.number();
const count = z.number();
const example = z.object({
  input: z.string(),
  live: z.string(),
  proposed: z.string(),
  similarity: z.number().nullable(),
});
const failedCase = z.object({ name: z.string(), message: z.string().nullable() });

/** As it lies in the database: written by an earlier release, perhaps. */
const storySchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('approved'), by, at, remaining: z.string().nullable() }),
  z.object({ event: z.literal('deployed'), by: by.nullable(), at }),
  z.object({ event: z.literal('rejected'), by, at, reason }),
  z.object({ event: z.literal('cancelled'), by, at }),
  z.object({ event: z.literal('expired'), at }),
  z.object({ event: z.literal('stale'), at, reason }),
  z.object({ event: z.literal('review-changed'), at, lines: z.array(z.string()) }),
  z.object({ event: z.literal('objected'), by, at, reason }),
  z.object({ event: z.literal('schedule-missed'), at, lines: z.array(z.string()) }),
  z.object({ event: z.literal('diverged'), at, diverged: count, compared: count, examples: z.array(example) }),
  z.object({ event: z.literal('tests-failed'), at, passed: count, total: count, failed: z.array(failedCase) }),
  z.object({ event: z.literal('source-moved'), at, now: z.string() }),
  z.object({ event: z.literal('rolled-back'), by, at, reason: reason.nullable() }),
  z.object({ event: z.literal('rollout-started'), by: by.nullable(), at, share }),
  z.object({ event: z.literal('rollout-changed'), by, at, share, before: share }),
  z.object({ event: z.literal('rollout-finished'), by, at }),
  z.object({ event: z.literal('rollout-aborted'), by, at, reason: reason.nullable() }),
  z.object({ event: z.literal('rollout-resumed'), by, at, share }),
  z.object({ event: z.literal('rollout-barred'), by, at, environment: z.string() }),
]) satisfies z.ZodType<StoryPayload>;

const SHOWN_LINES = 10;

/** One line of the story that a card's thread tells. @throws ZodError for a payload that is none */
export function storyMessage(payload: unknown): SlackMessage {
  const story = storySchema.parse(payload);
  const sentence = `${sentenceOf(story)} _(${moment(new Date(story.at))})_`;
  return fitMessage(sentence, [section(sentence, IMPORTANCE.essential), ...said(story)]);
}

/** Whether the line is told in the channel itself, too: whoever waits for it there follows no thread. */
export function isForTheChannel(payload: Readonly<Record<string, unknown>>): boolean {
  return payload['event'] === 'schedule-missed';
}

function sentenceOf(story: StoryPayload): string {
  switch (story.event) {
    case 'approved':
      return `${mention(story.by)} approved.${story.remaining === null ? '' : ` Still needed: ${safeMrkdwn(story.remaining, 500)}.`}`;
    case 'deployed':
      return story.by === null
        ? 'Everything needed was there, and it went live.'
        : `Nothing more was needed, and it went live, deployed by ${mention(story.by)}.`;
    case 'rejected':
      return `${mention(story.by)} rejected it.`;
    case 'cancelled':
      return `${mention(story.by)} cancelled the request.`;
    case 'expired':
      return 'The request expired without a decision.';
    case 'stale':
      return 'The request was closed.';
    case 'review-changed':
      return 'What is under review changed, so earlier approvals no longer count.';
    case 'objected':
      return `${mention(story.by)} said no. The request stays open; their yes counts again once they give it anew.`;
    case 'schedule-missed':
      return 'The time that it was scheduled for has come, and something is still missing. It goes live as soon as nothing is.';
    case 'diverged':
      return `Replayed without effects, it answered ${whole(story.diverged)} of ${counted(story.compared, 'input')} otherwise than what is live.`;
    case 'tests-failed':
      return `Its tests ended: ${whole(story.passed)} of ${whole(story.total)} passed.`;
    case 'source-moved':
      return `Another version is live where this one comes from: ${escaped(story.now, 200)}. The request stands.`;
    case 'rolled-back':
      return `${mention(story.by)} rolled it back.`;
    case 'rollout-started':
      return story.by === null
        ? `Everything needed was there, and it started as a canary at ${shareText(story.share)}.`
        : `Nothing more was needed, and it started as a canary at ${shareText(story.share)}, by ${mention(story.by)}.`;
    case 'rollout-changed':
      return `${mention(story.by)} took the canary from ${shareText(story.before)} to ${shareText(story.share)}.`;
    case 'rollout-finished':
      return `${mention(story.by)} finished the canary: everybody gets it now.`;
    case 'rollout-aborted':
      return `${mention(story.by)} aborted the canary: everybody gets what stayed live beside it.`;
    case 'rollout-resumed':
      return `${mention(story.by)} undid the abort: the canary runs again at ${shareText(story.share)}.`;
    case 'rollout-barred':
      return `⚠️ ${mention(story.by)} rolled this version back in ${escaped(story.environment, 100)}. The canary goes on, and can only be aborted.`;
  }
}

/** What somebody wrote, word for word, below the sentence. */
function said(story: StoryPayload): Part[] {
  switch (story.event) {
    case 'stale':
      return [section(safeMrkdwn(story.reason, 500), IMPORTANCE.reason)];
    case 'rejected':
    case 'objected':
    case 'rolled-back':
    case 'rollout-aborted':
      return story.reason === null || story.reason.trim() === '' ? [] : [quote(story.reason, IMPORTANCE.reason)];
    case 'diverged':
      return story.examples.slice(0, 3).map((one) => quote(exampleText(one), IMPORTANCE.changes, 1_500));
    case 'tests-failed':
      return failedLines(story.failed);
    case 'review-changed':
    case 'schedule-missed':
      return story.lines.slice(0, SHOWN_LINES).map((line) => quote(line, IMPORTANCE.changes, 300));
    default:
      return [];
  }
}

const LONGEST = 450;

function exampleText({ input, live, proposed, similarity }: z.infer<typeof example>): string {
  const alike = similarity === null ? '' : ` (similarity ${Math.floor(similarity * 100) / 100})`;
  const cut = (text: string) => (text.trim() === '' ? '–' : text.slice(0, LONGEST).toWellFormed());
  return `Input: ${cut(input)}\nLive: ${cut(live)}\nProposed${alike}: ${cut(proposed)}`;
}

function failedLines(failed: readonly z.infer<typeof failedCase>[]): Part[] {
  const lines = failed.slice(0, 5).map(({ name, message }) => {
    return `✗ *${escaped(name, 150)}*${message === null ? '' : `: ${escaped(message, 300)}`}`;
  });
  return lines.length === 0 ? [] : [section(lines.join('\n'), IMPORTANCE.changes)];
}
