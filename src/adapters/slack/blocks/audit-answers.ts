import type { UseCases } from '../../../use-cases/use-cases.ts';
import { MORE_AUDIT } from '../actions/action-ids.ts';
import type { Answer } from '../answers/answer.ts';
import { button } from './button.ts';
import { fitMessage } from './fit-message.ts';
import { mention, moment, typed } from './mrkdwn.ts';
import { buttons, IMPORTANCE, section } from './parts.ts';
import { escaped } from './text.ts';

type Events = Awaited<ReturnType<UseCases['listAudit']>>;
export interface AuditAsked {
  workflow?: string;
  environment?: string;
}

/** `/towpath audit`: who did what to what, and by which token. What was there before and after, the API tells. */
export function auditAnswer({ items, cursor }: Events, asked: AuditAsked): Answer {
  if (items.length === 0)
    return { text: `Nothing of that kind was done. ${typed('/towpath audit')} shows everything.` };
  const more = cursor === null ? null : button(MORE_AUDIT, 'More', { before: cursor, ...asked });
  return fitMessage('Audit', [
    section('*Audit*, newest first', IMPORTANCE.essential),
    ...items.map((event) => section(eventLine(event), IMPORTANCE.needed)),
    ...buttons([more]),
  ]);
}

function eventLine({ at, actor, via, token, action, subject }: Events['items'][number]): string {
  const way = token === null ? via : `${via}, with ${escaped(token, 80)}`;
  const who = actor === via ? mention(actor) : `${mention(actor)} (${way})`;
  return `${moment(at)} ${who}: *${escaped(action, 80)}* ${escaped(subject, 120)}`;
}
