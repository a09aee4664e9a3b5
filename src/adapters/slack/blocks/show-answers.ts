import { shareText } from '../../../domain/rollout.ts';
import type { UseCases } from '../../../use-cases/use-cases.ts';
import type { DiffView, HistoryEntry, StatusView } from '../../../use-cases/views.ts';
import { FULL_DIFF, MORE_HISTORY, MORE_STATUS, MORE_WEBHOOKS, REDELIVER } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { changes, changesInEffect } from './changes.ts';
import { fitMessage } from './fit-message.ts';
import { duration, environment, inWords, mention, moment, slug, typed, version } from './mrkdwn.ts';
import { buttons, context, header, IMPORTANCE, type Part, section } from './parts.ts';
import { wideScreen } from './promotion-buttons.ts';
import { risk } from './risk.ts';
import { statusSections } from './status-lines.ts';
import { escaped } from './text.ts';

/*
 * What `/towpath status`, `history`, `diff`, `roles` and `webhooks` show, privately and page by page.
 */

/** `/towpath status [WORKFLOW]` */
export function statusAnswer(
  { items, cursor }: { items: StatusView[]; cursor: string | null },
  asked: { workflow?: string },
): Answer {
  if (items.length === 0) return { text: `There is no workflow yet. ${typed('/towpath push')} brings the first.` };
  const more = cursor === null ? null : button(MORE_STATUS, 'More workflows', { cursor, ...asked });
  return fitMessage(`What is live where: ${inWords(items.slice(0, 5).map((item) => slug(item.workflow)))}`, [
    ...statusSections(items),
    ...buttons([more]),
  ]);
}

/** `/towpath history WORKFLOW [ENVIRONMENT]` */
export function historyAnswer(
  { workflow, items, cursor }: Awaited<ReturnType<UseCases['showHistory']>>,
  asked: { workflow: string; environment?: string },
): Answer {
  const title = `History of ${slug(workflow)}`;
  if (items.length === 0)
    return {
      text: `${slug(workflow)} was never live${asked.environment === undefined ? '' : ' there'}. ${typed(`/deploy ${workflow.slug}`)} puts it into the first environment.`,
    };
  const more = cursor === null ? null : button(MORE_HISTORY, 'Earlier', { cursor, ...asked });
  return fitMessage(title, [
    section(`*${title}*`, IMPORTANCE.essential),
    ...items.map((entry, i) => historyEntry(entry, i)),
    ...buttons([more]),
  ]);
}

const STATUS_WORDS = {
  active: 'live',
  superseded: 'superseded',
  rolled_back: 'rolled back',
  candidate: 'a canary, running',
  aborted: 'a canary, aborted',
} as const;
const SHOWN_CHANGES = 3;

function statusInWords({ status, share }: HistoryEntry): string {
  return `${STATUS_WORDS[status]}${share === null ? '' : ` at ${shareText(share)}`}`;
}

/** Later entries matter less: where the page grows too long, the oldest go first. */
function historyEntry(entry: HistoryEntry, index: number): Part {
  const ended =
    entry.endedAt === null
      ? ''
      : ` ${moment(entry.endedAt)}${entry.endedBy === null ? '' : ` by ${mention(entry.endedBy)}`}, after ${duration(entry.endedAt.getTime() - entry.deployedAt.getTime())}`;
  const approvals = entry.approvals.slice(0, 5).map(({ by, role }) => `${mention(by)} (${escaped(role, 20)})`);
  const shown = entry.changes.slice(0, SHOWN_CHANGES).map((change) => `• ${escaped(change, 160)}`);
  const left = entry.changes.length - shown.length;
  return section(
    [
      `*${version(entry.version)}* in ${environment(entry.environment)}: ${statusInWords(entry)}${ended}`,
      `Deployed by ${mention(entry.deployedBy)} ${moment(entry.deployedAt)}${approvals.length === 0 ? '' : `, approved by ${inWords(approvals)}`}`,
      ...(entry.reason === null ? [] : [`“${escaped(entry.reason, 160)}”`]),
      ...shown,
      ...(left > 0 ? [`and ${left} more`] : []),
    ].join('\n'),
    IMPORTANCE.needed - index,
  );
}

