import type { WhyView } from '../../../use-cases/views.ts';
import { OPEN_LINK } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { linkButton } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { environment, mention, moment, slug, typed, version } from './mrkdwn.ts';
import { needs } from './needs.ts';
import { buttons, IMPORTANCE, type Part, section } from './parts.ts';
import { safeMrkdwn } from './safe-mrkdwn.ts';

/**
 * `/towpath why WORKFLOW ENVIRONMENT`: what stands between the two, read from the verdicts that the card and the deployment read.
 * @param linkTo makes an address of a posted message
 */
export function whyAnswer(view: WhyView, linkTo: (card: { channel: string; ts: string }) => string): Answer {
  const title = `${slug(view.workflow)} → ${environment(view.environment)}`;
  return fitMessage(title, [
    section(`*${title}*\n${live(view)}\n${asked(view)}`, IMPORTANCE.essential),
    ...(view.bar === null ? needs(view.requirements) : []),
    ...(view.bar === null && view.requirements.length === 0
      ? [section('Nothing is needed: asking for it deploys it.', IMPORTANCE.needed)]
      : []),
    ...card(view, linkTo),
  ]);
}

function live({ live: there, environment: where }: WhyView): string {
  return there === null ? `Nothing is live in ${environment(where)}` : `Live there: *${version(there)}*`;
}

function asked({ promotion, version: proposed, bar, workflow, environment: where }: WhyView): string {
  if (bar !== null) return safeMrkdwn(bar, 1_000);
  const what = proposed === null ? 'A version' : `*${version(proposed)}*`;
  if (promotion === null)
    return `${what} could go there, and nobody asked for it yet: ${typed(`/promote ${workflow.slug} ${where.name}`)} does.`;
  const later = promotion.deployAt === null ? '' : `, to go live ${moment(promotion.deployAt)}`;
  return `${what} is under review, asked for by ${mention(promotion.requestedBy)} ${moment(promotion.requestedAt)}${later}`;
}

function card({ promotion }: WhyView, linkTo: (card: { channel: string; ts: string }) => string): Part[] {
  if (promotion === null || promotion.card === null) return [];
  return buttons([linkButton(OPEN_LINK, 'Open its card', linkTo(promotion.card))]);
}
