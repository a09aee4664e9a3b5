import type { KnownBlock, HomeView as SlackHomeView } from '@slack/types';
import type { HomeView, PromotionLine } from '../../../use-cases/views.ts';
import { nth, OPEN_LINK, OPEN_PUSH, REVIEW } from '../actions/action-ids.ts';
import { button, linkButton } from '../blocks/button.ts';
import { fitParts } from '../blocks/fit-message.ts';
import { environment, inWords, mention, moment, slug, typed, version } from '../blocks/mrkdwn.ts';
import { buttons, context, divider, header, IMPORTANCE, type Part, section } from '../blocks/parts.ts';
import { statusSections } from '../blocks/status-lines.ts';
import { escaped } from '../blocks/text.ts';

const MAX_BLOCKS = 100;
const MAX_CHARACTERS = 100_000;

/** App Home: what waits for this person, what they asked for, and what is live where. Pure. */
export function homeView(view: HomeView, linkTo: (card: { channel: string; ts: string }) => string): SlackHomeView {
  return home([
    header('Waiting for you'),
    ...promotionLines(
      view.waitingForMe,
      { none: 'Nothing waits for your approval.', button: 'Review', isMine: false },
      linkTo,
    ),
    header('You asked for'),
    ...promotionLines(view.askedByMe, { none: 'Nothing you asked for is open.', button: 'Show', isMine: true }, linkTo),
    divider(),
    header('Live now'),
    ...(view.live.length === 0
      ? [section(`There is no workflow yet. ${typed('/towpath push')} brings the first.`, IMPORTANCE.needed)]
      : statusSections(view.live)),
    ...(view.moreWorkflows ? [context(`There are more: ${typed('/towpath status')} lists all.`, IMPORTANCE.note)] : []),
    ...buttons([button(OPEN_PUSH, 'Push a workflow', {})]),
    context(
      `You are ${/^a/.test(view.role) ? 'an' : 'a'} ${escaped(view.role, 20)}${where(view.departments)}. ${typed('/towpath help')} lists the commands.`,
      IMPORTANCE.essential,
    ),
  ]);
}

/** What stands there while nothing can be read. */
export function sorryHome(sentence: string): SlackHomeView {
  return home([section(sentence, IMPORTANCE.essential)]);
}

function home(parts: readonly Part[]): SlackHomeView {
  const blocks: KnownBlock[] = fitParts(parts, MAX_BLOCKS, MAX_CHARACTERS);
  return { type: 'home', blocks };
}

function where(departments: readonly string[]): string {
  return departments.length === 0 ? '' : ` in ${inWords(departments.slice(0, 10).map((d) => escaped(d, 60)))}`;
}

/** Each with its own row: what it is, and the way to look at it before saying yes or no. */
function promotionLines(
  lines: readonly PromotionLine[],
  look: { none: string; button: string; isMine: boolean },
  linkTo: (card: { channel: string; ts: string }) => string,
): Part[] {
  if (lines.length === 0) return [section(look.none, IMPORTANCE.needed)];
  return lines.flatMap((line, i) => [
    section(
      `*${slug(line.workflow)}* ${version(line.version)} → *${environment(line.to)}*\nAsked for ${look.isMine ? '' : `by ${mention(line.requestedBy)} `}${moment(line.requestedAt)}`,
      IMPORTANCE.needed,
    ),
    ...buttons([
      button(nth(REVIEW, i), look.button, { promotionId: line.promotionId }, look.isMine ? {} : { style: 'primary' }),
      line.card === null ? null : linkButton(nth(OPEN_LINK, i), 'Open its card', linkTo(line.card)),
    ]),
  ]);
}