/** `/towpath diff WORKFLOW A B`. @param wide the address of the comparison's page, where there is one */
export function diffAnswer(
  view: DiffView,
  asked: { workflow: string; from: string; to: string },
  wide: string | null = null,
): Answer {
  if (view.from?.id === view.to.id) return sameAnswer(view, asked);
  const from = view.from === null ? 'nothing' : version(view.from);
  const title = `${slug(view.workflow)}: ${from} → ${version(view.to)}`;
  return fitMessage(title, [
    section(`*${title}*`, IMPORTANCE.essential),
    risk(view.summary.risk),
    changes('What differs', view.summary),
    ...changesInEffect(view.inEffect?.environment ?? '', view.inEffect),
    ...buttons([button(FULL_DIFF, 'Full diff', asked), wideScreen(wide)]),
  ]);
}

/** The same version twice, which two names may hide: both environments run it, or a label is what the number is. */
function sameAnswer({ workflow, to }: DiffView, asked: { from: string; to: string }): Answer {
  const [from, also] = [asked.from, asked.to].map((word) => escaped(word, 60));
  const names = from === also ? `${from} is` : `${from} and ${also} are both`;
  return { text: `${names} ${version(to)} of ${slug(workflow)}, so nothing differs.` };
}

/** `/towpath roles` */
export function rolesAnswer({
  people,
  defaultRole,
  departments,
  slackAdminsStandIn,
}: Awaited<ReturnType<UseCases['listRoles']>>): Answer {
  const byRole = ['admin', 'lead', 'member', 'viewer'] as const;
  const lines = byRole.flatMap((role) => {
    const named = people.filter((person) => person.role === role);
    return named.length === 0
      ? []
      : [
          section(
            `*${role}*\n${named.slice(0, 100).map(roleLine).join('\n')}${named.length > 100 ? `\nand ${named.length - 100} more` : ''}`,
            IMPORTANCE.needed,
          ),
        ];
  });
  const notes = [
    `Everybody else is a ${escaped(defaultRole, 20)}.`,
    ...(slackAdminsStandIn ? ['Nobody is named admin, so the workspace’s own admins are.'] : []),
    ...(departments.length === 0
      ? []
      : [`Departments: ${inWords(departments.slice(0, 50).map((d) => escaped(d, 60)))}.`]),
  ];
  return fitMessage('Who may do what', [
    header('Who may do what'),
    ...lines,
    context(notes.join(' '), IMPORTANCE.essential),
  ]);
}

function roleLine(person: Awaited<ReturnType<UseCases['listRoles']>>['people'][number]): string {
  const where =
    person.departments.length === 0 ? '' : ` (${inWords(person.departments.slice(0, 10).map((d) => escaped(d, 60)))})`;
  const outside = person.standing === 'member' ? '' : `, ${escaped(person.standing, 20)}: looks only`;
  return `${mention(person.userId)}${where}${person.managedByFile ? ', by the configuration file' : ''}${outside}`;
}

/** `/towpath webhooks` */
export function webhooksAnswer({ items, cursor }: Awaited<ReturnType<UseCases['listWebhookDeliveries']>>): Answer {
  if (items.length === 0) return { text: 'No webhook delivery was given up.' };
  const more = cursor === null ? null : button(MORE_WEBHOOKS, 'More', { cursor });
  const parts = items.map((delivery) => {
    const last = delivery.lastAttempt;
    const why =
      last === null
        ? 'never attempted'
        : `${last.status === null ? escaped(last.error ?? 'no answer', 200) : `HTTP ${last.status}`} ${moment(last.at)}`;
    const text = `*${escaped(delivery.type, 60)}* to ${escaped(delivery.url, 200)}\nGiven up after ${delivery.attempts} ${delivery.attempts === 1 ? 'attempt' : 'attempts'}: ${why}`;
    return section(text, IMPORTANCE.needed, button(REDELIVER, 'Redeliver', { deliveryId: delivery.id }) ?? undefined);
  });
  return fitMessage('Webhook deliveries that were given up', [
    section('*Webhook deliveries that were given up*', IMPORTANCE.essential),
    ...parts,
    ...buttons([more]),
  ]);
}
