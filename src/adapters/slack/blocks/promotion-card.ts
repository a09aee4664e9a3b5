import { shareText, WHOLE } from '../../../domain/rollout.ts';
import type { PromotionView } from '../../../use-cases/views.ts';
import { approvals, rejections } from './approvals.ts';
import { changes, changesInEffect } from './changes.ts';
import { checklist } from './checklist.ts';
import { fitMessage, type SlackMessage } from './fit-message.ts';
import { environment, mention, moment, slug, typed, version } from './mrkdwn.ts';
import { stillNeeded } from './needs.ts';
import { context, header, IMPORTANCE, type Part, quote, section } from './parts.ts';
import { picture, type ShownPicture } from './picture.ts';
import { canaryButtons, holdButtons, promotionButtons } from './promotion-buttons.ts';
import { statusInWords, statusLine } from './promotion-status.ts';
import { ridesAlong, sinceApproved } from './rides-along.ts';
import { risk } from './risk.ts';
import { barred, movedOn, whoOf } from './rollout-words.ts';
import { testsOnCard } from './tests-on-card.ts';

/**
 * A promotion's card in whatever state it is, so that a lead on a phone can judge it in ten seconds. Pure.
 * @param wide the address of the comparison's page, where there is one
 * @param shown the picture of what changes, where Slack has one
 */
export function promotionCard(
  view: PromotionView,
  note?: Part,
  wide: string | null = null,
  shown: ShownPicture | null = null,
): SlackMessage {
  return fitMessage(summary(view), [
    header(`${begins(view)}${view.workflow.slug} · ${view.from.name} → ${view.to.name}`),
    ...statusLine(view),
    ...canaryWarnings(view),
    ...canaryButtons(view),
    section(facts(view), IMPORTANCE.essential),
    ...(view.reason === null ? [] : [quote(view.reason, IMPORTANCE.reason)]),
    ...(note ? [note] : []),
    risk(view.diff.risk),
    changes(comparison(view), view.diff, firstThere(view)),
    ...changesInEffect(view.to.name, view.inEffect),
    ...(shown === null ? [] : [picture(shown)]),
    ...ridesAlong(view),
    ...sinceApproved(view),
    ...stillNeeded(view),
    ...testsOnCard(view),
    ...checklist(view),
    ...approvals(view),
    ...rejections(view),
    ...warnings(view),
    ...promotionButtons(view, wide),
    ...holdButtons(view),
    ...expiry(view),
  ]);
}

/** First, so that no name is too long for it: not everybody gets this one. */
function begins({ status, canary, deployment }: PromotionView): string {
  const share = status === 'deployed' ? (deployment?.status === 'candidate' ? deployment.share : null) : canary;
  return share === null ? '' : `Canary ${shareText(share)} · `;
}

/** One sentence for the notification. */
function summary(view: PromotionView): string {
  const what = `${slug(view.workflow)} ${version(view.version)}`;
  const canary = view.canary === null ? '' : `, as a canary at ${shareText(view.canary)}`;
  return view.status === 'open'
    ? `${mention(view.requestedBy)} asks to take ${what} from ${environment(view.from)} to ${environment(view.to)}${canary}`
    : `${what} to ${environment(view.to)}: ${statusInWords(view)}`;
}

function facts(view: PromotionView): string {
  const { version: proposed } = view;
  const by = proposed.author === view.requestedBy ? '' : `, written by ${mention(proposed.author)}`;
  return [
    `*${version(proposed)}*, ${insteadOf(view)}${by}`,
    ...atFirst(view),
    ...later(view),
    `Asked for by ${mention(view.requestedBy)} ${moment(view.requestedAt)}`,
  ].join('\n');
}

function insteadOf({ status, replaces, canary, deployment }: PromotionView): string {
  const isBeside = deployment === null ? canary !== null : ['candidate', 'aborted'].includes(deployment.status);
  if (replaces === null) return status === 'deployed' ? 'the first there' : 'nothing is live there yet';
  if (isBeside) return `beside ${version(replaces)}`;
  return `${status === 'deployed' ? 'replaced' : 'replaces'} ${version(replaces)}`;
}

/** What approving a canary does, and what it leaves for later. */
function atFirst({ status, canary, to, replaces }: PromotionView): string[] {
  if (status !== 'open' || canary === null) return [];
  const others =
    replaces === null || canary === WHOLE ? '' : ` The others keep ${version(replaces)} until it is finished.`;
  const get = canary === 0 || canary === WHOLE ? 'gets' : 'get';
  return [
    `Once approved, ${whoOf(canary)} in ${environment(to)} ${get} it.${others}`,
    'Approve it as if for everybody: giving it to more, and finishing it, asks for no further approval.',
  ];
}

/** Asked for with a time: said where everybody looks, also once nothing else is missing. */
function later({ status, deployAt }: PromotionView): string[] {
  if (status !== 'open' || deployAt === null) return [];
  return [`🕒 To go live *${moment(deployAt)}*, if everything needed is there then`];
}

/** What whoever gives it to more should know before. */
function canaryWarnings({ deployment, version: candidate }: PromotionView): Part[] {
  if (deployment?.rollout == null) return [];
  const { steps, sinceApproved } = deployment.rollout;
  return [...(steps === 'none' ? [section(barred(candidate), IMPORTANCE.needed)] : []), ...movedOn(sinceApproved)];
}

function comparison({ replaces, version: proposed }: PromotionView): string {
  return replaces === null ? 'What it does' : `What changes, v${replaces.number} → v${proposed.number}`;
}

function firstThere({ replaces, to }: PromotionView): string {
  return replaces === null
    ? `The first version in ${environment(to)}: there is nothing to compare it with.`
    : 'No functional change.';
}

/** What a reviewer should know before deciding. */
function warnings(view: PromotionView): Part[] {
  if (view.status !== 'open') return [];
  const moved =
    view.sourceMovedTo === null
      ? []
      : [
          `Live in ${environment(view.from)} is now ${version(view.sourceMovedTo)}. This request is still for ${version(view.version)}.`,
        ];
  const nobody = view.nobodyCanApprove
    ? [
        `Nobody but ${mention(view.requestedBy)} could approve this. An admin can change that with ${typed('/towpath role @person lead')}.`,
      ]
    : [];
  return [...moved, ...nobody].map((sentence) => section(`⚠️ ${sentence}`, IMPORTANCE.needed));
}

function expiry(view: PromotionView): Part[] {
  return view.status === 'open' ? [context(`Expires ${moment(view.expiresAt)}`, IMPORTANCE.note)] : [];
}
